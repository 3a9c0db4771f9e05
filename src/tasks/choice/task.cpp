#include "tasks/choice/task.h"

#include <algorithm>

#include <spdlog/fmt/ranges.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/file.h"
#include "tasks/choice/answers.h"
#include "tasks/choice/encoder.h"
#include "tasks/choice/findings.h"
#include "tasks/choice/readers.h"
#include "tasks/choice/settings.h"
#include "tasks/common/class_scores.h"
#include "tasks/definition_json.h"
#include "tasks/kind.h"

namespace albert::tasks {

namespace {

struct ChoiceTypes {
  using File = ChoiceFile;
  using Record = ChoiceQuestion;
  using Encoder = ChoiceEncoder;
  using Answer = ChoiceAnswer;
};

const std::vector<std::string> kExtensions = {".csv", ".jsonl", ".ndjson", ".json"};

const char* race_folder(Part part) {
  return part == Part::kTrain ? "train" : part == Part::kDevelopment ? "dev" : "test";
}

ChoiceFile read_files(const std::vector<fs::path>& files) {
  ChoiceFile all;
  for (const fs::path& file : files) all.append(read_choices(file));
  return all;
}

/// How the training data say which choice is right.
ChoiceForm form_of_training(const fs::path& data) {
  if (is_race_folder(data)) return ChoiceForm::kLetter;  // which need not be read for it
  const std::vector<fs::path> files =
      fs::is_directory(data) ? files_of_part(data, Part::kTrain, kExtensions) : std::vector<fs::path>{data};
  const ChoiceFile file = read_choices(files.front());
  return file.records.empty() ? ChoiceForm::kUnsaid : file.records.front().form;
}

class ChoiceTask final : public Kind<ChoiceTypes> {
 public:
  using Kind::Kind;

  model::HeadConfig head() const override { return {.kind = model::HeadKind::kMultipleChoice, .num_labels = 1}; }
  std::vector<std::string> figures() const override { return {"accuracy", "accuracy_middle", "accuracy_high"}; }

  ChoiceFile read_records(const Source& source) const override {
    if (is_single(source.file)) return read_choices(source.file);
    // A folder of several files to train on; where it is divided, also to evaluate on.
    return read_files(files_of_part(source.file, source.held_out.is_empty() ? source.part : Part::kTrain, kExtensions));
  }
  std::string content_of(const ChoiceQuestion& question) const override {
    return question.context.empty() ? question.question : question.context;
  }
  ChoiceEncoder make_encoder() const override { return {*tokenizer_, settings(), max_length()}; }
  std::string describe(const ChoiceFile& file, const ChoiceEncoder& encoder, const SetCounts& counts) const override {
    std::string notes = fmt::format("{}; {} truncated to {} tokens", counted(file.records.size(), "question"),
                                    encoder.num_truncated(), max_length());
    notes += describe_share(counts.num_of_other_part);
    if (file.left_out.empty()) return notes;
    return notes + fmt::format("; {} left out, whose choices are not in the file, the first with the id {}",
                               file.left_out.size(), file.left_out.front());
  }

  ChoiceAnswer answer(std::span<const model::Item> items, const NoTrace& /*trace*/,
                      RecordScores scores) const override {
    if (scores[0].size() != items[0].sequences.size()) {
      throw InternalError("{} scores of a question with {} choices", scores[0].size(), items[0].sequences.size());
    }
    return {.choice = index_of_best(scores[0]),
            .probabilities = softmax(scores[0], definition_.config.temperature_in_use())};
  }
  metrics::Report judge(const ChoiceFile& file, std::span<const ChoiceAnswer> answers) const override {
    return judge_choices(file, answers);
  }

  std::vector<ConstantGuess<ChoiceAnswer>> constant_guesses(const ChoiceFile& file) const override {
    return guess_choices(file);
  }

  Findings findings(const ChoiceFile& file, std::span<const ChoiceAnswer> answers,
                    std::span<const ScoredItem> /*scored*/) const override {
    return find_in_choices(file, answers);
  }

  void write(const ChoiceFile& file, std::span<const ChoiceAnswer> answers, const fs::path& path) const override {
    write_choice_answers(file, answers, settings().answers, path);
  }
  ChoiceFile read_gold(const ScoreFiles& files) override {
    ChoiceFile gold = read_choices(files.gold);
    if (gold.is_labelled() || gold.records.empty()) return gold;
    throw DataError("{}: the question has no answer to score by", gold.records.front().place.to_string());
  }
  std::vector<ChoiceAnswer> read_answers(const ChoiceFile& gold, const ScoreFiles& files) override {
    return read_choice_answers(gold, files);
  }

  StreamReader<ChoiceQuestion> open_stream(RecordFormat format, std::string_view header) const override {
    return open_choice_stream(format, header);
  }
  nlohmann::ordered_json to_json(const ChoiceQuestion& question, const ChoiceAnswer& answer) const override {
    return choice_json(question, answer, settings().answers);
  }
  std::string to_columns(const ChoiceQuestion& question, const ChoiceAnswer& answer) const override {
    return choice_columns(question, answer, settings().answers);
  }

 private:
  const ChoiceSettings& settings() const { return definition_.config.as<ChoiceSettings>(); }

  void settle_labels(const std::vector<fs::path>& training_files) override {
    ChoiceForm& form = definition_.config.as<ChoiceSettings>().answers;
    if (training_files.empty() || form != ChoiceForm::kUnsaid) return;
    form = form_of_training(training_files.front());
  }

  bool is_single(const fs::path& path) const override { return fs::is_regular_file(path) || is_race_folder(path); }

  std::vector<fs::path> files_in(const fs::path& folder, Part part) const override {
    for (const fs::path& inner : {folder / race_folder(part), folder / "RACE" / race_folder(part)}) {
      if (is_race_folder(inner)) return {inner};
    }
    std::vector<fs::path> files = files_of_part(folder, part, kExtensions);
    if (part == Part::kTrain && files.size() > 1) return {folder};
    return files;
  }

  std::string expected_files(Part part) const override {
    return fmt::format("the folder {} of RACE, or files whose names end in {} with the extension {}", race_folder(part),
                       fmt::join(stems_of(part), " or "), fmt::join(kExtensions, " or "));
  }
};

void infer(const nlohmann::json& /*config*/, std::string_view /*source*/, StoredDefinition& stored) {
  stored.assumed.emplace_back("the context is the first text, the question with a choice the second");
}

}  // namespace

const TaskType& multiple_choice_type() {
  static const TaskType kType{.name = "multiple_choice",
                              .group = "choice",
                              .group_help = "questions with choices",
                              .asked = "the right one of several answers",
                              .model = "that chooses among answers",
                              .make_settings = make_settings<ChoiceSettings>,
                              .open = open_task<ChoiceTask>,
                              .transformers_class = "AlbertForMultipleChoice",
                              .infer = infer};
  return kType;
}

}  // namespace albert::tasks
