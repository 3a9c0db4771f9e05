#include "base/protobuf.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace albert {
namespace {

using namespace std::string_literals;

// The examples of https://protobuf.dev/programming-guides/encoding, and fields of fixed size after IEEE 754.
TEST(ProtobufWriter, KnownBytes) {
  ProtobufWriter message;
  message.add_integer(1, 150);
  EXPECT_EQ(message.bytes(), "\x08\x96\x01");
  message.add_bytes(2, "testing");
  EXPECT_EQ(message.bytes(), "\x08\x96\x01\x12\x07testing");
  ProtobufWriter outer;
  ProtobufWriter inner;
  inner.add_integer(1, 150);
  outer.add_message(3, inner);
  EXPECT_EQ(outer.bytes(), "\x1a\x03\x08\x96\x01");
  ProtobufWriter numbers;
  numbers.add_integer(1, -2);
  numbers.add_float(2, 1.0F);
  numbers.add_double(16, -2.0);
  EXPECT_EQ(numbers.bytes(), "\x08\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01\x15\0\0\x80\x3f\x81\x01\0\0\0\0\0\0\0\xc0"s);
}

TEST(ProtobufReader, ReadsWhatIsWritten) {
  ProtobufWriter message;
  message.add_integer(7, 300);
  message.add_bytes(2, "abc");
  message.add_float(2, -2.5F);
  ProtobufReader reader(message.bytes());
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.field(), 7u);
  EXPECT_EQ(reader.varint(), 300u);
  EXPECT_THROW(reader.bytes(), ModelError);
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.bytes(), "abc");
  EXPECT_EQ(reader.raw(),
            "\x12\x03"
            "abc");
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.float32(), -2.5F);
  EXPECT_EQ(reader.fixed32(), 0xC0200000u);
  EXPECT_FALSE(reader.next());
}

void read_all(std::string_view message) {
  ProtobufReader reader(message);
  while (reader.next()) {
  }
}

TEST(ProtobufReader, RefusesRubbish) {
  for (const std::string broken : {"\x0a\x05"
                                   "abc",
                                   "\x08", "\x0b", "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"}) {
    EXPECT_THROW(read_all(broken), ModelError);
  }
}

}  // namespace
}  // namespace albert
