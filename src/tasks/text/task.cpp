#include "tasks/text/task.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "tasks/kind.h"
#include "tasks/text/answer_files.h"
#include "tasks/text/answers.h"
#include "tasks/text/encoder.h"
#include "tasks/text/files.h"
#include "tasks/text/findings.h"
#include "tasks/text/glue_answers.h"
#include "tasks/text/labels.h"
#include "tasks/text/readers.h"
#include "tasks/text/settings.h"

namespace albert::tasks {

namespace {

struct TextTypes {
  using File = TextFile;
  using Record = TextRecord;
  using Encoder = TextEncoder;
  using Answer = LabelAnswer;
};

TaskDefinition with_fixed_labels(TaskDefinition definition) {
  if (definition.labels.empty()) definition.labels = definition.config.as<TextSettings>().fixed_labels();
  return definition;
}

class TextTask final : public Kind<TextTypes> {
 public:
  TextTask(TaskDefinition definition, std::shared_ptr<const text::Tokenizer> tokenizer)
      : Kind(with_fixed_labels(std::move(definition)), std::move(tokenizer)),
        answers_(text_answers(definition_.config, definition_.labels)) {}

  model::HeadConfig head() const override {
    const auto num_labels = static_cast<std::int64_t>(definition_.labels.size());
    switch (settings().kind_of_output()) {
      case TextOutput::kRegression:
        return {.kind = model::HeadKind::kRegression, .num_labels = 1};
      case TextOutput::kMultilabel:
        return {.kind = model::HeadKind::kMultilabel, .num_labels = num_labels};
      case TextOutput::kClassification:
        break;
    }
    return {.kind = model::HeadKind::kClassification, .num_labels = num_labels};
  }

  std::vector<std::string> figures() const override {
    switch (settings().kind_of_output()) {
      case TextOutput::kRegression:
        return {"pearson", "spearman"};
      case TextOutput::kMultilabel:
        return {"micro_f1", "macro_f1", "accuracy", "precision", "recall"};
      case TextOutput::kClassification:
        break;
    }
    std::vector<std::string> figures = {"accuracy", "macro_f1", "micro_f1", "matthews", "f1", "precision", "recall"};
    if (settings().glue == GlueTask::kCola || settings().glue == GlueTask::kAx) {
      std::ranges::swap(figures[0], *std::ranges::find(figures, "matthews"));
    }
    return figures;
  }

  TextFile read_records(const Source& source) const override {
    TextFile file = files().read(source);
    const bool is_test = source.part == Part::kTest;
    if (is_test && are_placeholders(file.records, definition_.labels, settings())) {
      for (TextRecord& record : file.records) record.is_labelled = false;
    }
    return file;
  }
  std::string content_of(const TextRecord& record) const override { return texts_of(record); }
  void count_labels(const TextFile& file, Part /*part*/, LabelCheck& labels) const override {
    count_text_labels(file, settings(), definition_.labels, labels);
  }
  TextEncoder make_encoder() const override {
    return {*tokenizer_, max_length(), TextEncoder::Pairs::kTogether,
            [labels = TextLabels(settings(), definition_.labels)](const TextRecord& record, model::Item& item) {
              labels.set(record, item);
            }};
  }
  std::string describe(const TextFile& file, const TextEncoder& encoder, const SetCounts& counts) const override {
    return describe_texts(file, encoder.num_truncated(), counts, max_length());
  }

  LabelAnswer answer(std::span<const model::Item> /*items*/, const NoTrace& /*trace*/,
                     RecordScores scores) const override {
    const auto expected = static_cast<std::size_t>(head().num_labels);
    if (scores[0].size() == expected) return answers_.from_scores(scores[0]);
    throw InternalError("{} scores of a text, expected {}", scores[0].size(), expected);
  }
  metrics::Report judge(const TextFile& file, std::span<const LabelAnswer> answers) const override {
    return judge_texts(settings(), definition_.labels, file, answers);
  }

  std::vector<ConstantGuess<LabelAnswer>> constant_guesses(const TextFile& file) const override {
    return guess_texts(settings(), definition_.labels, file);
  }

  Findings findings(const TextFile& file, std::span<const LabelAnswer> answers,
                    std::span<const ScoredItem> /*scored*/) const override {
    return find_in_texts(settings(), definition_.labels, file, answers);
  }

  void check_writable(const TextFile& file) const override {
    if (!settings().glue) check_text_answers(answers_, file);
  }
  void write(const TextFile& file, std::span<const LabelAnswer> answers, const fs::path& path) const override {
    if (!settings().glue) return write_text_answers(answers_, file, answers, path);
    const bool are_similarities = settings().kind_of_output() == TextOutput::kRegression;
    std::vector<std::string> values;
    for (const LabelAnswer& answer : answers) {
      values.push_back(are_similarities ? glue_similarity(answer.value) : answers_.prediction(answer));
    }
    write_glue_answers(file, values, path);
  }
  TextFile read_gold(const ScoreFiles& files) override { return read_gold_texts(settings(), files.gold); }
  std::vector<LabelAnswer> read_answers(const TextFile& gold, const ScoreFiles& files) override {
    const WrittenAnswers written = read_written_answers(settings(), gold, files);
    if (definition_.labels.empty() || settings().labels_are_columns()) {
      definition_.labels = labels_of_files(settings(), gold, written);
    }
    return answers_of_files(settings(), definition_.labels, written);
  }

  bool is_header(std::string_view first_line) const override { return is_text_header(settings(), first_line); }
  StreamReader<TextRecord> open_stream(RecordFormat format, std::string_view header) const override {
    return open_text_stream(settings(), answers_, format, header);
  }
  nlohmann::ordered_json to_json(const TextRecord& /*record*/, const LabelAnswer& answer) const override {
    return answers_.json_members(answer);
  }
  std::string to_columns(const TextRecord& /*record*/, const LabelAnswer& answer) const override {
    return answers_.columns(answer, stream_dialect(settings()));
  }
  std::string to_line(const TextRecord& /*record*/, const LabelAnswer& answer) const override {
    return answers_.line(answer);
  }

 private:
  std::string labels_setting() const override { return settings().glue ? "" : Kind::labels_setting(); }
  std::vector<fs::path> files_in(const fs::path& folder, Part part) const override {
    return files().files_in(folder, part);
  }
  std::string expected_files(Part part) const override { return files().expected_files(part); }

  void describe_labels() const {
    const std::vector<std::string>& labels = definition_.labels;
    if (settings().glue || settings().kind_of_output() != TextOutput::kClassification) return;
    if (labels.size() == 2) {
      log_info(
          "f1, precision and recall are of '{}', the second of the two classes; "
          "--set 'task.text.labels=[\"{}\",\"{}\"]' makes it the other one",
          labels[1], labels[1], labels[0]);
    }
    constexpr std::size_t kMany = 20;
    const auto has_number = [](const std::string& label) {
      char* end = nullptr;
      std::strtod(label.c_str(), &end);
      return *end == '\0';
    };
    if (labels.size() > kMany && std::ranges::all_of(labels, has_number)) {
      log_warning("{} classes, whose names are all numbers: to learn the numbers themselves, use --config regression",
                  labels.size());
    }
  }

  void settle_labels(const std::vector<fs::path>& training_files) override {
    const TextOutput output = settings().kind_of_output();
    if (definition_.labels.empty() && output != TextOutput::kRegression) {
      take_labels(infer_labels(files().read_all(training_files), settings()));
    }
    describe_labels();
    const std::string& metric = definition_.config.metric;
    const bool of_two_classes = metric == "f1" || metric == "precision" || metric == "recall";
    if (output == TextOutput::kClassification && of_two_classes && definition_.labels.size() != 2) {
      throw UsageError("task.metric: '{}' is of the second of two classes, but there are {}; macro_f1 is of all",
                       metric, definition_.labels.size());
    }
  }
  void take_labels(std::vector<std::string> labels) {
    definition_.labels = std::move(labels);
    answers_ = text_answers(definition_.config, definition_.labels);
  }

  const TextSettings& settings() const { return definition_.config.as<TextSettings>(); }
  TextFiles files() const { return TextFiles(settings()); }

  LabelAnswers answers_;
};

}  // namespace

const TaskType& text_type() {
  static const TaskType kType{.name = "text",
                              .group = "text",
                              .group_help = "texts with labels or numbers",
                              .asked = "labels or a number for texts",
                              .model = "of labels or numbers for texts",
                              .make_settings = make_settings<TextSettings>,
                              .open = open_task<TextTask>,
                              .transformers_class = "AlbertForSequenceClassification",
                              .infer = infer_text_settings};
  return kType;
}

}  // namespace albert::tasks
