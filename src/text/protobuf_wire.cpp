#include "text/protobuf_wire.h"

#include <bit>

#include "base/error.h"

namespace albert::text {
namespace {

enum WireType : unsigned { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

void append_number(std::string& message, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) message += static_cast<char>(value | 0x80);
  message += static_cast<char>(value);
}

}  // namespace

bool WireReader::next() {
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

std::uint64_t WireReader::varint() const {
  expect(kVarint);
  return number_;
}

float WireReader::float32() const {
  expect(kFixed32);
  return std::bit_cast<float>(static_cast<std::uint32_t>(number_));
}

std::string_view WireReader::bytes() const {
  expect(kBytes);
  return bytes_;
}

std::uint64_t WireReader::read_varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const auto byte = static_cast<unsigned char>(take(1)[0]);
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
  throw ModelError("byte {}: a number of more than 64 bits", begin_);
}

std::string_view WireReader::take(std::uint64_t size) {
  if (size > message_.size() - position_) {
    throw ModelError("byte {}: field needs {} bytes, {} are left", begin_, size, message_.size() - position_);
  }
  const std::string_view taken = message_.substr(position_, size);
  position_ += size;
  return taken;
}

void WireReader::expect(unsigned wire_type) const {
  if (wire_type_ != wire_type) {
    throw ModelError("byte {}: field {} has wire type {}, expected {}", begin_, field_, wire_type_, wire_type);
  }
}

void append_field(std::string& message, std::uint32_t field, std::string_view bytes) {
  append_number(message, std::uint64_t{field} << 3 | kBytes);
  append_number(message, bytes.size());
  message += bytes;
}

void append_varint(std::string& message, std::uint32_t field, std::uint64_t value) {
  append_number(message, std::uint64_t{field} << 3 | kVarint);
  append_number(message, value);
}

void append_float32(std::string& message, std::uint32_t field, float value) {
  append_number(message, std::uint64_t{field} << 3 | kFixed32);
  const auto bits = std::bit_cast<std::uint32_t>(value);
  for (unsigned shift = 0; shift < 32; shift += 8) message += static_cast<char>(bits >> shift & 0xFF);
}

}  // namespace albert::text
