#include "checkpoint/torch_file.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/shown.h"
#include "checkpoint/pickle.h"
#include "checkpoint/zip.h"

namespace albert::checkpoint {

namespace {

using Kind = PickleValue::Kind;
using Bytes = std::span<const std::byte>;

constexpr std::string_view kZipMagic = "PK\x03\x04";
/// What the old form begins with: a pickle of protocol 2 with this number (torch/serialization.py, MAGIC_NUMBER).
constexpr std::string_view kOldMagic = "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
/// Dicts and lists within each other.
constexpr std::size_t kMaxDepth = 32;
/// Values on all ways to tensors: lists may hold one list twice, and that another one twice.
constexpr std::size_t kMaxVisits = 8'000'000;

std::string_view text_of(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::optional<DType> dtype_of(std::string_view storage) {
  constexpr std::array<std::pair<std::string_view, DType>, 9> kStorageTypes = {
      {{"torch.FloatStorage", DType::kFloat32},
       {"torch.HalfStorage", DType::kFloat16},
       {"torch.BFloat16Storage", DType::kBFloat16},
       {"torch.DoubleStorage", DType::kFloat64},
       {"torch.LongStorage", DType::kInt64},
       {"torch.IntStorage", DType::kInt32},
       {"torch.CharStorage", DType::kInt8},
       {"torch.ByteStorage", DType::kUInt8},
       {"torch.BoolStorage", DType::kBool}}};
  const auto* const found = std::ranges::find(kStorageTypes, storage, &std::pair<std::string_view, DType>::first);
  return found == kStorageTypes.end() ? std::nullopt : std::optional(found->second);
}

/// A storage as a pickle names it.
struct Storage {
  DType dtype = DType::kFloat32;
  std::string key;
  std::uint64_t num_elements = 0;
};

/// A tensor as a pickle describes it.
struct Described {
  TensorInfo info;
  Storage storage;
  std::uint64_t offset = 0;  ///< in elements
  std::vector<std::uint64_t> strides;
};

/// Whether elements lie one after the other, the last dimension's side by side.
bool lies_in_rows(const Described& tensor) {
  std::uint64_t expected = 1;
  for (std::size_t i = tensor.info.shape.size(); i-- > 0;) {
    const auto extent = static_cast<std::uint64_t>(tensor.info.shape[i]);
    if (extent > 1 && tensor.strides[i] != expected) return false;
    expected *= std::max<std::uint64_t>(extent, 1);
  }
  return true;
}

/// Finds the tensors of a pickle, with names made of the keys that lead to them.
class TensorFinder {
 public:
  explicit TensorFinder(const Pickle& pickle) : pickle_(pickle) {}

  std::vector<Described> find() {
    visit(pickle_.root(), "", 0);
    return std::move(tensors_);
  }

 private:
  void visit(const PickleValue& value, const std::string& name, std::size_t depth) {
    if (++num_visits_ > kMaxVisits) throw ModelError("its dicts and lists hold more than {} values", kMaxVisits);
    if (depth > kMaxDepth)
      throw ModelError("{}: dicts and lists lie deeper within each other than {}", in_quotes(name), kMaxDepth);
    if (value.kind == Kind::kTensor) return tensors_.push_back(describe(value, name));
    if (value.kind != Kind::kDict && value.kind != Kind::kSequence) return;
    if (!open_.insert(&value).second) throw ModelError("{}: it holds itself", in_quotes(name));
    const std::size_t step = value.kind == Kind::kDict ? 2 : 1;
    for (std::size_t i = 0; i < value.items.size(); i += step) {
      const std::string key = step == 2 ? key_of(pickle_.at(value.items[i])) : std::to_string(i);
      visit(pickle_.at(value.items[i + step - 1]), name.empty() ? key : fmt::format("{}.{}", name, key), depth + 1);
    }
    open_.erase(&value);
  }

  static std::string key_of(const PickleValue& key) {
    if (key.kind == Kind::kText) return key.text;
    if (key.kind == Kind::kInteger) return std::to_string(key.integer);
    return "?";
  }

  std::uint64_t count_of(std::uint32_t number, std::string_view what, std::string_view name) const {
    const PickleValue& value = pickle_.at(number);
    if (value.kind == Kind::kInteger && value.integer >= 0) return static_cast<std::uint64_t>(value.integer);
    throw ModelError("tensor {}: expected {} from 0 on, found another value", in_quotes(name), what);
  }

  std::vector<std::uint64_t> counts_of(std::uint32_t number, std::string_view what, std::string_view name) const {
    std::vector<std::uint64_t> counts;
    for (const std::uint32_t item : pickle_.at(number).items) counts.push_back(count_of(item, what, name));
    return counts;
  }

  Described describe(const PickleValue& tensor, const std::string& name) {
    constexpr std::size_t kMaxTensors = 1'000'000;
    if (tensors_.size() == kMaxTensors) throw ModelError("it holds more than {} tensors", kMaxTensors);
    Described described;
    described.storage = storage_of(pickle_.at(tensor.items[0]), name);
    described.offset = count_of(tensor.items[1], "an offset", name);
    described.info = {.name = name, .dtype = described.storage.dtype, .shape = {}};
    for (const std::uint64_t extent : counts_of(tensor.items[2], "a shape of whole numbers", name)) {
      described.info.shape.push_back(static_cast<std::int64_t>(extent));
    }
    described.strides = counts_of(tensor.items[3], "strides", name);
    if (described.strides.size() != described.info.shape.size()) {
      throw ModelError("tensor {}: expected a stride for each of {} dimensions, found {}", in_quotes(name),
                       described.info.shape.size(), described.strides.size());
    }
    return described;
  }

  Storage storage_of(const PickleValue& value, const std::string& name) const {
    if (value.kind != Kind::kStorage)
      throw ModelError("tensor {}: expected a storage, found another value", in_quotes(name));
    const PickleValue& type = pickle_.at(value.items[1]);
    const auto dtype = type.kind == Kind::kGlobal ? dtype_of(type.text) : std::nullopt;
    if (!dtype) throw ModelError("tensor {}: elements of {} are not read", in_quotes(name), in_quotes(type.text));
    const bool is_part = value.items.size() > 5 && pickle_.at(value.items[5]).kind != Kind::kNone;
    if (is_part) throw ModelError("tensor {}: a storage that is a part of another one is not read", in_quotes(name));
    return {*dtype, key_of(pickle_.at(value.items[2])), count_of(value.items[4], "a number of elements", name)};
  }

  const Pickle& pickle_;
  std::vector<Described> tensors_;
  std::set<const PickleValue*> open_;
  std::size_t num_visits_ = 0;
};

/// The storages of a file by their keys.
using Storages = std::map<std::string, Bytes, std::less<>>;

}  // namespace

/// Fills one object.
class TorchFileReader {
 public:
  explicit TorchFileReader(TorchFile& file) : file_(file) {}

  void read() {
    const Bytes bytes = file_.file_.bytes();
    if (text_of(bytes).starts_with(kZipMagic)) return read_zip_form(bytes);
    read_old_form(bytes);
  }

 private:
  void read_zip_form(Bytes bytes) {
    constexpr std::string_view kPickle = "/data.pkl";
    const std::vector<ZipEntry> entries = read_zip(bytes, file_.path());
    const auto pickle =
        std::ranges::find_if(entries, [&](const ZipEntry& entry) { return entry.name.ends_with(kPickle); });
    if (pickle == entries.end())
      throw ModelError("expected a file that torch.save wrote, found a zip archive without data.pkl");
    const std::string folder = pickle->name.substr(0, pickle->name.size() - kPickle.size());
    Storages storages;
    for (const ZipEntry& entry : entries) {
      const std::string data = folder + "/data/";
      if (entry.name.starts_with(data)) storages.emplace(entry.name.substr(data.size()), entry.bytes);
      if (entry.name == folder + "/byteorder" && text_of(entry.bytes) != "little") refuse_byte_order();
    }
    add_all(TensorFinder(Pickle(pickle->bytes)).find(), storages);
  }

  /// Five pickles: a number, a version, facts about the machine, the object, the keys of its storages; then the storages,
  /// each with its number of elements before it.
  void read_old_form(Bytes bytes) {
    const auto next = [&bytes] {
      Pickle pickle(bytes);
      bytes = bytes.subspan(pickle.size());
      return pickle;
    };
    const Pickle magic = next();
    if (magic.root().kind != Kind::kLong || magic.root().text != kOldMagic) {
      throw ModelError("expected a file that torch.save wrote, found another pickle");
    }
    next();
    check_machine(next());
    const std::vector<Described> tensors = TensorFinder(next()).find();
    const Pickle keys = next();
    add_all(tensors, read_storages(keys, tensors, bytes));
  }

  [[noreturn]] static void refuse_byte_order() {
    throw ModelError("its numbers are big-endian; write it anew on another machine");
  }

  static void check_machine(const Pickle& machine) {
    const PickleValue& facts = machine.root();
    for (std::size_t i = 0; facts.kind == Kind::kDict && i < facts.items.size(); i += 2) {
      const bool is_little = machine.at(facts.items[i]).text == "little_endian";
      if (is_little && machine.at(facts.items[i + 1]).integer == 0) refuse_byte_order();
    }
  }

  static Storages read_storages(const Pickle& keys, const std::vector<Described>& tensors, Bytes bytes) {
    std::map<std::string, DType> types;
    for (const Described& tensor : tensors) types.emplace(tensor.storage.key, tensor.storage.dtype);
    Storages storages;
    for (const std::uint32_t item : keys.root().items) {
      const std::string& key = keys.at(item).text;
      const auto type = types.find(key);
      std::uint64_t count = 0;
      if (type == types.end()) throw ModelError("storage {}: no tensor tells of what type it is", in_quotes(key));
      if (bytes.size() < sizeof count)
        throw ModelError("storage {}: expected its size, found the end; the file is cut off", in_quotes(key));
      std::memcpy(&count, bytes.data(), sizeof count);
      bytes = bytes.subspan(sizeof count);
      if (count > bytes.size() / size_bytes(type->second)) {
        throw ModelError("storage {}: expected {} elements, found {} bytes to the end; the file is cut off",
                         in_quotes(key), count, bytes.size());
      }
      storages.emplace(key, bytes.first(count * size_bytes(type->second)));
      bytes = bytes.subspan(count * size_bytes(type->second));
    }
    return storages;
  }

  void add_all(const std::vector<Described>& tensors, const Storages& storages) {
    for (const Described& tensor : tensors) {
      const auto storage = storages.find(tensor.storage.key);
      if (storage == storages.end()) {
        throw ModelError("tensor {}: its storage {} is missing", in_quotes(tensor.info.name),
                         in_quotes(tensor.storage.key));
      }
      add(tensor, storage->second);
    }
  }

  void add(const Described& tensor, Bytes storage) {
    const std::size_t element = size_bytes(tensor.info.dtype);
    if (storage.size() / element < tensor.storage.num_elements) {
      throw ModelError("tensor {}: expected {} elements in its storage, found {} bytes", in_quotes(tensor.info.name),
                       tensor.storage.num_elements, storage.size());
    }
    check_reach(tensor, storage.size() / element);
    const std::uint64_t size = tensor.info.size_bytes();
    Bytes bytes = size == 0 ? Bytes() : storage.subspan(tensor.offset * element);
    if (lies_in_rows(tensor)) {
      bytes = bytes.first(size);
    } else {
      check_copy(tensor, size, storage.size());
      bytes = copy(tensor, bytes, element, size);
    }
    file_.tensors_.push_back({tensor.info, bytes});
  }

  /// Throws if an element lies behind the storage.
  static void check_reach(const Described& tensor, std::uint64_t num_elements) {
    if (tensor.info.size_bytes() == 0) return;
    std::uint64_t last = tensor.offset;
    for (std::size_t i = 0; i < tensor.strides.size(); ++i) {
      std::uint64_t reach = 0;
      const bool is_beyond =
          __builtin_mul_overflow(static_cast<std::uint64_t>(tensor.info.shape[i] - 1), tensor.strides[i], &reach) ||
          __builtin_add_overflow(last, reach, &last);
      if (is_beyond) last = num_elements;
      if (last >= num_elements) break;
    }
    if (last < num_elements) return;
    throw ModelError("tensor {}: it reaches behind the {} elements of its storage", in_quotes(tensor.info.name),
                     num_elements);
  }

  /// Few bytes may be named by many tensors, or many times by one.
  void check_copy(const Described& tensor, std::uint64_t size, std::uint64_t storage_size) {
    constexpr std::uint64_t kMostCopies = 4;
    num_copied_ += size;
    if (size <= storage_size && num_copied_ <= kMostCopies * file_.file_.bytes().size()) return;
    throw ModelError("tensor {}: it repeats elements of its storage; write a contiguous copy (TENSOR.contiguous())",
                     in_quotes(tensor.info.name));
  }

  /// The elements in rows.
  Bytes copy(const Described& tensor, Bytes from, std::size_t element, std::uint64_t size) {
    std::string& rows = file_.copies_.emplace_back(size, '\0');
    std::vector<std::int64_t> place(tensor.strides.size(), 0);
    std::uint64_t source = 0;
    for (std::uint64_t at = 0; at < size; at += element) {
      std::memcpy(rows.data() + at, from.data() + source * element, element);
      for (std::size_t i = place.size(); i-- > 0;) {
        source += tensor.strides[i];
        if (++place[i] < tensor.info.shape[i]) break;
        source -= tensor.strides[i] * static_cast<std::uint64_t>(tensor.info.shape[i]);
        place[i] = 0;
      }
    }
    return {reinterpret_cast<const std::byte*>(rows.data()), rows.size()};
  }

  TorchFile& file_;
  std::uint64_t num_copied_ = 0;
};

TorchFile::TorchFile(const std::filesystem::path& path) : file_(path) {
  try {
    TorchFileReader(*this).read();
  } catch (const ModelError& error) {
    const std::string place = path.string();
    if (std::string_view(error.what()).starts_with(place)) throw;
    throw ModelError("{}: {}", place, error.what());
  }
}

bool is_torch_file(const std::filesystem::path& path) {
  const MappedFile file(path);
  const std::string_view text = file.text();
  return text.starts_with(kZipMagic) ||
         (text.starts_with("\x80") && text.substr(0, 32).find(kOldMagic) != std::string_view::npos);
}

}  // namespace albert::checkpoint
