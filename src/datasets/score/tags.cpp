#include "datasets/score/tags.h"

#include <algorithm>
#include <set>
#include <vector>

#include "base/error.h"
#include "datasets/token/tagged_reader.h"
#include "metrics/classification.h"
#include "metrics/confusion_matrix.h"

namespace albert::datasets {

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

metrics::Report score_tags(TagScoring scoring, const std::filesystem::path& gold,
                           const std::filesystem::path& predictions, const TagFormat& format) {
  const TaggedFile file = read_tagged(gold, format, true);
  const std::vector<Tags> predicted = read_predictions(predictions, file, format);
  TagJudge judge(scoring);
  for (std::size_t i = 0; i < predicted.size(); ++i) judge.add(file.sentences[i].tags, predicted[i]);
  return judge.report();
}

}  // namespace albert::datasets
