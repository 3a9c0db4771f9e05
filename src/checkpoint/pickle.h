#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace albert::checkpoint {

/// A value of a pickle, Python's format for objects (Lib/pickletools.py), as far as files of tensors need it. Values
/// hold others by their numbers, so that no depth of nesting and no circle does any harm.
struct PickleValue {
  enum class Kind {
    kNone,
    kBool,     ///< `integer` is 0 or 1
    kInteger,  ///< of 64 bits
    kLong,     ///< a longer one; `text` has its bytes, little-endian
    kReal,
    kText,      ///< of characters or bytes
    kSequence,  ///< a tuple or a list
    kDict,      ///< `items` are keys and values, in turn
    kGlobal,    ///< a class or function by its name: "torch.FloatStorage"
    kStorage,   ///< `items` are those of its persistent id: "storage", class, key, place, number of elements ...
    kTensor,    ///< `items` are storage, offset, shape, stride ...
  };

  Kind kind = Kind::kNone;
  std::int64_t integer = 0;
  double real = 0;
  std::string text = {};
  std::vector<std::uint32_t> items = {};
};

/// A pickle that is read without Python. Nothing of it is ever run: the few classes and functions that tensors are
/// saved with are known by name, and every other one is refused, as is every opcode that makes objects in another way.
class Pickle {
 public:
  /// \param bytes may go on behind the pickle
  /// Throws ModelError, with the place of the byte, for what is no such pickle.
  explicit Pickle(std::span<const std::byte> bytes);

  const PickleValue& root() const { return values_[root_]; }
  const PickleValue& at(std::uint32_t number) const { return values_[number]; }
  /// Of the bytes, how many are the pickle.
  std::size_t size() const { return size_; }

 private:
  friend class Unpickler;

  std::vector<PickleValue> values_;
  std::uint32_t root_ = 0;
  std::size_t size_ = 0;
};

}  // namespace albert::checkpoint
