// How fast one thread makes pretraining examples of a corpus, and how long the pass over the sentence lengths takes
// that begins an epoch.
//
//   bench_examples CORPUS [length]      (default 128)
#include "corpus/examples/examples.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>

#include "corpus/store/corpus.h"
#include "text/tokenizer.h"

namespace corpus = albert::corpus;

namespace {

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: bench_examples CORPUS [length]\n");
    return 2;
  }
  const auto opened = corpus::Corpus::open(argv[1]);
  const auto tokenizer = albert::text::Tokenizer::open(opened->tokenizer_folder());
  corpus::ExampleConfig config;
  config.max_sequence_length = argc > 2 ? std::stoi(argv[2]) : 128;
  const corpus::PretrainingExamples source(opened, corpus::Split::kTrain, *tokenizer, config, 1);

  auto begin = std::chrono::steady_clock::now();
  const auto epoch = source.corpus_epoch(0);
  const corpus::EpochStatistics& statistics = epoch->statistics();
  std::printf("epoch: %.4f s for %llu tokens, %llu examples; %.1f%% of the tokens are truncated, %.2f%% dropped\n",
              seconds_since(begin), static_cast<unsigned long long>(opened->num_tokens(corpus::Split::kTrain)),
              static_cast<unsigned long long>(statistics.num_examples),
              100.0 * static_cast<double>(statistics.truncated_tokens) / static_cast<double>(statistics.num_tokens),
              100.0 * static_cast<double>(statistics.dropped_tokens) / static_cast<double>(statistics.num_tokens));

  const std::uint64_t count = std::min<std::uint64_t>(epoch->size(), 100000);
  std::size_t num_tokens = 0;
  begin = std::chrono::steady_clock::now();
  for (std::uint64_t i = 0; i < count; ++i) num_tokens += epoch->make(i, 0.15).token_ids.size();
  const double elapsed = seconds_since(begin);
  std::printf("examples: %.0f a second on one thread, %.1f million tokens a second, %.1f tokens an example\n",
              static_cast<double>(count) / elapsed, static_cast<double>(num_tokens) / elapsed / 1e6,
              static_cast<double>(num_tokens) / static_cast<double>(count));
  return 0;
}
