#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// Protobuf messages without a schema: the few fields that matter here do not justify generated code, and Debian ships
/// SentencePiece without the header of its ModelProto. Format: https://protobuf.dev/programming-guides/encoding
namespace albert {

/// Walks over the fields of one serialised message.
class ProtobufReader {
 public:
  /// \param message must outlive the reader and every view taken from it
  explicit ProtobufReader(std::string_view message) : message_(message) {}

  /// Goes to the next field; false at the end.
  /// Throws ModelError with the byte offset where the message is malformed.
  bool next();

  std::uint32_t field() const { return field_; }
  /// The value of a varint field.
  /// Throws ModelError if the field has another wire type; so do the others.
  std::uint64_t varint() const;
  float float32() const;
  std::uint32_t fixed32() const;
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

/// One message under construction; its fields follow each other in the order of the calls.
class ProtobufWriter {
 public:
  /// A field of an integer type or of an enumeration, as a varint.
  template <std::integral Number>
  void add_integer(std::uint32_t field, Number value) {
    add_varint(field, static_cast<std::uint64_t>(value));
  }
  void add_float(std::uint32_t field, float value);
  void add_double(std::uint32_t field, double value);
  /// A field of type string or bytes.
  void add_bytes(std::uint32_t field, std::string_view value);
  /// Tag and length of such a field whose `size` bytes the caller writes behind the message.
  void begin_bytes(std::uint32_t field, std::uint64_t size);
  void add_message(std::uint32_t field, const ProtobufWriter& message) { add_bytes(field, message.bytes()); }
  /// Fields as ProtobufReader::raw() gives them.
  void add_raw(std::string_view fields) { bytes_ += fields; }

  const std::string& bytes() const { return bytes_; }

 private:
  void add_varint(std::uint32_t field, std::uint64_t value);

  std::string bytes_;
};

}  // namespace albert
