#include "base/protobuf.h"

#include <bit>

#include "base/error.h"
#include "base/little_endian.h"

namespace albert {

namespace {

enum WireType : unsigned { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

void append_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

void append_tag(std::string& out, std::uint32_t field, WireType type) {
  append_varint(out, std::uint64_t{field} << 3 | type);
}

}  // namespace

bool ProtobufReader::next() {
  if (position_ == message_.size()) return false;
  begin_ = position_;
  const std::uint64_t tag = read_varint();
  field_ = static_cast<std::uint32_t>(tag >> 3);
  wire_type_ = static_cast<unsigned>(tag & 7);
  switch (wire_type_) {
    case kVarint:
      number_ = read_varint();
      return true;
    case kFixed64:
      number_ = little_endian(take(8));
      return true;
    case kBytes:
      bytes_ = take(read_varint());
      return true;
    case kFixed32:
      number_ = little_endian(take(4));
      return true;
    default:
      throw ModelError("byte {}: no protobuf field can have wire type {}", begin_, wire_type_);
  }
}

std::uint64_t ProtobufReader::varint() const {
  expect(kVarint);
  return number_;
}

float ProtobufReader::float32() const {
  return std::bit_cast<float>(fixed32());
}

std::uint32_t ProtobufReader::fixed32() const {
  expect(kFixed32);
  return static_cast<std::uint32_t>(number_);
}

std::string_view ProtobufReader::bytes() const {
  expect(kBytes);
  return bytes_;
}

std::uint64_t ProtobufReader::read_varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const auto byte = static_cast<unsigned char>(take(1)[0]);
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
  throw ModelError("byte {}: a number of more than 64 bits", begin_);
}

std::string_view ProtobufReader::take(std::uint64_t size) {
  if (size > message_.size() - position_) {
    throw ModelError("byte {}: field needs {} bytes, {} are left", begin_, size, message_.size() - position_);
  }
  const std::string_view taken = message_.substr(position_, size);
  position_ += size;
  return taken;
}

void ProtobufReader::expect(unsigned wire_type) const {
  if (wire_type_ != wire_type) {
    throw ModelError("byte {}: field {} has wire type {}, expected {}", begin_, field_, wire_type_, wire_type);
  }
}

void ProtobufWriter::add_varint(std::uint32_t field, std::uint64_t value) {
  append_tag(bytes_, field, kVarint);
  append_varint(bytes_, value);
}

void ProtobufWriter::add_float(std::uint32_t field, float value) {
  append_tag(bytes_, field, kFixed32);
  append_little_endian(bytes_, std::bit_cast<std::uint32_t>(value));
}

void ProtobufWriter::add_double(std::uint32_t field, double value) {
  append_tag(bytes_, field, kFixed64);
  append_little_endian(bytes_, std::bit_cast<std::uint64_t>(value));
}

void ProtobufWriter::begin_bytes(std::uint32_t field, std::uint64_t size) {
  append_tag(bytes_, field, kBytes);
  append_varint(bytes_, size);
}

void ProtobufWriter::add_bytes(std::uint32_t field, std::string_view value) {
  begin_bytes(field, value.size());
  bytes_ += value;
}

}  // namespace albert
