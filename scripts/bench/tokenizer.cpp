// Encoding on one thread: our encoder with its memo, our tokenizer without, and SentencePiece's own Encode, in turns
// over the same lines.
//
//   bench_tokenizer spiece.model text-file-or-folder [rounds]

#include "text/tokenizer.h"

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include <sentencepiece_processor.h>

#include "base/error.h"
#include "base/file.h"

namespace {

namespace fs = std::filesystem;
using Ids = std::vector<std::int32_t>;
using Lines = std::vector<std::string>;

void append_lines(const fs::path& path, Lines& lines) {
  const std::string text = albert::read_file(path);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
}

Lines read_lines(const fs::path& path) {
  Lines lines;
  if (!fs::is_directory(path)) {
    append_lines(path, lines);
    return lines;
  }
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(path)) {
    if (entry.is_regular_file()) append_lines(entry.path(), lines);
  }
  return lines;
}

/// MB per second of processor time of one pass of `encode` over the lines.
double measure(const Lines& lines, const std::function<void(const std::string&)>& encode) {
  std::size_t bytes = 0;
  const std::clock_t start = std::clock();
  for (const std::string& line : lines) {
    encode(line);
    bytes += line.size() + 1;
  }
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  return static_cast<double>(bytes) / 1e6 / seconds;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: bench_tokenizer spiece.model text-file-or-folder [rounds]\n";
    return 2;
  }
  const auto tokenizer = albert::text::Tokenizer::open(argv[1]);
  sentencepiece::SentencePieceProcessor reference;
  if (!reference.Load(argv[1]).ok()) throw albert::ModelError("SentencePiece cannot read {}", argv[1]);
  const Lines lines = read_lines(argv[2]);
  const int rounds = argc > 3 ? std::stoi(argv[3]) : 3;

  std::map<std::string, std::vector<double>> speeds;
  Ids ids;
  for (int round = 0; round < rounds; ++round) {
    const auto encoder = tokenizer->make_encoder();  // a new one: filling the memo counts
    speeds["encoder with memo"].push_back(measure(lines, [&](const std::string& line) {
      ids.clear();
      encoder->encode(line, ids);
    }));
    speeds["tokenizer"].push_back(measure(lines, [&](const std::string& line) {
      ids.clear();
      tokenizer->encode(line, ids);
    }));
    speeds["SentencePiece Encode"].push_back(measure(lines, [&](const std::string& line) {
      ids.clear();
      if (!reference.Encode(line, &ids).ok()) throw albert::DataError("SentencePiece cannot encode a line");
    }));
  }
  for (auto& [name, figures] : speeds) {
    std::sort(figures.begin(), figures.end());
    std::cout << name << ": " << figures[figures.size() / 2] << " MB/s (" << figures.front() << " to " << figures.back()
              << ")\n";
  }
  return 0;
}
