#include "tasks/tokens/answers.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "base/shown.h"
#include "metrics/classification.h"
#include "metrics/confusion_matrix.h"
#include "metrics/entities.h"
#include "tasks/common/class_scores.h"
#include "tasks/common/json_object.h"
#include "tasks/common/tab_columns.h"
#include "tasks/tokens/readers.h"

namespace albert::tasks {

namespace {

metrics::Report judge_entities(const TaggedFile& file, std::span<const TagAnswer> answers) {
  metrics::EntityCounts counts;
  for (std::size_t i = 0; i < answers.size(); ++i) counts.add(file.records[i].tags, answers[i].tags);
  return metrics::judge_entities(counts);
}

/// The classes are all tags that occur.
metrics::Report judge_words(const TaggedFile& file, std::span<const TagAnswer> answers) {
  std::set<std::string> names;
  for (const TaggedSentence& sentence : file.records) names.insert(sentence.tags.begin(), sentence.tags.end());
  names.erase("");  // of words without a tag, which nobody can judge
  for (const TagAnswer& answer : answers) names.insert(answer.tags.begin(), answer.tags.end());
  const std::vector<std::string> labels(names.begin(), names.end());
  const auto number = [&labels](const std::string& tag) {
    return std::ranges::lower_bound(labels, tag) - labels.begin();
  };
  metrics::ConfusionMatrix matrix(static_cast<std::int64_t>(labels.size()));
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto& gold = file.records[i].tags;
    const auto& predicted = answers[i].tags;
    if (gold.size() != predicted.size()) throw InternalError("{} tags for {} words", predicted.size(), gold.size());
    for (std::size_t word = 0; word < gold.size(); ++word) {
      if (!gold[word].empty()) matrix.add(number(gold[word]), number(predicted[word]));
    }
  }
  return metrics::judge_classification(matrix, labels);
}

/// \param tags of the sentence's words
nlohmann::ordered_json entities_of(const TaggedSentence& sentence, const std::vector<std::string>& tags) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const metrics::Entity& entity : metrics::find_entities(tags)) {
    const std::span<const std::string> inside(sentence.words.data() + entity.begin, entity.end - entity.begin);
    nlohmann::ordered_json object = {{"type", entity.type},
                                     {"begin", entity.begin},
                                     {"end", entity.end},
                                     {"words", std::vector<std::string>(inside.begin(), inside.end())}};
    if (!sentence.places.empty()) {
      object["characters"] = {sentence.places[entity.begin].begin, sentence.places[entity.end - 1].end};
    }
    list.push_back(std::move(object));
  }
  return list;
}

void add_column(std::string& line, std::string_view content) {
  line += line.find('\t') != std::string::npos ? '\t' : ' ';
  line += content;
}

void fill_column(std::string& line, std::size_t column, std::string_view content) {
  std::vector<std::string_view> fields = split_fields(line);
  fields[column] = content;
  line = fmt::format("{}", fmt::join(fields, "\t"));
}

void add_to_rows(const TaggedFile& file, std::span<const TagAnswer> answers, std::vector<std::string>& lines) {
  lines[0] += fmt::format("\t{}", kPredictionColumn);
  for (std::size_t i = 0; i < answers.size(); ++i) lines[file.records[i].lines[0]] += '\t' + tag_line(answers[i]);
}

void add_to_objects(const TaggedFile& file, std::span<const TagAnswer> answers, std::vector<std::string>& lines) {
  for (std::size_t i = 0; i < answers.size(); ++i) {
    std::string& line = lines[file.records[i].lines[0]];
    line = add_json_members(line, {{kPredictionColumn, answers[i].tags}});
  }
}

void add_to_words(const TaggedFile& file, std::span<const TagAnswer> answers, ConlluTag conllu_tag,
                  std::vector<std::string>& lines) {
  for (std::size_t i = 0; i < answers.size(); ++i) {
    for (std::size_t word = 0; word < answers[i].tags.size(); ++word) {
      std::string& line = lines[file.records[i].lines[word]];
      const std::string& tag = answers[i].tags[word];
      if (file.layout == TagLayout::kConllu) {
        fill_column(line, conllu_column(conllu_tag), tag);
      } else {
        add_column(line, tag);
      }
    }
  }
}

bool fit(const TaggedFile& file, std::span<const TagAnswer> answers) {
  return std::ranges::equal(answers, file.records, [](const TagAnswer& answer, const TaggedSentence& sentence) {
    return answer.tags.size() == sentence.words.size();
  });
}

}  // namespace

TagAnswer choose_tags(std::span<const model::Item> items, const TokenEncoder::Trace& trace, RecordScores scores,
                      const std::vector<std::string>& labels, const std::string& fallback, double temperature) {
  TagAnswer answer;
  answer.tags.assign(trace.num_words, fallback);
  answer.probabilities.resize(trace.num_words);
  auto word = trace.words.begin();
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::size_t num_words = items[i].positions.size();
    if (scores[i].size() != num_words * labels.size()) {
      throw InternalError("{} scores for {} words", scores[i].size(), num_words);
    }
    for (std::size_t position = 0; position < num_words; ++position, ++word) {
      const auto of_word = std::span<const float>(scores[i]).subspan(position * labels.size(), labels.size());
      const std::size_t best = index_of_best(of_word);
      answer.tags[*word] = labels[best];
      answer.probabilities[*word] = softmax_at(best, of_word, temperature);
    }
  }
  return answer;
}

metrics::Report judge_tags(TagScoring scoring, const TaggedFile& file, std::span<const TagAnswer> answers) {
  return scoring == TagScoring::kEntities ? judge_entities(file, answers) : judge_words(file, answers);
}

std::vector<ConstantGuess<TagAnswer>> guess_tags(const TaggedFile& file, const std::vector<std::string>& labels) {
  std::map<std::string_view, std::size_t> classes;
  for (const std::string& label : labels) classes.emplace(label, classes.size());
  std::vector<std::size_t> counts(labels.size());
  for (const TaggedSentence& sentence : file.records) {
    for (const std::string& tag : sentence.tags) {
      if (const auto known = classes.find(tag); known != classes.end()) ++counts[known->second];
    }
  }
  std::vector<ConstantGuess<TagAnswer>> guesses;
  for (const std::size_t c : most_frequent(counts)) {
    guesses.push_back({in_quotes(labels[c]), {}});
    for (const TaggedSentence& sentence : file.records) {
      guesses.back().answers.push_back({.tags = std::vector(sentence.tags.size(), labels[c])});
    }
  }
  return guesses;
}

std::string tag_line(const TagAnswer& answer) {
  return fmt::format("{}", fmt::join(answer.tags, " "));
}

nlohmann::ordered_json tag_json(TagScoring scoring, const TaggedSentence& sentence, const TagAnswer& answer) {
  nlohmann::ordered_json members = {{"words", sentence.words}, {"tags", answer.tags}};
  nlohmann::ordered_json& probabilities = members["probabilities"] = nlohmann::ordered_json::array();
  for (const auto& value : answer.probabilities) {
    probabilities.push_back(value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr));
  }
  if (scoring == TagScoring::kEntities) members["entities"] = entities_of(sentence, answer.tags);
  return members;
}

void check_tagged_rows(const TaggedFile& file) {
  if (file.layout == TagLayout::kJson) {
    for (const TaggedSentence& sentence : file.records) {
      check_new_members({kPredictionColumn}, file.lines[sentence.lines[0]], sentence.place);
    }
  }
  if (file.layout != TagLayout::kRows) return;
  const Place header{.file = file.records[0].place.file, .line = 1, .id = {}};
  check_new_columns({kPredictionColumn}, TabColumns(file.lines[0]).names(), header);
}

std::string with_predictions(const TaggedFile& file, std::span<const TagAnswer> answers, ConlluTag conllu_tag) {
  if (!fit(file, answers)) {
    throw InternalError("predictions for {} sentences do not fit {} sentences", answers.size(), file.records.size());
  }
  std::vector<std::string> lines = file.lines;
  if (file.layout == TagLayout::kRows) {
    add_to_rows(file, answers, lines);
  } else if (file.layout == TagLayout::kJson) {
    add_to_objects(file, answers, lines);
  } else {
    add_to_words(file, answers, conllu_tag, lines);
  }
  if (file.layout == TagLayout::kColumns) {
    for (const std::size_t line : file.other_lines) add_column(lines[line], "O");
  }
  return fmt::format("{}\n", fmt::join(lines, "\n"));
}

}  // namespace albert::tasks
