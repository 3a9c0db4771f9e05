#include <algorithm>
#include <string>
#include <utility>

#include <spdlog/fmt/fmt.h>

#include "base/error.h"
#include "base/file.h"
#include "base/shown.h"
#include "tasks/tokens/answers.h"
#include "tasks/tokens/labels.h"
#include "tasks/tokens/readers.h"

namespace albert::tasks {

namespace {

/// Throws if a sentence is not the gold one.
void check_same(const TaggedSentence& predicted, const TaggedSentence& gold) {
  const auto [left, right] = std::ranges::mismatch(predicted.words, gold.words);
  if (left == predicted.words.end() && right == gold.words.end()) return;
  const auto shown = [](auto word, const std::vector<std::string>& words) {
    return word == words.end() ? std::string("the end of the sentence") : fmt::format("\"{}\"", shortened(*word));
  };
  throw DataError("{}: the words are not those of {}: expected {} as word {} of the sentence, found {}",
                  predicted.place.to_string(), gold.place.to_string(), shown(right, gold.words),
                  right - gold.words.begin() + 1, shown(left, predicted.words));
}

TaggedFile read_predictions(const fs::path& path, const TaggedFile& gold, TagFormat format) {
  format.encoding = "utf-8";  // which with_predictions() gives, whatever the gold file is in
  format.layout = gold.layout;
  format.tag_column = -1;
  format.tags_name = kPredictionColumn;
  TaggedFile file = read_tagged(path, format, /*need_tags=*/true);
  if (file.records.size() != gold.records.size()) {
    throw DataError("{}: expected the {} sentences of {}, found {}", path.string(), gold.records.size(),
                    gold.records[0].place.file, file.records.size());
  }
  for (std::size_t i = 0; i < gold.records.size(); ++i) check_same(file.records[i], gold.records[i]);
  return file;
}

bool have_same_tags(const TaggedFile& a, const TaggedFile& b) {
  return std::ranges::equal(a.records, b.records, {}, &TaggedSentence::tags, &TaggedSentence::tags);
}

/// CoNLL-U has no room for a column more: predictions fill the column of what is right. Where this one was left as it
/// is and the other one filled, its figure would be a made-up 1.
void refuse_the_other_column(const TaggedFile& gold, const TaggedFile& predicted, const ScoreFiles& files,
                             TagFormat format) {
  if (gold.layout != TagLayout::kConllu || !have_same_tags(gold, predicted)) return;
  const bool is_upos = format.conllu_tag == ConlluTag::kUpos;
  format.layout = TagLayout::kConllu;
  format.conllu_tag = is_upos ? ConlluTag::kXpos : ConlluTag::kUpos;
  const TaggedFile other_gold = read_tagged(files.gold, format, /*need_tags=*/false);
  format.encoding = "utf-8";
  const TaggedFile other = read_tagged(files.predictions, format, /*need_tags=*/false);
  if (!other.is_labelled() || !other_gold.is_labelled() || have_same_tags(other, other_gold)) return;
  throw DataError(
      "{}: its {} tags are all those of {}, but its {} tags are others: these were predicted; score them with --set "
      "task.tokens.conllu_tag={}",
      files.predictions.string(), is_upos ? "UPOS" : "XPOS", files.gold.string(), is_upos ? "XPOS" : "UPOS",
      is_upos ? "xpos" : "upos");
}

}  // namespace

std::vector<TagAnswer> read_tag_answers(const TaggedFile& gold, const ScoreFiles& files,
                                        const TokenSettings& settings) {
  TaggedFile predicted = read_predictions(files.predictions, gold, settings.format);
  refuse_the_other_column(gold, predicted, files, settings.format);
  std::vector<TagAnswer> answers;
  answers.reserve(predicted.records.size());
  for (TaggedSentence& sentence : predicted.records) {
    check_scheme(settings.score, sentence);
    answers.push_back({.tags = std::move(sentence.tags)});
  }
  return answers;
}

}  // namespace albert::tasks
