#include "tasks/embedding/task.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include "base/error.h"
#include "base/file.h"
#include "base/shown.h"
#include "tasks/embedding/answers.h"
#include "tasks/embedding/findings.h"
#include "tasks/embedding/settings.h"
#include "tasks/kind.h"
#include "tasks/text/answer_files.h"
#include "tasks/text/answers.h"
#include "tasks/text/encoder.h"
#include "tasks/text/files.h"
#include "tasks/text/glue_answers.h"
#include "tasks/text/labels.h"
#include "tasks/text/readers.h"

namespace albert::tasks {

namespace {

struct EmbeddingTypes {
  using File = TextFile;
  using Record = TextRecord;
  using Encoder = TextEncoder;
  using Answer = EmbeddingAnswer;
};

class EmbeddingTask final : public Kind<EmbeddingTypes> {
 public:
  EmbeddingTask(TaskDefinition definition, std::shared_ptr<const text::Tokenizer> tokenizer)
      : Kind(std::move(definition), std::move(tokenizer)), texts_(settings().text_files()) {
    if (!texts_.glue || !settings().has_classes()) return;
    definition_.labels = glue_info(*texts_.glue).labels;
    check_similar();
  }

  model::HeadConfig head() const override {
    return {.kind = model::HeadKind::kEmbedding,
            .num_labels = static_cast<std::int64_t>(definition_.labels.size()),
            .pooling = settings().pooling,
            .objective = settings().objective,
            .scale = settings().scale};
  }
  std::vector<std::string> figures() const override {
    if (!settings().seeks_partners()) return {"spearman", "pearson"};
    std::vector<std::string> figures = {"mrr"};
    for (const std::int64_t cutoff : kRecallCutoffs) figures.push_back(fmt::format("recall_at_{}", cutoff));
    return figures;
  }

  TextFile read_records(const Source& source) const override { return files().read(source); }
  bool is_labelled(const TextFile& file) const override { return settings().seeks_partners() || file.is_labelled(); }
  std::string content_of(const TextRecord& record) const override { return texts_of(record); }
  void count_labels(const TextFile& file, Part /*part*/, LabelCheck& labels) const override {
    count_text_labels(file, texts_, definition_.labels, labels);
  }
  TextEncoder make_encoder() const override {
    return {*tokenizer_, max_length(), TextEncoder::Pairs::kApart,
            [labels = TextLabels(texts_, definition_.labels), max_score = settings().max_score](
                const TextRecord& record, model::Item& item) {
              labels.set(record, item);
              for (float& value : item.values) {
                value = static_cast<float>(target_cosine(value, max_score, record.place));
              }
            }};
  }
  std::string describe(const TextFile& file, const TextEncoder& encoder, const SetCounts& counts) const override {
    return describe_texts(file, encoder.num_truncated(), counts, max_length());
  }

  EmbeddingAnswer answer(std::span<const model::Item> items, const NoTrace& /*trace*/,
                         RecordScores scores) const override {
    return embedding_answer(settings(), items[0], scores[0]);
  }
  metrics::Report judge(const TextFile& file, std::span<const EmbeddingAnswer> answers) const override {
    return judge_embeddings(settings(), file, answers);
  }

  std::vector<ConstantGuess<EmbeddingAnswer>> constant_guesses(const TextFile& file) const override {
    if (settings().seeks_partners()) return {};
    return {{"the same cosine", std::vector<EmbeddingAnswer>(file.records.size())}};
  }

  Findings findings(const TextFile& file, std::span<const EmbeddingAnswer> answers,
                    std::span<const ScoredItem> scored) const override {
    return find_in_pairs(settings(), file, answers, scored);
  }

  void check_writable(const TextFile& file) const override {
    if (!texts_.glue) check_text_answers(cosines_, file);
  }
  void write(const TextFile& file, std::span<const EmbeddingAnswer> answers, const fs::path& path) const override {
    const std::vector<LabelAnswer> cosines = cosines_of(answers);
    if (!texts_.glue) return write_text_answers(cosines_, file, cosines, path);
    std::vector<std::string> values;
    for (const LabelAnswer& cosine : cosines) values.push_back(cosines_.prediction(cosine));
    write_glue_answers(file, values, path);
  }
  TextFile read_gold(const ScoreFiles& files) override {
    if (!settings().seeks_partners()) return read_gold_texts(texts_, files.gold);
    throw UsageError(
        "task.embedding.objective: in_batch_negatives is judged by where among all texts partners are, which no file "
        "of cosines says; `albert evaluate` computes it with the model");
  }
  std::vector<EmbeddingAnswer> read_answers(const TextFile& gold, const ScoreFiles& files) override {
    std::vector<EmbeddingAnswer> answers;
    for (LabelAnswer& cosine : read_numbers(read_written_answers(texts_, gold, files))) {
      answers.push_back({.cosine = std::move(cosine)});
    }
    return answers;
  }

  bool is_header(std::string_view first_line) const override { return is_text_header(texts_, first_line); }
  StreamReader<TextRecord> open_stream(RecordFormat format, std::string_view header) const override {
    return open_text_stream(texts_, cosines_, format, header);
  }
  nlohmann::ordered_json to_json(const TextRecord& /*record*/, const EmbeddingAnswer& answer) const override {
    return cosines_.json_members(answer.cosine);
  }
  std::string to_columns(const TextRecord& /*record*/, const EmbeddingAnswer& answer) const override {
    return cosines_.columns(answer.cosine, stream_dialect(texts_));
  }
  std::string to_line(const TextRecord& /*record*/, const EmbeddingAnswer& answer) const override {
    return cosines_.line(answer.cosine);
  }

 private:
  std::vector<fs::path> files_in(const fs::path& folder, Part part) const override {
    return files().files_in(folder, part);
  }
  std::string expected_files(Part part) const override { return files().expected_files(part); }

  void settle_labels(const std::vector<fs::path>& training_files) override {
    if (!settings().has_classes() || !definition_.labels.empty()) return;
    definition_.labels = infer_labels(files().read_all(training_files), texts_);
    check_similar();
  }
  void check_similar() const {
    if (std::ranges::find(definition_.labels, settings().similar) != definition_.labels.end()) return;
    throw UsageError("task.embedding.similar: no pair has the label '{}'; the labels are {}", settings().similar,
                     listed(definition_.labels));
  }

  const EmbeddingSettings& settings() const { return definition_.config.as<EmbeddingSettings>(); }
  TextFiles files() const { return TextFiles(texts_); }

  TextSettings texts_;  ///< settings().text_files()
  LabelAnswers cosines_{TextOutput::kRegression, {}};
};

}  // namespace

const TaskType& embedding_type() {
  static const TaskType kType{.name = "embedding",
                              .group = "embedding",
                              .group_help = "texts as vectors",
                              .asked = "a vector",
                              .model = "of texts as vectors",
                              .make_settings = make_settings<EmbeddingSettings>,
                              .open = open_task<EmbeddingTask>};
  return kType;
}

}  // namespace albert::tasks
