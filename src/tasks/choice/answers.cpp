#include "tasks/choice/answers.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/file.h"
#include "base/shown.h"
#include "tasks/common/class_scores.h"
#include "tasks/common/decoding.h"
#include "tasks/common/table.h"

namespace albert::tasks {

namespace {

constexpr TableDialect kTsv{.separator = '\t'};

struct WrittenAnswer {
  Place place;
  std::string choice;
};

/// Reads the answers by id, from a file in either form.
std::unordered_map<std::string, WrittenAnswer> read_by_id(const fs::path& path) {
  const std::string text = decode_file(read_file(path), "utf-8", path.string());
  const std::string_view first_line = std::string_view(text).substr(0, text.find_first_of("\r\n"));
  const bool is_csv = first_line.find('\t') == std::string_view::npos;
  TableReader reader(text, {.separator = is_csv ? ',' : '\t', .quoted = is_csv}, path.string());
  std::unordered_map<std::string, WrittenAnswer> answers;
  TableRow row;
  for (bool is_first = true; reader.next(row); is_first = false) {
    const Place place{.file = path.string(), .line = row.line, .id = {}};
    if (row.fields.size() < 2) throw DataError("{}: expected an id and a choice", place.to_string());
    if (is_first && row.fields[0] == "id" && row.fields[1] == "answer") continue;
    if (!answers.try_emplace(row.fields[0], WrittenAnswer{place, row.fields[1]}).second) {
      throw DataError("{}: the id {} occurs twice", place.to_string(), shortened(row.fields[0]));
    }
  }
  return answers;
}

}  // namespace

metrics::Report judge_choices(const ChoiceFile& file, std::span<const ChoiceAnswer> answers) {
  metrics::Mean all;
  std::vector<std::pair<std::string, metrics::Mean>> groups;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const double is_right = static_cast<std::int64_t>(answers[i].choice) == file.records[i].label ? 1 : 0;
    all.add(is_right);
    const std::string& group = file.records[i].group;
    if (group.empty()) continue;
    auto found = std::ranges::find(groups, group, &std::pair<std::string, metrics::Mean>::first);
    if (found == groups.end()) found = groups.insert(groups.end(), {group, {}});
    found->second.add(is_right);
  }
  metrics::Report report;
  if (const auto accuracy = all.value()) report.figures.emplace_back("accuracy", *accuracy);
  for (const auto& [group, mean] : groups) report.figures.emplace_back("accuracy_" + group, *mean.value());
  return report;
}

std::vector<ConstantGuess<ChoiceAnswer>> guess_choices(const ChoiceFile& file) {
  std::vector<std::size_t> counts;
  for (const ChoiceQuestion& question : file.records) {
    counts.resize(std::max(counts.size(), question.choices.size()));
    ++counts[static_cast<std::size_t>(*question.label)];
  }
  std::vector<ConstantGuess<ChoiceAnswer>> guesses;
  for (const std::size_t choice : most_frequent(counts)) {
    guesses.push_back({fmt::format("choice {}", choice + 1), {}});
    for (const ChoiceQuestion& question : file.records) {
      guesses.back().answers.push_back({.choice = std::min(choice, question.choices.size() - 1)});
    }
  }
  return guesses;
}

std::string choice_columns(const ChoiceQuestion& question, const ChoiceAnswer& answer, ChoiceForm if_unsaid) {
  std::string columns = write_field(written_choice(question, answer.choice, if_unsaid), kTsv);
  for (const double probability : answer.probabilities) columns += fmt::format("\t{}", probability);
  return columns;
}

nlohmann::ordered_json choice_json(const ChoiceQuestion& question, const ChoiceAnswer& answer, ChoiceForm if_unsaid) {
  nlohmann::ordered_json members = {{"prediction", written_choice(question, answer.choice, if_unsaid)},
                                    {"choice", question.choices[answer.choice]}};
  if (form_of(question, if_unsaid) == ChoiceForm::kNumber) members["prediction"] = answer.choice;
  members["probabilities"] = answer.probabilities;
  return members;
}

void write_choice_answers(const ChoiceFile& file, std::span<const ChoiceAnswer> answers, ChoiceForm if_unsaid,
                          const fs::path& path) {
  std::size_t most_choices = 0;
  for (const ChoiceAnswer& answer : answers) most_choices = std::max(most_choices, answer.probabilities.size());
  std::string out = "id\tanswer";
  for (std::size_t i = 0; i < most_choices; ++i) out += "\tprobability_" + choice_letter(i);
  out += '\n';
  for (std::size_t i = 0; i < answers.size(); ++i) {
    out += write_field(file.records[i].id, kTsv) + '\t' + choice_columns(file.records[i], answers[i], if_unsaid);
    out.append(most_choices - answers[i].probabilities.size(), '\t');
    out += '\n';
  }
  write_file_atomically(path, out);
}

std::vector<ChoiceAnswer> read_choice_answers(const ChoiceFile& gold, const ScoreFiles& files) {
  const fs::path& path = files.predictions;
  std::unordered_map<std::string, WrittenAnswer> written = read_by_id(path);
  for (const std::string& id : gold.left_out) written.erase(id);
  std::vector<ChoiceAnswer> answers;
  for (const ChoiceQuestion& question : gold.records) {
    const auto found = written.find(question.id);
    if (found == written.end()) {
      throw DataError("{}: no answer for the question {} ({})", path.string(), shortened(question.id),
                      question.place.to_string());
    }
    const auto choice = choice_of(question, found->second.choice);
    if (!choice) {
      const auto name_of = [&](std::size_t number) { return written_choice(question, number, ChoiceForm::kUnsaid); };
      throw DataError("{}: expected a choice from {} to {}, found '{}'", found->second.place.to_string(), name_of(0),
                      name_of(question.choices.size() - 1), shortened(found->second.choice));
    }
    answers.push_back({.choice = static_cast<std::size_t>(*choice)});
    written.erase(found);
  }
  if (written.empty()) return answers;
  const auto& [id, answer] = *written.begin();
  throw DataError("{}: {} has no question {}", answer.place.to_string(), files.gold.string(), shortened(id));
}

}  // namespace albert::tasks
