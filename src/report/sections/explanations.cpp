#include "report/sections/explanations.h"

#include <algorithm>
#include <cmath>

#include "base/counted.h"
#include "base/progress.h"
#include "inference/attribution.h"
#include "report/html.h"
#include "report/sections/parts.h"

namespace albert::report {

namespace {

using tasks::ClassFindings;

/// A word as the model reads it, and what it adds to the score.
struct ExplainedWord {
  std::string text;
  double value = 0;
};

/// The words of a sequence: pieces that go on with a word are added to it; special tokens stand alone.
std::vector<ExplainedWord> words_of(const std::vector<std::int32_t>& ids, const std::vector<double>& values,
                                    const text::Tokenizer& tokenizer) {
  const text::SpecialIds& special = tokenizer.special();
  const auto is_special = [&](std::int32_t id) { return id == special.cls || id == special.sep; };
  std::vector<ExplainedWord> words;
  std::vector<std::int32_t> pieces;
  const auto finish = [&] {
    if (!pieces.empty()) words.back().text = tokenizer.decode(pieces, /*keep_special=*/true);
    if (!pieces.empty() && words.back().text.empty())
      words.back().text = tokenizer.piece(pieces.front());  // a space alone
    pieces.clear();
  };
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const bool begins = i == 0 || is_special(ids[i]) || is_special(ids[i - 1]) || tokenizer.starts_word(ids[i]);
    if (begins) {
      finish();
      words.emplace_back();
    }
    pieces.push_back(ids[i]);
    words.back().value += values[i];
  }
  finish();
  return words;
}

std::string shaded(const std::vector<ExplainedWord>& words) {
  double largest = 0;
  for (const ExplainedWord& word : words) largest = std::max(largest, std::abs(word.value));
  std::string html;
  for (const auto& [text, value] : words) {
    html +=
        fmt::format(R"(<span class="word {}" style="--v:{:.3f}" title="{:+.4f}">{}</span> )",
                    value < 0 ? "against" : "for", largest > 0 ? std::abs(value) / largest : 0, value, escaped(text));
  }
  return fmt::format("<p>{}</p>\n", html);
}

std::string table_of_words(const std::vector<ExplainedWord>& words) {
  Table table("What each word adds to the score");
  table.add_column("word").add_column("adds", Table::Column::kNumber);
  for (const auto& [text, value] : words) table.add_row({escaped(text), figure(value)});
  return folded("The words as a table", table.to_html());
}

std::string explained(const ClassFindings::Example& example, const std::vector<std::string>& labels,
                      const model::Item& item, const EvaluationView& view) {
  const text::Tokenizer& tokenizer = *view.opened.tokenizer;
  const inference::Attribution found =
      inference::attribute(*view.opened.model, tokenizer.special(), item, example.predicted);
  const auto words = words_of(item.sequences.front().token_ids, found.tokens, tokenizer);
  const std::string numbers = fmt::format(
      R"(<p class="note">Score of this class {}, of the same text of [PAD] alone {}; the words add {} in all, which is the )"
      "difference but for {:.1g}.</p>\n",
      figure(found.score), figure(found.baseline_score), figure(found.sum()),
      std::abs(found.score - found.baseline_score - found.sum()));
  return case_html(example.gold == example.predicted,
                   fmt::format("<p>predicted: <b>{}</b>, right: <b>{}</b></p>\n", escaped(labels[example.predicted]),
                               escaped(labels[example.gold])) +
                       shaded(words) + numbers + table_of_words(words) + shown_place(example.place));
}

/// Which predictions are explained.
std::vector<std::size_t> choose_explained(const ClassFindings& findings, std::size_t count) {
  const auto& examples = findings.examples;
  const auto by_sureness = [&](std::size_t i) { return examples[i].probabilities.at(examples[i].predicted); };
  const auto is_right = [&](std::size_t i) { return examples[i].gold == examples[i].predicted; };
  const auto is_wrong = [&](std::size_t i) { return !is_right(i); };
  auto chosen = ranked(examples.size(), (count + 1) / 2, is_wrong, by_sureness);
  const auto right = ranked(examples.size(), count - chosen.size(), is_right, by_sureness);
  chosen.insert(chosen.end(), right.begin(), right.end());
  return chosen;
}

}  // namespace

std::string explanations(const ClassFindings& findings, const EvaluationView& view) {
  if (view.num_explained == 0) return "";
  const std::vector<std::size_t> chosen = choose_explained(findings, view.num_explained);
  std::vector<std::string> cases;
  Progress progress("explaining", chosen.size());
  for (const std::size_t i : chosen) {
    cases.push_back(explained(findings.examples[i], findings.labels, view.file.data->item(i), view));
    progress.update(cases.size(), "");
  }
  return case_list(
      "Which words mattered",
      "Blue words speak for the predicted class, orange ones against it; the darker, the more. These are integrated "
      "gradients of the class's score at the output of the embeddings, along the way from a text of [PAD] alone, whose "
      "[CLS] and [SEP] are those of the text. The words are as the model reads them.",
      cases);
}

}  // namespace albert::report
