#include "checkpoint/pickle.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <unordered_map>
#include <utility>

#include "base/error.h"
#include "base/shown.h"
#include "checkpoint/pickle_bytes.h"
#include "checkpoint/pickle_names.h"

namespace albert::checkpoint {

namespace {

using Kind = PickleValue::Kind;

/// More are in no file of tensors: a model has thousands.
constexpr std::size_t kMaxValues = 8'000'000;

/// Of a persistent id: "storage", class, key, place, number of elements, and of what it is a part.
constexpr std::size_t kStorageItems = 6;
/// Of a tensor: storage, offset, shape, strides.
constexpr std::size_t kTensorItems = 4;

}  // namespace

/// Runs the opcodes of one pickle.
class Unpickler : private PickleBytes {
 public:
  Unpickler(std::span<const std::byte> bytes, Pickle& out) : PickleBytes(bytes), values_(out.values_) {}

  /// \return the number of the value that the pickle is
  std::uint32_t run() {
    for (;;) {
      const unsigned char opcode = take_opcode();
      if (opcode == '.') return pop();
      run(opcode);
    }
  }

  using PickleBytes::size;

 private:
  // ---- values ----

  /// What a value holds; a pickle may name one value often, and so make much of few bytes.
  void count_items(std::size_t count) {
    num_items_ += count;
    if (num_items_ > kMaxValues) fail("its values hold more than {} others; is it a file of tensors?", kMaxValues);
  }

  std::uint32_t add(PickleValue value) {
    count_items(value.items.size());
    if (values_.size() == kMaxValues) fail("it holds more than {} values; is it a file of tensors?", kMaxValues);
    values_.push_back(std::move(value));
    return static_cast<std::uint32_t>(values_.size() - 1);
  }

  void push(PickleValue value) { stack_.push_back(add(std::move(value))); }
  void push_integer(std::int64_t integer) { push({.kind = Kind::kInteger, .integer = integer}); }
  void push_text(std::string_view text) { push({.kind = Kind::kText, .text = std::string(text)}); }

  std::uint32_t pop() {
    if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) fail("expected a value on the stack, found none");
    const std::uint32_t number = stack_.back();
    stack_.pop_back();
    return number;
  }

  std::vector<std::uint32_t> pop_many(std::size_t count) {
    std::vector<std::uint32_t> numbers(count);
    for (std::size_t i = count; i > 0; --i) numbers[i - 1] = pop();
    return numbers;
  }

  std::vector<std::uint32_t> pop_to_mark() {
    if (marks_.empty()) fail("expected a mark on the stack, found none");
    const auto begin = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    std::vector<std::uint32_t> numbers(begin, stack_.end());
    stack_.erase(begin, stack_.end());
    marks_.pop_back();
    return numbers;
  }

  /// The value on top, which is added to.
  PickleValue& top(Kind kind, std::string_view what) {
    const std::uint32_t number = pop();
    stack_.push_back(number);
    if (values_[number].kind != kind) fail("expected {} to add to, found another value", what);
    return values_[number];
  }

  void remember(std::uint32_t number) {
    const std::uint32_t value = pop();
    stack_.push_back(value);
    memo_[number] = value;
  }

  void recall(std::uint32_t number) {
    const auto found = memo_.find(number);
    if (found == memo_.end()) fail("expected value {} of the memo, found none", number);
    stack_.push_back(found->second);
  }

  // ---- opcodes ----

  void run(unsigned char opcode) {
    if (!run_number(opcode) && !run_text(opcode) && !run_collection(opcode) && !run_memo(opcode) &&
        !run_object(opcode)) {
      fail("the opcode 0x{:02x} is none that tensors are saved with; the file is damaged or of another kind", opcode);
    }
  }

  bool run_number(unsigned char opcode) {
    switch (opcode) {
      case 'N':
        push({});
        return true;
      case 0x88:
      case 0x89:
        push({.kind = Kind::kBool, .integer = opcode == 0x88 ? 1 : 0});
        return true;
      case 'J':
        push_integer(take_number<std::int32_t>());
        return true;
      case 'K':
        push_integer(take_number<std::uint8_t>());
        return true;
      case 'M':
        push_integer(take_number<std::uint16_t>());
        return true;
      case 'I':
      case 'L':
        push_decimal(take_line());
        return true;
      case 0x8a:
        push_long(take(take_number<std::uint8_t>()));
        return true;
      case 'G':
        push({.kind = Kind::kReal, .real = std::bit_cast<double>(__builtin_bswap64(take_number<std::uint64_t>()))});
        return true;
      default:
        return false;
    }
  }

  void push_decimal(std::string_view digits) {
    if (digits == "00" || digits == "01") return push({.kind = Kind::kBool, .integer = digits == "01" ? 1 : 0});
    if (digits.ends_with('L')) digits.remove_suffix(1);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc() || end != digits.data() + digits.size())
      fail("expected a whole number, found {}", in_quotes(digits));
    push_integer(number);
  }

  void push_long(std::string_view bytes) {
    if (bytes.size() > sizeof(std::int64_t)) return push({.kind = Kind::kLong, .text = std::string(bytes)});
    std::uint64_t number = !bytes.empty() && (bytes.back() & 0x80) != 0 ? ~std::uint64_t{0} : 0;
    std::memcpy(&number, bytes.data(), bytes.size());
    push_integer(static_cast<std::int64_t>(number));
  }

  bool run_text(unsigned char opcode) {
    switch (opcode) {
      case 'X':
      case 'T':
      case 'B':
        push_text(take(take_number<std::uint32_t>()));
        return true;
      case 'U':
      case 'C':
      case 0x8c:
        push_text(take(take_number<std::uint8_t>()));
        return true;
      case 0x8d:
        push_text(take(take_number<std::uint64_t>()));
        return true;
      default:
        return false;
    }
  }

  bool run_collection(unsigned char opcode) {
    switch (opcode) {
      case '(':
        marks_.push_back(stack_.size());
        return true;
      case ')':
      case ']':
        push({.kind = Kind::kSequence});
        return true;
      case 't':
      case 'l':
        push({.kind = Kind::kSequence, .items = pop_to_mark()});
        return true;
      case 0x85:
      case 0x86:
      case 0x87:
        push({.kind = Kind::kSequence, .items = pop_many(opcode - 0x84U)});
        return true;
      case 'a':
        append({pop()}, Kind::kSequence, "a list");
        return true;
      case 'e':
        append(pop_to_mark(), Kind::kSequence, "a list");
        return true;
      case '}':
        push({.kind = Kind::kDict});
        return true;
      case 'd':
        push({.kind = Kind::kDict, .items = pairs(pop_to_mark())});
        return true;
      case 's':
        append(pop_many(2), Kind::kDict, "a dict");
        return true;
      case 'u':
        append(pairs(pop_to_mark()), Kind::kDict, "a dict");
        return true;
      default:
        return false;
    }
  }

  std::vector<std::uint32_t> pairs(std::vector<std::uint32_t> items) const {
    if (items.size() % 2 != 0) fail("expected keys with values, found a key alone");
    return items;
  }

  void append(const std::vector<std::uint32_t>& items, Kind kind, std::string_view what) {
    count_items(items.size());
    std::vector<std::uint32_t>& all = top(kind, what).items;
    all.insert(all.end(), items.begin(), items.end());
  }

  bool run_memo(unsigned char opcode) {
    switch (opcode) {
      case 'q':
        remember(take_number<std::uint8_t>());
        return true;
      case 'r':
        remember(take_number<std::uint32_t>());
        return true;
      case 0x94:
        remember(static_cast<std::uint32_t>(memo_.size()));
        return true;
      case 'h':
        recall(take_number<std::uint8_t>());
        return true;
      case 'j':
        recall(take_number<std::uint32_t>());
        return true;
      case '0':
        pop();
        return true;
      case 0x80:  // the protocol
        take(1);
        return true;
      case 0x95:  // a frame
        take(8);
        return true;
      default:
        return false;
    }
  }

  bool run_object(unsigned char opcode) {
    switch (opcode) {
      case 'c': {
        const std::string_view module = take_line();
        push_global(module, take_line());
        return true;
      }
      case 0x93: {
        const std::uint32_t name = pop();
        const std::uint32_t module = pop();
        push_global(std::string(text_of(module)), std::string(text_of(name)));
        return true;
      }
      case 'Q':
        push_storage(pop());
        return true;
      case 'R': {
        const std::uint32_t arguments = pop();
        call(pop(), arguments);
        return true;
      }
      case 'b':
        set_attributes(pop());
        return true;
      default:
        return false;
    }
  }

  std::string_view text_of(std::uint32_t number) const {
    if (values_[number].kind != Kind::kText) fail("expected a name, found another value");
    return values_[number].text;
  }

  void push_global(std::string_view module, std::string_view name) {
    std::string global = fmt::format("{}.{}", module, name);
    if (!is_known(global)) {
      fail(
          "it holds an object of {}, and only tensors are read; write the state dict alone: "
          "torch.save(MODEL.state_dict(), FILE)",
          in_quotes(global));
    }
    push({.kind = Kind::kGlobal, .text = std::move(global)});
  }

  void push_storage(std::uint32_t id) {
    const std::vector<std::uint32_t>& items = values_[id].items;
    const bool is_storage = values_[id].kind == Kind::kSequence && items.size() >= 5 &&
                            values_[items[0]].kind == Kind::kText && values_[items[0]].text == "storage";
    if (!is_storage) fail("expected the id of a storage, found another value");
    push({.kind = Kind::kStorage, .items = first(items, kStorageItems)});
  }

  void call(std::uint32_t function, std::uint32_t arguments) {
    if (values_[function].kind != Kind::kGlobal) fail("expected a function to call, found another value");
    if (values_[arguments].kind != Kind::kSequence) fail("expected the arguments of a function, found another value");
    const std::string_view name = values_[function].text;
    const std::vector<std::uint32_t>& items = values_[arguments].items;
    if (name == kOrderedDict) return push({.kind = Kind::kDict, .items = dict_of(items)});
    if (name == kRebuildTensor || name == kRebuildTensor2) {
      if (items.size() < 4)
        fail("{} takes a storage, an offset, a shape and strides, found {} values", name, items.size());
      return push({.kind = Kind::kTensor, .items = first(items, kTensorItems)});
    }
    if ((name == kRebuildParameter || name == kSize) && !items.empty()) return stack_.push_back(items.front());
    fail("{} is called with {} values, which makes no tensor", name, items.size());
  }

  static std::vector<std::uint32_t> first(const std::vector<std::uint32_t>& items, std::size_t count) {
    return {items.begin(), items.begin() + static_cast<std::ptrdiff_t>(std::min(count, items.size()))};
  }

  /// Of the arguments of OrderedDict: none, or one list of pairs.
  std::vector<std::uint32_t> dict_of(const std::vector<std::uint32_t>& arguments) const {
    std::vector<std::uint32_t> dict;
    if (arguments.empty()) return dict;
    for (const std::uint32_t pair : values_[arguments.front()].items) {
      if (dict.size() > kMaxValues) break;  // add() says so
      const std::vector<std::uint32_t>& items = values_[pair].items;
      if (items.size() != 2) fail("expected pairs of keys and values, found {} values", items.size());
      dict.insert(dict.end(), items.begin(), items.end());
    }
    return dict;
  }

  /// A dict may have attributes, such as the versions of modules, which tell nothing of tensors.
  void set_attributes(std::uint32_t attributes) {
    const bool is_dict = values_[attributes].kind == Kind::kDict;
    if (!is_dict) fail("expected a dict of attributes, found another value");
    top(Kind::kDict, "a dict");
  }

  std::vector<PickleValue>& values_;
  std::vector<std::uint32_t> stack_;
  std::vector<std::size_t> marks_;
  std::unordered_map<std::uint32_t, std::uint32_t> memo_;
  std::size_t num_items_ = 0;
};

Pickle::Pickle(std::span<const std::byte> bytes) {
  Unpickler unpickler(bytes, *this);
  root_ = unpickler.run();
  size_ = unpickler.size();
}

}  // namespace albert::checkpoint
