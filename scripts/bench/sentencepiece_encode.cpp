// Encodes the lines of text files with the linked SentencePiece on several threads, and prints the seconds that its
// Encode took as JSON: the other side of scripts/bench/corpus.py. Reading the files and loading the vocabulary do not
// count.
//
//     bench_sentencepiece VOCABULARY THREADS FILE...

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <sentencepiece_processor.h>

namespace {

std::vector<std::string> lines_of(char** first, char** last) {
  std::vector<std::string> lines;
  for (char** path = first; path != last; ++path) {
    std::ifstream file(*path);
    for (std::string line; std::getline(file, line);) lines.push_back(line);
  }
  return lines;
}

void encode(const sentencepiece::SentencePieceProcessor& processor, const std::vector<std::string>& lines,
            std::atomic<std::size_t>& next, std::atomic<std::size_t>& num_tokens) {
  constexpr std::size_t kBatch = 1000;
  std::vector<int> ids;
  for (std::size_t begin = next.fetch_add(kBatch); begin < lines.size(); begin = next.fetch_add(kBatch)) {
    for (std::size_t i = begin; i < std::min(begin + kBatch, lines.size()); ++i) {
      if (!processor.Encode(lines[i], &ids).ok()) std::abort();
      num_tokens += ids.size();
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  sentencepiece::SentencePieceProcessor processor;
  if (argc < 4 || !processor.Load(argv[1]).ok()) {
    std::fputs("usage: bench_sentencepiece VOCABULARY THREADS FILE...\n", stderr);
    return 2;
  }
  const std::vector<std::string> lines = lines_of(argv + 3, argv + argc);
  std::atomic<std::size_t> next = 0;
  std::atomic<std::size_t> num_tokens = 0;
  const auto start = std::chrono::steady_clock::now();
  const std::clock_t cpu_start = std::clock();
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < std::stoi(argv[2]); ++i) {
      threads.emplace_back([&] { encode(processor, lines, next, num_tokens); });
    }
  }
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  const double cpu = static_cast<double>(std::clock() - cpu_start) / CLOCKS_PER_SEC;
  std::printf("{\"seconds\": %.4f, \"cpu_seconds\": %.4f, \"tokens\": %zu}\n", elapsed.count(), cpu, num_tokens.load());
}
