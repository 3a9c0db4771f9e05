#include "datasets/choice/predictions.h"

#include <algorithm>
#include <unordered_map>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/file.h"
#include "datasets/choice/choices.h"
#include "datasets/encoding.h"
#include "datasets/table.h"

namespace albert::datasets {

namespace {

constexpr TableDialect kTsv{.separator = '\t'};

struct Answer {
  Place place;
  std::string letter;
};

/// By id, of a file in either form.
std::unordered_map<std::string, Answer> read_answers(const fs::path& path) {
  const std::string text = decode_file(read_file(path), "utf-8", path.string());
  const std::string_view first_line = std::string_view(text).substr(0, text.find('\n'));
  const bool is_csv = first_line.find('\t') == std::string_view::npos;
  TableReader reader(text, {.separator = is_csv ? ',' : '\t', .quoted = is_csv}, path.string());
  std::unordered_map<std::string, Answer> answers;
  TableRow row;
  for (bool is_first = true; reader.next(row); is_first = false) {
    const Place place{.file = path.string(), .line = row.line, .id = {}};
    if (row.fields.size() < 2) throw DataError("{}: expected an id and the letter of a choice", place.to_string());
    if (is_first && row.fields[0] == "id" && row.fields[1] == "answer") continue;
    if (!answers.try_emplace(row.fields[0], Answer{place, row.fields[1]}).second) {
      throw DataError("{}: the id {} occurs twice", place.to_string(), row.fields[0]);
    }
  }
  return answers;
}

}  // namespace

void write_choice_predictions(const fs::path& file, std::span<const ChoicePrediction> predictions) {
  std::size_t most_choices = 0;
  for (const ChoicePrediction& prediction : predictions) {
    most_choices = std::max(most_choices, prediction.probabilities.size());
  }
  std::string out = "id\tanswer";
  for (std::size_t i = 0; i < most_choices; ++i) out += "\tprobability_" + choice_letter(i);
  out += '\n';
  for (const ChoicePrediction& prediction : predictions) {
    out += write_field(prediction.id, kTsv) + '\t' + choice_letter(prediction.choice);
    for (std::size_t i = 0; i < most_choices; ++i) {
      out += '\t';
      if (i < prediction.probabilities.size()) out += fmt::format("{:.6g}", prediction.probabilities[i]);
    }
    out += '\n';
  }
  write_file_atomically(file, out);
}

void ChoiceCounts::add(bool is_right, const std::string& group) {
  all_.add(is_right ? 1 : 0);
  if (group.empty()) return;
  auto found = std::ranges::find(groups_, group, &std::pair<std::string, metrics::Mean>::first);
  if (found == groups_.end()) found = groups_.insert(groups_.end(), {group, {}});
  found->second.add(is_right ? 1 : 0);
}

metrics::Report ChoiceCounts::judge() const {
  metrics::Report report;
  if (const auto accuracy = all_.value()) report.figures.emplace_back("accuracy", *accuracy);
  for (const auto& [group, mean] : groups_) {
    if (const auto accuracy = mean.value()) report.figures.emplace_back("accuracy_" + group, *accuracy);
  }
  return report;
}

metrics::Report score_choices(const fs::path& gold, const fs::path& predictions) {
  std::unordered_map<std::string, Answer> answers = read_answers(predictions);
  ChoiceCounts counts;
  const ChoiceFile file = read_choices(gold);
  for (const std::string& id : file.left_out) answers.erase(id);
  for (const ChoiceQuestion& question : file.questions) {
    if (!question.label) throw DataError("{}: the question has no answer to score by", question.place.to_string());
    const auto found = answers.find(question.id);
    if (found == answers.end()) {
      throw DataError("{}: no answer for the question {} ({})", predictions.string(), question.id,
                      question.place.to_string());
    }
    const auto choice = choice_of_letter(found->second.letter, question.choices.size());
    if (!choice) {
      throw DataError("{}: expected a letter from A to {}, found '{}'", found->second.place.to_string(),
                      choice_letter(question.choices.size() - 1), found->second.letter);
    }
    counts.add(*choice == *question.label, question.group);
    answers.erase(found);
  }
  if (!answers.empty()) {
    const auto& [id, answer] = *answers.begin();
    throw DataError("{}: {} has no question {}", answer.place.to_string(), gold.string(), id);
  }
  return counts.judge();
}

}  // namespace albert::datasets
