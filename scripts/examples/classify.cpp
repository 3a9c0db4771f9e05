// What the two examples in C++ share: texts become padded batches, by the project's text library, and scores become lines of numbers.
#include "classify.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iostream>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "text/tokenizer.h"

namespace albert::examples {

namespace {

constexpr std::size_t kBatchSize = 32;

nlohmann::json read_json(const std::filesystem::path& path) {
  return nlohmann::json::parse(std::ifstream(path));
}

struct Tokens {
  std::vector<std::int64_t> ids;
  std::size_t first_length = 0;  ///< how many of them are of the first text
};

/// [CLS] A [SEP], or [CLS] A [SEP] B [SEP]. Of what is too long, the end of the longer text goes.
Tokens tokens_of(std::string_view line, const text::Tokenizer& tokenizer, std::size_t max_length) {
  const std::size_t tab = line.find('\t');
  const bool is_pair = tab != std::string_view::npos;
  std::vector<std::int32_t> first;
  std::vector<std::int32_t> second;
  tokenizer.encode(line.substr(0, tab), first);
  if (is_pair) tokenizer.encode(line.substr(tab + 1), second);
  while (first.size() + second.size() + (is_pair ? 3 : 2) > max_length) {
    (first.size() > second.size() ? first : second).pop_back();
  }
  const text::SpecialIds& special = tokenizer.special();
  Tokens tokens;
  tokens.ids.push_back(special.cls);
  tokens.ids.insert(tokens.ids.end(), first.begin(), first.end());
  tokens.ids.push_back(special.sep);
  tokens.first_length = tokens.ids.size();
  if (is_pair) {
    tokens.ids.insert(tokens.ids.end(), second.begin(), second.end());
    tokens.ids.push_back(special.sep);
  }
  return tokens;
}

Batch padded(std::span<const Tokens> texts, std::int64_t padding) {
  std::size_t length = 0;
  for (const Tokens& text : texts) length = std::max(length, text.ids.size());
  Batch batch;
  batch.num_texts = std::ssize(texts);
  batch.length = static_cast<std::int64_t>(length);
  batch.input_ids.assign(texts.size() * length, padding);
  batch.attention_mask.assign(texts.size() * length, 0);
  batch.token_type_ids.assign(texts.size() * length, 0);
  for (std::size_t row = 0; row < texts.size(); ++row) {
    for (std::size_t token = 0; token < texts[row].ids.size(); ++token) {
      const std::size_t place = row * length + token;
      batch.input_ids[place] = texts[row].ids[token];
      batch.attention_mask[place] = 1;
      batch.token_type_ids[place] = token < texts[row].first_length ? 0 : 1;
    }
  }
  return batch;
}

/// Scores of one text as numbers: one class among several, several labels, or a number, as config.json says.
void print_numbers(std::span<float> scores, std::string_view problem_type) {
  if (problem_type == "multi_label_classification") {
    for (float& score : scores) score = 1 / (1 + std::exp(-score));
  } else if (problem_type != "regression") {
    const float largest = std::ranges::max(scores);
    float sum = 0;
    for (float& score : scores) sum += score = std::exp(score - largest);
    for (float& score : scores) score /= sum;
  }
  for (std::size_t c = 0; c < scores.size(); ++c) std::cout << (c > 0 ? " " : "") << scores[c];
  std::cout << '\n';
}

}  // namespace

void classify_standard_input(const std::filesystem::path& folder, const Model& model) {
  const std::shared_ptr<const text::Tokenizer> tokenizer = text::Tokenizer::open(folder);
  const auto max_length = read_json(folder / "tokenizer_config.json").at("model_max_length").get<std::size_t>();
  const std::string problem_type = read_json(folder / "config.json").value("problem_type", "");
  std::cout.precision(8);

  std::vector<Tokens> texts;
  const auto answer = [&] {
    Batch batch = padded(texts, tokenizer->special().pad);
    std::vector<float> scores = model(batch);
    const std::size_t num_classes = scores.size() / texts.size();
    for (std::size_t row = 0; row < texts.size(); ++row) {
      print_numbers(std::span(scores).subspan(row * num_classes, num_classes), problem_type);
    }
    texts.clear();
  };
  for (std::string line; std::getline(std::cin, line);) {
    texts.push_back(tokens_of(line, *tokenizer, max_length));
    if (texts.size() == kBatchSize) answer();
  }
  if (!texts.empty()) answer();
}

}  // namespace albert::examples
