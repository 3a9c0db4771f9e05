#include "head_fixture.h"

#include <nlohmann/json.hpp>

namespace albert::model {

namespace {

HeadConfig head_of(const nlohmann::json& head) {
  const std::map<std::string, HeadKind> kinds = {{"classification", HeadKind::kClassification},
                                                 {"regression", HeadKind::kRegression},
                                                 {"multilabel", HeadKind::kMultilabel},
                                                 {"token_classification", HeadKind::kTokenClassification},
                                                 {"question_answering", HeadKind::kQuestionAnswering},
                                                 {"joint_question_answering", HeadKind::kJointQuestionAnswering},
                                                 {"multiple_choice", HeadKind::kMultipleChoice},
                                                 {"entity_pair", HeadKind::kEntityPair},
                                                 {"embedding", HeadKind::kEmbedding}};
  const std::map<std::string, EmbeddingObjective> objectives = {
      {"cosine", EmbeddingObjective::kCosine},
      {"classification", EmbeddingObjective::kClassification},
      {"in_batch_negatives", EmbeddingObjective::kInBatchNegatives}};
  HeadConfig config;
  config.kind = kinds.at(head.at("kind"));
  config.num_labels = head.value("num_labels", config.num_labels);
  config.num_starts = head.value("num_starts", config.num_starts);
  config.scale = head.value("scale", config.scale);
  config.objective = objectives.at(head.value("objective", "cosine"));
  config.pooling = head.value("pooling", "mean") == "mean" ? EmbeddingPooling::kMean : EmbeddingPooling::kFirstToken;
  return config;
}

/// Takes things off the front of an array.
template <typename T>
class Queue {
 public:
  explicit Queue(std::vector<T> values) : values_(std::move(values)) {}

  template <typename U = T>
  std::vector<U> take(std::int32_t count) {
    const auto begin = values_.begin() + next_;
    next_ += count;
    return {begin, begin + count};
  }
  T take_one() { return take(1).front(); }

 private:
  std::vector<T> values_;
  std::ptrdiff_t next_ = 0;
};

}  // namespace

HeadFixture::HeadFixture(const std::string& name)
    : FixtureFile("heads", name), head(head_of(nlohmann::json::parse(config_json).at("head"))) {
  Queue token_ids(integers("token_ids")), lengths(integers("lengths")), first_lengths(integers("first_lengths"));
  Queue positions(integers("positions")), labels(integers("labels"));
  Queue values(numbers("values"));
  const auto num_positions = integers("num_positions"), num_labels = integers("num_labels"),
             num_values = integers("num_values");
  for (const std::int32_t num_sequences : integers("num_sequences")) {
    const std::size_t i = items.size();
    Item& item = items.emplace_back();
    for (std::int32_t s = 0; s < num_sequences; ++s) {
      item.sequences.push_back({token_ids.take(lengths.take_one()), first_lengths.take_one()});
    }
    item.positions = positions.take(num_positions[i]);
    item.labels = labels.take<std::int64_t>(num_labels[i]);
    item.values = values.take(num_values[i]);
  }
}

}  // namespace albert::model
