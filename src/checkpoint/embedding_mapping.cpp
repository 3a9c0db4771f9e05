#include "checkpoint/embedding_mapping.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "base/error.h"
#include "checkpoint/tensorflow_names.h"
#include "checkpoint/weight_names.h"

namespace albert::checkpoint {

namespace {

constexpr std::string_view kMappingWeight = "albert.encoder.embedding_hidden_mapping_in.weight";
constexpr std::string_view kMappingBias = "albert.encoder.embedding_hidden_mapping_in.bias";
constexpr std::string_view kQuery = "albert.encoder.albert_layer_groups.0.albert_layers.0.attention.query.weight";
/// The product is larger than the word embeddings by H / E, which is 32 in the largest model.
constexpr std::int64_t kMostExpansion = 64;

std::vector<double> numbers_of(const StoredTensor& tensor) {
  std::vector<float> numbers(tensor.bytes.size() / sizeof(float));
  std::memcpy(numbers.data(), tensor.bytes.data(), tensor.bytes.size());
  return {numbers.begin(), numbers.end()};
}

/// Adds a row of a matrix, times a factor, to a row of sums.
template <std::size_t kSize>
void add_row(const double* row, double factor, std::array<double, kSize>& sums) {
  for (std::size_t i = 0; i < kSize; ++i) sums[i] += factor * row[i];
}

/// The product of two matrices that are not empty, as bytes; sums are of 64 bits. Some columns at once stay in registers.
std::string multiply(const StoredTensor& left, const StoredTensor& right) {
  constexpr std::size_t kColumns = 16;
  const auto inner = static_cast<std::size_t>(right.shape[0]);
  const auto width = static_cast<std::size_t>(right.shape[1]);
  std::vector<double> factors = numbers_of(right);
  factors.resize(factors.size() + kColumns);  // what the last columns read behind a row, in vain
  std::string product(static_cast<std::size_t>(left.shape[0]) * width * sizeof(float), '\0');
  std::vector<float> row(inner);
  for (std::size_t i = 0; i < static_cast<std::size_t>(left.shape[0]); ++i) {
    std::memcpy(row.data(), left.bytes.data() + i * inner * sizeof(float), inner * sizeof(float));
    for (std::size_t j = 0; j < width; j += kColumns) {
      std::array<double, kColumns> sums{};
      for (std::size_t k = 0; k < inner; ++k) add_row(factors.data() + k * width + j, double{row[k]}, sums);
      for (std::size_t c = 0; c < std::min(kColumns, width - j); ++c) {
        const auto number = static_cast<float>(sums[c]);
        std::memcpy(product.data() + (i * width + j + c) * sizeof number, &number, sizeof number);
      }
    }
  }
  return product;
}

class Mapping {
 public:
  Mapping(std::vector<StoredTensor>& tensors, std::deque<std::string>& copies) : tensors_(tensors), copies_(copies) {}

  std::vector<std::string> complete() {
    if (find(kProjection) != tensors_.end()) project_words();
    if (has_no_mapping()) add_identity();
    return std::move(notes_);
  }

 private:
  using Place = std::vector<StoredTensor>::iterator;

  Place find(std::string_view name) { return std::ranges::find(tensors_, name, &StoredTensor::name); }

  void project_words() {
    const auto words = find(kWordEmbeddings);
    const auto projection = find(kProjection);
    if (words == tensors_.end()) throw ModelError("expected word embeddings beside {}, found none", kProjection);
    check_factors(*words, *projection);
    const std::string note = fmt::format(
        "the word embeddings {} are multiplied by their projection {}: albert_zh adds positions and segments behind "
        "the projection, as an ALBERT does whose embedding_size is its hidden_size; config.json needs embedding_size "
        "{}",
        words->describe(), projection->describe(), projection->shape[1]);
    const std::string& product = copies_.emplace_back(multiply(*words, *projection));
    notes_.push_back(note);
    words->shape[1] = projection->shape[1];
    words->bytes = std::as_bytes(std::span(product));
    tensors_.erase(projection);
  }

  static void check_factors(const StoredTensor& words, const StoredTensor& projection) {
    const auto is_matrix = [](const StoredTensor& tensor) {
      return tensor.dtype == DType::kFloat32 && tensor.shape.size() == 2 && !tensor.bytes.empty();
    };
    const bool fit = is_matrix(words) && is_matrix(projection) && words.shape[1] == projection.shape[0] &&
                     projection.shape[1] <= kMostExpansion * words.shape[1];
    if (fit) return;
    throw ModelError(
        "expected word embeddings F32 [V, E] and {} F32 [E, H], where none is 0 and H is at most {} E; found {} and {}",
        kProjection, kMostExpansion, words.describe(), projection.describe());
  }

  /// Whether words enter the layers as wide as they are.
  bool has_no_mapping() {
    const auto words = find(kWordEmbeddings);
    const auto query = find(kQuery);
    if (words == tensors_.end() || query == tensors_.end()) return false;
    if (find(kMappingWeight) != tensors_.end() || find(kMappingBias) != tensors_.end()) return false;
    return words->dtype == DType::kFloat32 && query->dtype == DType::kFloat32 && words->shape.size() == 2 &&
           query->shape == std::vector{words->shape[1], words->shape[1]};
  }

  void add_identity() {
    const std::int64_t width = find(kWordEmbeddings)->shape[1];
    const auto size = static_cast<std::size_t>(width);
    std::string& weight = copies_.emplace_back(size * size * sizeof(float), '\0');  // as large as that of the query
    const float one = 1;
    for (std::size_t i = 0; i < size; ++i) {
      std::memcpy(weight.data() + i * (size + 1) * sizeof one, &one, sizeof one);
    }
    std::string& bias = copies_.emplace_back(size * sizeof(float), '\0');
    add(kMappingWeight, {width, width}, weight);
    add(kMappingBias, {width}, bias);
    notes_.push_back(
        fmt::format("embedding_hidden_mapping_in is the identity with a bias of zeros: the checkpoint has none, its "
                    "embeddings of {} "
                    "numbers enter the layers as they are",
                    width));
  }

  void add(std::string_view name, std::vector<std::int64_t> shape, const std::string& content) {
    StoredTensor tensor;
    tensor.name = name;
    tensor.shape = std::move(shape);
    tensor.bytes = std::as_bytes(std::span(content));
    tensors_.push_back(std::move(tensor));
  }

  std::vector<StoredTensor>& tensors_;
  std::deque<std::string>& copies_;
  std::vector<std::string> notes_;
};

}  // namespace

std::vector<std::string> complete_mapping(std::vector<StoredTensor>& tensors, std::deque<std::string>& copies) {
  return Mapping(tensors, copies).complete();
}

}  // namespace albert::checkpoint
