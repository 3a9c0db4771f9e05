#include "train/tensorboard_writer.h"

#include <chrono>

#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include "base/checksum.h"
#include "base/little_endian.h"
#include "base/protobuf.h"

namespace albert::train {

namespace {

double wall_time() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// An Event with its wall_time and step.
ProtobufWriter event_at(std::int64_t step) {
  ProtobufWriter event;
  event.add_double(1, wall_time());
  event.add_integer(2, step);
  return event;
}

std::filesystem::path new_file(const std::filesystem::path& folder) {
  make_folder(folder);
  // TensorBoard reads a folder's files in the order of their names. What follows the time tells apart those that begin
  // in one second.
  std::filesystem::path file =
      folder / fmt::format("events.out.tfevents.{:010}.albert.{}", static_cast<std::int64_t>(wall_time()), ::getpid());
  while (std::filesystem::exists(file)) file += "+";
  return file;
}

}  // namespace

TensorBoardWriter::TensorBoardWriter(const std::filesystem::path& folder, std::int64_t first_step)
    : file_(new_file(folder)) {
  ProtobufWriter version = event_at(0);
  version.add_bytes(3, "brain.Event:2");  // Event.file_version
  write_event(version.bytes());
  ProtobufWriter session;
  session.add_integer(1, 1);  // SessionLog.status = START
  ProtobufWriter start = event_at(first_step);
  start.add_message(7, session);  // Event.session_log
  write_event(start.bytes());
  file_.flush();
}

void TensorBoardWriter::write(std::int64_t step, std::string_view group, const metrics::Figures& figures) {
  ProtobufWriter summary;
  for (const auto& [name, number] : figures) {
    ProtobufWriter value;
    value.add_bytes(1, fmt::format("{}/{}", group, name));  // Summary.Value.tag
    value.add_float(2, static_cast<float>(number));         // Summary.Value.simple_value
    summary.add_message(1, value);                          // Summary.value
  }
  ProtobufWriter event = event_at(step);
  event.add_message(5, summary);  // Event.summary
  write_event(event.bytes());
  file_.flush();
}

void TensorBoardWriter::write_event(std::string_view event) {
  std::string length;
  append_little_endian(length, std::uint64_t{event.size()});
  std::string record = length;
  append_little_endian(record, masked_crc32c(length));
  record += event;
  append_little_endian(record, masked_crc32c(event));
  file_.write(record);
}

}  // namespace albert::train
