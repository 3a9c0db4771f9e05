#include "tasks/relation/task.h"

#include <algorithm>
#include <set>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "base/file.h"
#include "tasks/common/written_label.h"
#include "tasks/kind.h"
#include "tasks/relation/answers.h"
#include "tasks/relation/encoder.h"
#include "tasks/relation/findings.h"
#include "tasks/relation/readers.h"
#include "tasks/relation/settings.h"

namespace albert::tasks {

namespace {

struct RelationTypes {
  using File = RelationFile;
  using Record = RelationRecord;
  using Encoder = RelationEncoder;
  using Answer = LabelAnswer;
};

const std::vector<std::string> kExtensions = {".jsonl", ".ndjson", ".json"};

/// Where the parts of SemEval-2010 Task 8 lie, the better first.
std::vector<fs::path> semeval_files(Part part) {
  switch (part) {
    case Part::kTrain:
      return {"TRAIN_FILE.TXT", "SemEval2010_task8_training/TRAIN_FILE.TXT"};
    case Part::kTest:
      return {"TEST_FILE_FULL.TXT", "SemEval2010_task8_testing_keys/TEST_FILE_FULL.TXT", "TEST_FILE.TXT",
              "SemEval2010_task8_testing/SemEval2010_task8_testing/TEST_FILE.TXT"};
    case Part::kDevelopment:
      break;
  }
  return {};  // the task has none
}

class RelationTask final : public Kind<RelationTypes> {
 public:
  RelationTask(TaskDefinition definition, std::shared_ptr<const text::Tokenizer> tokenizer)
      : Kind(std::move(definition), std::move(tokenizer)) {
    if (definition_.labels.empty()) definition_.labels = settings().all_labels;
  }

  model::HeadConfig head() const override {
    const bool reads_starts = settings().head == RelationHead::kEntityStarts;
    return {.kind = reads_starts ? model::HeadKind::kEntityPair : model::HeadKind::kClassification,
            .num_labels = static_cast<std::int64_t>(definition_.labels.size())};
  }
  std::vector<std::string> figures() const override { return {"macro_f1", "accuracy"}; }
  bool is_in_percent(std::string_view figure) const override { return figure == "macro_f1"; }

  RelationFile read_records(const Source& source) const override { return read_relations(source.file); }
  std::string content_of(const RelationRecord& record) const override { return record.text; }
  void count_labels(const RelationFile& file, Part /*part*/, LabelCheck& labels) const override {
    for (const RelationRecord& record : file.records) labels.add(*record.label, record.place);
  }
  RelationEncoder make_encoder() const override { return {*tokenizer_, settings(), max_length(), definition_.labels}; }
  std::string describe(const RelationFile& file, const RelationEncoder& encoder,
                       const SetCounts& counts) const override {
    return fmt::format("{} sentences; {} shortened{}", file.records.size(), encoder.num_truncated(),
                       describe_share(counts.num_of_other_part));
  }

  LabelAnswer answer(std::span<const model::Item> /*items*/, const NoTrace& /*trace*/,
                     RecordScores scores) const override {
    if (scores[0].size() == definition_.labels.size()) return label_answers().from_scores(scores[0]);
    throw InternalError("{} scores of a sentence, expected {}", scores[0].size(), definition_.labels.size());
  }
  metrics::Report judge(const RelationFile& file, std::span<const LabelAnswer> answers) const override {
    return judge_relations(file, answers, definition_.labels);
  }

  std::vector<ConstantGuess<LabelAnswer>> constant_guesses(const RelationFile& file) const override {
    return guess_relations(file, definition_.labels);
  }

  Findings findings(const RelationFile& file, std::span<const LabelAnswer> answers,
                    std::span<const ScoredItem> /*scored*/) const override {
    return find_in_relations(file, answers, definition_.labels);
  }

  void check_writable(const RelationFile& file) const override { check_relation_answers(file, label_answers()); }
  void write(const RelationFile& file, std::span<const LabelAnswer> answers, const fs::path& path) const override {
    write_relation_answers(file, answers, label_answers(), path);
  }
  RelationFile read_gold(const ScoreFiles& files) override { return read_relation_gold(files.gold); }
  std::vector<LabelAnswer> read_answers(const RelationFile& gold, const ScoreFiles& files) override;

  StreamReader<RelationRecord> open_stream(RecordFormat format, std::string_view header) const override {
    StreamReader<RelationRecord> reader = open_relation_stream(format, header);
    const bool are_objects = format == RecordFormat::kJsonl;
    reader.answer_names = are_objects ? label_answers().member_names() : label_answers().column_names({});
    return reader;
  }
  nlohmann::ordered_json to_json(const RelationRecord& /*record*/, const LabelAnswer& answer) const override {
    return label_answers().json_members(answer);
  }
  std::string to_columns(const RelationRecord& /*record*/, const LabelAnswer& answer) const override {
    return label_answers().columns(answer, {});
  }
  std::string to_line(const RelationRecord& /*record*/, const LabelAnswer& answer) const override {
    return label_answers().line(answer);
  }

 private:
  const RelationSettings& settings() const { return definition_.config.as<RelationSettings>(); }
  LabelAnswers label_answers() const {
    return {TextOutput::kClassification, definition_.labels, {.temperature = definition_.config.temperature_in_use()}};
  }

  std::vector<fs::path> files_in(const fs::path& folder, Part part) const override {
    for (const fs::path& name : semeval_files(part)) {
      if (fs::exists(folder / name)) return {folder / name};
    }
    return files_of_part(folder, part, kExtensions);
  }
  std::string expected_files(Part part) const override {
    std::string expected =
        fmt::format("a file that is named after the part with the extension {}", fmt::join(kExtensions, " or "));
    if (part == Part::kDevelopment) return expected;
    return fmt::format("a file of SemEval-2010 Task 8 ({}), or {}",
                       part == Part::kTest ? "TEST_FILE_FULL.TXT" : "TRAIN_FILE.TXT", expected);
  }
  void settle_labels(const std::vector<fs::path>& training_files) override;
};

/// The labels of both files become those of the task.
std::vector<LabelAnswer> RelationTask::read_answers(const RelationFile& gold, const ScoreFiles& files) {
  const std::vector<std::string> predicted = read_relation_labels(gold, files);
  std::set<std::string> labels(predicted.begin(), predicted.end());
  for (const RelationRecord& record : gold.records) labels.insert(*record.label);
  definition_.labels.assign(labels.begin(), labels.end());
  std::vector<LabelAnswer> answers;
  for (const std::string& label : predicted) {
    const auto found = std::ranges::lower_bound(definition_.labels, label);
    answers.push_back({.classes = {static_cast<std::size_t>(found - definition_.labels.begin())}});
  }
  return answers;
}

void RelationTask::settle_labels(const std::vector<fs::path>& training_files) {
  if (!definition_.labels.empty()) return;
  std::set<std::string> labels;
  for (const fs::path& file : training_files) {
    for (const RelationRecord& record : read_relations(file).records) {
      if (!record.label) throw DataError("{}: the sentence has no label to learn", record.place.to_string());
      if (labels.insert(*record.label).second) check_written_label(*record.label, record.place.to_string());
    }
  }
  if (labels.size() < 2) {
    throw DataError("{}: expected sentences of two or more labels, found {}", training_files.front().string(),
                    labels.size());
  }
  definition_.labels.assign(labels.begin(), labels.end());
}

}  // namespace

const TaskType& relation_type() {
  static const TaskType kType{.name = "relation",
                              .group = "relation",
                              .group_help = "sentences with two entities",
                              .asked = "how two entities are related",
                              .model = "of relations between two entities",
                              .make_settings = make_settings<RelationSettings>,
                              .open = open_task<RelationTask>};
  return kType;
}

}  // namespace albert::tasks
