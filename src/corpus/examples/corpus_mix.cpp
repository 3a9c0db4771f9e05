#include "corpus/examples/corpus_mix.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <utility>

#include <spdlog/fmt/fmt.h>

#include "base/checksum.h"
#include "base/error.h"
#include "base/random.h"
#include "base/utf8.h"
#include "corpus/examples/mixed_examples.h"
#include "corpus/store/manifest.h"

namespace albert::corpus {

namespace {

/// What the random numbers of each corpus are for, beside the purposes in examples.cpp.
constexpr std::uint64_t kCorpusOfMix = 0xA1BE'0005;

/// Weights are multiples of one component in so many.
constexpr double kWeightUnits = 1e12;

/// What figures begin with. The name of a corpus stands before "loss" and before them, and does not end in one of them.
constexpr std::array<std::string_view, 3> kWordsOfFigures{"mlm", "sop", "constant_guess"};

bool ends_as_figure(std::string_view name) {
  return std::ranges::any_of(kWordsOfFigures, [&](std::string_view word) {
    return name == word || (name.ends_with(word) && name[name.size() - word.size() - 1] == '_');
  });
}

std::string folder_name(const std::filesystem::path& folder) {
  const fs::path path = folder.has_filename() ? folder : folder.parent_path();
  std::string name = path.filename().string();
  const bool is_text = is_utf8(name);
  for (char& c : name) {
    const bool is_kept =
        is_ascii(c) ? std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' || c == '_' : is_text;
    if (!is_kept) c = '_';
  }
  return name.empty() ? "corpus" : name;
}

/// Appends its place to each name that is not the only one of its kind, until all differ.
void make_unique(std::vector<CorpusMix::Component>& components) {
  const auto is_taken = [&](const std::string& name) {
    return ends_as_figure(name) || std::ranges::count(components, name, &CorpusMix::Component::name) > 1;
  };
  for (bool is_changed = true; is_changed;) {
    is_changed = false;
    std::vector<std::size_t> taken;
    for (std::size_t i = 0; i < components.size(); ++i) {
      if (is_taken(components[i].name)) taken.push_back(i);
    }
    for (const std::size_t i : taken) {
      components[i].name += fmt::format("_{}", i + 1);
      is_changed = true;
    }
  }
}

void require_one_tokenizer(const Corpus& first, const Corpus& other) {
  const std::string& expected = first.manifest().tokenizer_fingerprint;
  const std::string& found = other.manifest().tokenizer_fingerprint;
  if (expected == found) return;
  throw DataError(
      "{} was encoded with another tokenizer than {}: expected the fingerprint {}, found {}; build it again with "
      "--tokenizer {}",
      other.folder().string(), first.folder().string(), expected, found, first.tokenizer_folder().string());
}

}  // namespace

void CorpusChoice::fields(config::Fields& f) {
  f("corpus", corpus, "folder made by `albert corpus build`");
  f("weight", weight,
    "share of the examples (sequences, not tokens) of an epoch, in proportion to the other weights; null for all: "
    "sampling_temperature decides",
    config::positive());
}

CorpusMix::CorpusMix(std::shared_ptr<const Corpus> corpus) {
  std::string name = folder_name(corpus->folder());
  components_.push_back({.corpus = std::move(corpus), .name = std::move(name)});
}

CorpusMix CorpusMix::open(const std::vector<CorpusChoice>& choices, double temperature) {
  std::vector<Component> components;
  for (const CorpusChoice& choice : choices) {
    components.push_back({.corpus = Corpus::open(choice.corpus), .name = folder_name(choice.corpus)});
    require_one_tokenizer(*components.front().corpus, *components.back().corpus);
  }
  if (components.size() > 1) make_unique(components);
  CorpusMix mix(std::move(components));
  mix.settle_weights(choices, temperature);
  return mix;
}

void CorpusMix::settle_weights(const std::vector<CorpusChoice>& choices, double temperature) {
  const auto size_of = [](const Component& component) {
    return static_cast<double>(std::max<std::uint64_t>(1, component.corpus->num_tokens(Split::kTrain)));
  };
  for (std::size_t i = 0; i < components_.size(); ++i)
    components_[i].weight = choices[i].weight.value_or(size_of(components_[i]));
  const double largest = std::ranges::max(components_, {}, &Component::weight).weight;
  double sum = 0;
  for (std::size_t i = 0; i < components_.size(); ++i) {
    double& weight = components_[i].weight;
    weight /= largest;  // so that no sum overflows
    if (!choices[i].weight) weight = std::pow(weight, 1 / temperature);
    sum += weight;
  }
  // Rounded: hosts whose mathematical libraries differ in the last digit divide an epoch alike.
  for (Component& component : components_)
    component.weight = std::round(component.weight / sum * kWeightUnits) / kWeightUnits;
}

std::vector<std::shared_ptr<const Corpus>> CorpusMix::all() const {
  std::vector<std::shared_ptr<const Corpus>> corpora;
  for (const Component& component : components_) corpora.push_back(component.corpus);
  return corpora;
}

std::uint64_t CorpusMix::num_documents(Split split) const {
  std::uint64_t sum = 0;
  for (const Component& component : components_) sum += component.corpus->num_documents(split);
  return sum;
}

std::uint64_t CorpusMix::num_tokens(Split split) const {
  std::uint64_t sum = 0;
  for (const Component& component : components_) sum += component.corpus->num_tokens(split);
  return sum;
}

std::map<std::string, std::string> CorpusMix::fingerprints() const {
  if (is_single()) return {{"corpus", components_.front().corpus->fingerprint()}};
  std::map<std::string, std::string> fingerprints;
  std::string all;
  for (std::size_t i = 0; i < components_.size(); ++i) {
    const Component& component = components_[i];
    // Before "corpus" in the order of the letters: a message names the one that differs, if only its content does.
    fingerprints[fmt::format("content of corpus {:03}", i + 1)] = component.corpus->fingerprint();
    all += fmt::format("{} {:.12f}\n", component.corpus->fingerprint(), component.weight);
  }
  fingerprints["corpus"] = checksum_of(all);
  return fingerprints;
}

std::shared_ptr<const ExampleSource> CorpusMix::examples(Split split, const text::Tokenizer& tokenizer,
                                                         const ExampleConfig& config, std::uint64_t seed) const {
  if (is_single())
    return std::make_shared<PretrainingExamples>(components_.front().corpus, split, tokenizer, config, seed);
  std::vector<MixedComponent> mixed;
  for (std::size_t i = 0; i < components_.size(); ++i) {
    mixed.push_back({components_[i].name,
                     std::make_shared<PretrainingExamples>(components_[i].corpus, split, tokenizer, config,
                                                           random_key(seed, {kCorpusOfMix, i})),
                     components_[i].weight});
  }
  return std::make_shared<MixedExamples>(std::move(mixed), seed);
}

}  // namespace albert::corpus
