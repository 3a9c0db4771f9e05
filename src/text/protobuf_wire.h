#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace albert::text {

/// Walks over the fields of one serialised protobuf message. Debian ships SentencePiece without the header of its
/// ModelProto, and the few fields that matter here do not justify generated code. Format:
/// https://protobuf.dev/programming-guides/encoding
class WireReader {
 public:
  /// \param message must outlive the reader and every view taken from it
  explicit WireReader(std::string_view message) : message_(message) {}

  /// Goes to the next field; false at the end. Throws ModelError with the byte offset where the message is malformed.
  bool next();

  std::uint32_t field() const { return field_; }
  /// The value of a varint field. Throws ModelError if the field has another wire type; so do the others.
  std::uint64_t varint() const;
  float float32() const;
  std::string_view bytes() const;
  /// Tag and value as they stand in the message, to copy the field unchanged.
  std::string_view raw() const { return message_.substr(begin_, position_ - begin_); }

 private:
  std::uint64_t read_varint();
  std::string_view take(std::uint64_t size);
  void expect(unsigned wire_type) const;

  std::string_view message_;
  std::size_t position_ = 0;
  std::size_t begin_ = 0;
  std::uint32_t field_ = 0;
  unsigned wire_type_ = 0;
  std::uint64_t number_ = 0;
  std::string_view bytes_;
};

/// Append a field: length-delimited (string, bytes or message), a varint, a float.
void append_field(std::string& message, std::uint32_t field, std::string_view bytes);
void append_varint(std::string& message, std::uint32_t field, std::uint64_t value);
void append_float32(std::string& message, std::uint32_t field, float value);

}  // namespace albert::text
