#include "train/tensorboard_writer.h"

#include <array>
#include <bit>
#include <chrono>
#include <concepts>

#include <unistd.h>

#include "base/error.h"

namespace albert::train {

namespace {

/// Table of CRC-32C (Castagnoli, reflected polynomial 0x82F63B78; RFC 3720 appendix B.4).
constexpr std::array<std::uint32_t, 256> make_crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? 0x82F63B78u : 0u);
    table[byte] = value;
  }
  return table;
}

std::uint32_t crc32c(std::string_view bytes) {
  static constexpr auto kTable = make_crc_table();
  std::uint32_t crc = ~0u;
  for (const char byte : bytes) crc = kTable[(crc ^ static_cast<unsigned char>(byte)) & 0xFF] ^ (crc >> 8);
  return ~crc;
}

template <std::unsigned_integral Number>
void append_fixed(std::string& out, Number value) {
  for (std::size_t i = 0; i < sizeof(value); ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

// The encoding of protocol buffers: a tag of field number and wire type, then the value.

void append_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>((value & 0x7F) | 0x80);
  out += static_cast<char>(value);
}

void append_tag(std::string& out, unsigned field, unsigned wire_type) {
  append_varint(out, field << 3 | wire_type);
}

void append_integer(std::string& out, unsigned field, std::int64_t value) {
  append_tag(out, field, 0);
  append_varint(out, static_cast<std::uint64_t>(value));
}

void append_double(std::string& out, unsigned field, double value) {
  append_tag(out, field, 1);
  append_fixed(out, std::bit_cast<std::uint64_t>(value));
}

void append_float(std::string& out, unsigned field, float value) {
  append_tag(out, field, 5);
  append_fixed(out, std::bit_cast<std::uint32_t>(value));
}

void append_bytes(std::string& out, unsigned field, std::string_view value) {
  append_tag(out, field, 2);
  append_varint(out, value.size());
  out += value;
}

double wall_time() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// An Event with its wall_time and step.
std::string event_at(std::int64_t step) {
  std::string event;
  append_double(event, 1, wall_time());
  append_integer(event, 2, step);
  return event;
}

std::filesystem::path new_file(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  // TensorBoard reads a folder's files in the order of their names; the process number tells two starts in one second
  // apart.
  return folder /
         fmt::format("events.out.tfevents.{:010}.albert.{}", static_cast<std::int64_t>(wall_time()), ::getpid());
}

}  // namespace

std::uint32_t masked_crc32c(std::string_view bytes) {
  const std::uint32_t crc = crc32c(bytes);
  return ((crc >> 15) | (crc << 17)) + 0xA282EAD8u;
}

TensorBoardWriter::TensorBoardWriter(const std::filesystem::path& folder, std::int64_t first_step)
    : file_(new_file(folder)) {
  std::string version = event_at(0);
  append_bytes(version, 3, "brain.Event:2");  // Event.file_version
  write_event(version);
  std::string session;
  append_integer(session, 1, 1);  // SessionLog.status = START
  std::string start = event_at(first_step);
  append_bytes(start, 7, session);  // Event.session_log
  write_event(start);
  file_.flush();
}

void TensorBoardWriter::write(std::int64_t step, std::string_view group, const metrics::Figures& figures) {
  std::string summary;
  for (const auto& [name, number] : figures) {
    std::string value;
    append_bytes(value, 1, fmt::format("{}/{}", group, name));  // Summary.Value.tag
    append_float(value, 2, static_cast<float>(number));         // Summary.Value.simple_value
    append_bytes(summary, 1, value);                            // Summary.value
  }
  std::string event = event_at(step);
  append_bytes(event, 5, summary);  // Event.summary
  write_event(event);
  file_.flush();
}

void TensorBoardWriter::write_event(std::string_view event) {
  std::string length;
  append_fixed(length, std::uint64_t{event.size()});
  std::string record = length;
  append_fixed(record, masked_crc32c(length));
  record += event;
  append_fixed(record, masked_crc32c(event));
  file_.write(record);
}

}  // namespace albert::train
