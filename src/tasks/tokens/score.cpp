#include "tasks/tokens/score.h"

#include <algorithm>
#include <set>
#include <vector>

#include "base/error.h"
#include "metrics/classification.h"
#include "metrics/confusion_matrix.h"
#include "tasks/tokens/tagged_reader.h"

namespace albert::tasks {

namespace {

namespace fs = std::filesystem;

bool is_of_scheme(const std::string& tag) {
  const bool has_letter = !tag.empty() && std::string_view("BIES").find(tag[0]) != std::string_view::npos;
  return tag == "O" || (has_letter && (tag.size() == 1 || tag[1] == '-'));
}

bool have_same_tags(const TaggedFile& a, const TaggedFile& b) {
  return std::ranges::equal(a.sentences, b.sentences, {}, &TaggedSentence::tags, &TaggedSentence::tags);
}

/// CoNLL-U has no room for a column more: predictions fill the column of what is right. Where this one was left as it
/// is and the other one filled, its figure would be a made-up 1.
void refuse_the_other_column(const TaggedFile& gold, const TaggedFile& predicted, const fs::path& gold_path,
                             const fs::path& path, TagFormat format) {
  if (gold.layout != TagLayout::kConllu || !have_same_tags(gold, predicted)) return;
  const bool is_upos = format.conllu_tag == ConlluTag::kUpos;
  format.layout = TagLayout::kConllu;
  format.conllu_tag = is_upos ? ConlluTag::kXpos : ConlluTag::kUpos;
  const TaggedFile other_gold = read_tagged(gold_path, format, /*need_tags=*/false);
  format.encoding = "utf-8";
  const TaggedFile other = read_tagged(path, format, /*need_tags=*/false);
  if (!other.is_labelled || !other_gold.is_labelled || have_same_tags(other, other_gold)) return;
  throw DataError(
      "{}: its {} tags are all those of {}, but its {} tags are others: these were predicted; score them with --set "
      "task.tokens.conllu_tag={}",
      path.string(), is_upos ? "UPOS" : "XPOS", gold_path.string(), is_upos ? "XPOS" : "UPOS",
      is_upos ? "xpos" : "upos");
}

}  // namespace

void check_scheme(TagScoring scoring, const TaggedSentence& sentence) {
  if (scoring != TagScoring::kEntities) return;
  const auto found = std::ranges::find_if_not(sentence.tags, is_of_scheme);
  if (found == sentence.tags.end()) return;
  throw DataError(
      "{}: the tag '{}' is none of IOB1, BIO or BIOES: expected O, or B, I, E or S with a type behind it, as B-PER; "
      "correct the file, choose another column (task.tokens.tag_column), or judge the tags one by one with "
      "task.tokens.score: tags",
      place_of(sentence, static_cast<std::size_t>(found - sentence.tags.begin())).to_string(), *found);
}

void TagJudge::add(const Tags& gold, const Tags& predicted) {
  if (scoring_ == TagScoring::kEntities) return entities_.add(gold, predicted);
  if (gold.size() != predicted.size()) throw InternalError("{} tags for {} words", predicted.size(), gold.size());
  for (std::size_t i = 0; i < gold.size(); ++i) ++tags_[{gold[i], predicted[i]}];
}

metrics::Report TagJudge::report() const {
  return scoring_ == TagScoring::kEntities ? metrics::judge_entities(entities_) : report_tags();
}

metrics::Report TagJudge::report_tags() const {
  std::set<std::string> names;
  for (const auto& [pair, count] : tags_) names.insert({pair.first, pair.second});
  const std::vector<std::string> labels(names.begin(), names.end());
  const auto number = [&labels](const std::string& tag) {
    return std::ranges::lower_bound(labels, tag) - labels.begin();
  };
  metrics::ConfusionMatrix matrix(static_cast<std::int64_t>(labels.size()));
  for (const auto& [pair, count] : tags_) {
    for (std::int64_t i = 0; i < count; ++i) matrix.add(number(pair.first), number(pair.second));
  }
  return metrics::judge_classification(matrix, labels);
}

metrics::Report score_tags(TagScoring scoring, const fs::path& gold, const fs::path& predictions,
                           const TagFormat& format) {
  const TaggedFile file = read_tagged(gold, format, true);
  const TaggedFile predicted = read_predictions(predictions, file, format);
  refuse_the_other_column(file, predicted, gold, predictions, format);
  TagJudge judge(scoring);
  for (std::size_t i = 0; i < predicted.sentences.size(); ++i) {
    check_scheme(scoring, file.sentences[i]);
    check_scheme(scoring, predicted.sentences[i]);
    judge.add(file.sentences[i].tags, predicted.sentences[i].tags);
  }
  return judge.report();
}

}  // namespace albert::tasks
