#include "train/held_out.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "corpus/examples/mixed_examples.h"
#include "text/tokenizer.h"

namespace albert::train {

namespace {

/// The held-out examples do not depend on the run's seed, so that runs can be compared.
constexpr std::uint64_t kEvaluationSeed = 0;

/// The held-out examples of a corpus, or null if there are none.
std::shared_ptr<const corpus::EpochExamples> open(const corpus::CorpusMix::Component& part,
                                                  const text::Tokenizer& tokenizer, const corpus::ExampleConfig& config,
                                                  std::string_view consequence) {
  if (part.corpus->num_documents(corpus::Split::kHeldOut) == 0) {
    log_warning("the corpus {} has no held-out documents: {}", part.corpus->folder().string(), consequence);
    return nullptr;
  }
  const corpus::PretrainingExamples source(part.corpus, corpus::Split::kHeldOut, tokenizer, config, kEvaluationSeed);
  try {
    return source.epoch(0);
  } catch (const DataError& error) {  // a few short documents
    log_warning("{}: {}", consequence, error.what());
    return nullptr;
  }
}

/// How many examples of each part are evaluated on, and what each of them counts.
void settle_shares(std::vector<HeldOutPart>& parts, const std::vector<double>& weights, std::uint64_t max_sequences) {
  const std::vector<std::uint64_t> shares = corpus::apportion(max_sequences, weights);
  double sum_of_weights = 0;
  double total = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::uint64_t size = parts[i].examples->size();
    parts[i].num_examples = max_sequences == 0 ? size : std::clamp<std::uint64_t>(shares[i], 1, size);
    total += static_cast<double>(parts[i].num_examples);
    sum_of_weights += weights[i];
  }
  if (parts.size() == 1) return;
  for (std::size_t i = 0; i < parts.size(); ++i)
    parts[i].weight = weights[i] / sum_of_weights * total / static_cast<double>(parts[i].num_examples);
}

}  // namespace

std::vector<HeldOutPart> open_held_out(const corpus::CorpusMix& corpora, const text::Tokenizer& tokenizer,
                                       const corpus::ExampleConfig& config, std::uint64_t max_sequences) {
  const char* const consequence =
      corpora.is_single() ? "there will be no evaluation" : "the evaluations leave this corpus out";
  std::vector<HeldOutPart> parts;
  std::vector<double> weights;
  for (const corpus::CorpusMix::Component& part : corpora.components()) {
    auto examples = open(part, tokenizer, config, consequence);
    if (!examples) continue;
    parts.push_back({.name = corpora.is_single() ? "" : part.name, .examples = std::move(examples)});
    weights.push_back(part.weight);
  }
  if (parts.empty()) {
    if (!corpora.is_single()) log_warning("there will be no evaluation: no corpus has held-out examples");
    return parts;
  }
  settle_shares(parts, weights, max_sequences);
  return parts;
}

std::vector<HeldOutBatch> batches_of(const std::vector<HeldOutPart>& parts, std::int64_t batch_size) {
  std::vector<HeldOutBatch> batches;
  const auto size = static_cast<std::uint64_t>(batch_size);
  for (std::size_t part = 0; part < parts.size(); ++part) {
    const std::uint64_t end = parts[part].num_examples;
    for (std::uint64_t first = 0; first < end; first += size)
      batches.push_back({part, first, static_cast<std::int64_t>(std::min(size, end - first))});
  }
  return batches;
}

}  // namespace albert::train
