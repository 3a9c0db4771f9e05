#include "interop/torch_export_file.h"

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include "base/file.h"
#include "base/little_endian.h"
#include "interop/zip_writer.h"

namespace albert::interop {

namespace {

using nlohmann::ordered_json;

constexpr const char* kRoot = "albert/";

std::string_view view(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string as_bytes(const std::vector<std::int64_t>& values) {
  std::string bytes;
  for (const std::int64_t value : values) append_little_endian(bytes, static_cast<std::uint64_t>(value));
  return bytes;
}

/// Opcodes of a pickle, protocol 2 (Python's pickletools).
class Pickler {
 public:
  Pickler& mark() { return add("("); }
  Pickler& tuple() { return add("t"); }
  Pickler& global(std::string_view name) { return add(fmt::format("c{}\n", name)); }
  Pickler& text(std::string_view value) {
    add("X");
    append_little_endian(bytes_, static_cast<std::uint32_t>(value.size()));
    return add(value);
  }
  Pickler& integer(std::int64_t value) {
    add("J");
    append_little_endian(bytes_, static_cast<std::uint32_t>(value));
    return *this;
  }
  Pickler& add(std::string_view opcodes) {
    bytes_ += opcodes;
    return *this;
  }
  Pickler& integers(const std::vector<std::int64_t>& values) {
    mark();
    for (const std::int64_t value : values) integer(value);
    return tuple();
  }

  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_ = std::string("\x80\x02");
};

std::vector<std::int64_t> strides_of(const std::vector<std::int64_t>& shape) {
  std::vector<std::int64_t> strides(shape.size(), 1);
  for (std::size_t i = shape.size(); i-- > 1;) strides[i - 1] = strides[i] * shape[i];
  return strides;
}

/// ((tensor, ...), {}) as torch.save pickles it, the storages being files beside it.
std::string pickle_of(std::span<const SampleInput> sample) {
  Pickler pickle;
  pickle.mark().mark();
  for (std::size_t i = 0; i < sample.size(); ++i) {
    pickle.global("torch._utils\n_rebuild_tensor_v2").mark();
    pickle.mark().text("storage").global("torch\nLongStorage").text(std::to_string(i)).text("cpu");
    pickle.integer(static_cast<std::int64_t>(sample[i].values.size())).tuple().add("Q");  // a persistent id
    pickle.integer(0).integers(sample[i].shape).integers(strides_of(sample[i].shape));
    pickle.add("\x89");  // no gradient
    pickle.global("collections\nOrderedDict").add(")R").tuple().add("R");
  }
  return pickle.tuple().add("}").tuple().add(".").bytes();
}

/// The archive inside of the archive that torch.save makes.
std::string torch_save(std::span<const SampleInput> sample) {
  std::string archive;
  ZipWriter zip([&](std::string_view bytes) { archive += bytes; });
  zip.add("archive/data.pkl", pickle_of(sample));
  zip.add("archive/byteorder", "little");
  for (std::size_t i = 0; i < sample.size(); ++i)
    zip.add(fmt::format("archive/data/{}", i), as_bytes(sample[i].values));
  zip.add("archive/version", "3\n");
  zip.finish();
  return archive;
}

}  // namespace

void write_torch_export(const std::filesystem::path& path, std::string_view model_json,
                        std::span<const ExportedTensor> tensors, std::span<const SampleInput> sample) {
  FileWriter file(path);
  ZipWriter zip([&](std::string_view bytes) { file.write(bytes); });
  const auto add = [&](const std::string& name, std::string_view bytes) { zip.add(kRoot + name, bytes); };
  add("archive_format", "pt2");
  add("archive_version", "0");
  add(".data/version", "6\n");
  add("byteorder", "little");
  add("models/model.json", model_json);
  ordered_json weights = ordered_json::object();
  for (const ExportedTensor& tensor : tensors) {
    const std::string place = fmt::format("weight_{}", weights.size());
    add("data/weights/" + place, view(tensor.bytes));
    weights[tensor.name] = {{"path_name", place},
                            {"is_param", tensor.is_parameter},
                            {"use_pickle", false},
                            {"tensor_meta", ordered_json::parse(tensor.metadata)}};
  }
  add("data/weights/model_weights_config.json", ordered_json{{"config", weights}}.dump());
  add("data/constants/model_constants_config.json", R"({"config": {}})");
  add("data/sample_inputs/model.pt", torch_save(sample));
  zip.finish();
  file.close();
}

}  // namespace albert::interop
