#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>
#include <spdlog/fmt/fmt.h>

#include "metrics/report.h"
#include "model/item.h"
#include "tasks/common/constant_guess.h"
#include "tasks/common/parts.h"
#include "tasks/common/place.h"
#include "tasks/common/tab_columns.h"
#include "tasks/common/unseen_labels.h"
#include "tasks/fitting.h"
#include "tasks/task.h"

/// The contract of a kind of task: what its folder writes. All else (data sets, streams, scores of files) is written
/// once over it, in data_set.h and stream.h.
namespace albert::tasks {

/// What items are made for. Items to learn from have labels; items to predict have them where the record says what is
/// right and the head's scores do not depend on it.
enum class Purpose { kTraining, kPrediction };

/// What an encoder makes of a record.
template <typename Trace>
struct Encoded {
  std::vector<model::Item> items;
  Trace trace;  ///< what is needed, besides the items, to understand their scores
};

/// The trace of a record of one item whose scores say everything.
struct NoTrace {};

/// What the model says of the items of one record: for each its scores, in the shape of model::HeadKind.
using RecordScores = std::span<const std::vector<float>>;

/// What became of the records of a data set, for describe().
struct SetCounts {
  std::size_t num_items = 0;
  std::size_t num_unusable = 0;       ///< records to train on that the encoder left out
  std::size_t num_of_other_part = 0;  ///< records of a divided file that are not here
};

/// How the records of a stream are read in one format, and what its header has.
template <typename Record>
struct StreamReader {
  /// \param line without its end. Throws DataError if it cannot be read.
  std::function<Record(std::string_view line, const Place& place)> parse;
  /// Says what shows only at the end of the stream; null: nothing.
  std::function<void()> end = nullptr;
  std::vector<std::string> columns = {};       ///< the names in the header; empty: the stream has none
  std::size_t num_columns = 0;                 ///< of a table, with a header or without
  bool is_quoted = false;                      ///< fields of a table may stand in quotes
  std::vector<std::string> answer_names = {};  ///< of the columns, or members of objects, that answers add
};

/// A kind of task over its own types, which `Types` names:
///
/// - File: what was read from a file, or from several of one part, which `append()` puts together. Its `records` are
///   the examples; beside them it has what a file of predictions repeats.
/// - Record: an example with what its file says of it.
/// - Encoder: turns records into items, one object for each thread. It has `Trace`, `std::optional<Encoded<Trace>>
///   encode(Record&, Purpose)`, which gives nothing for a record that cannot be trained on and may take out of the
///   record what is needed no more, and `num_truncated()`: records so far of which the end is not read.
/// - Answer: what a model says of a record, or a file of predictions.
template <typename Types>
class Kind : public Task {
 public:
  using File = Types::File;
  using Record = Types::Record;
  using Encoder = Types::Encoder;
  using Trace = Encoder::Trace;
  using Answer = Types::Answer;

  Kind(TaskDefinition definition, std::shared_ptr<const text::Tokenizer> tokenizer)
      : Task(std::move(definition)), tokenizer_(std::move(tokenizer)) {}

  // From a file to items.

  /// Reads a file in whichever layout of the kind it has. Throws DataError naming file, line, expected and found.
  virtual File read_records(const Source& source) const = 0;
  /// Whether the file says what is right, for all of its records.
  virtual bool is_labelled(const File& file) const { return file.is_labelled(); }
  /// What an example is known by where a file is divided: examples alike stay together.
  virtual std::string content_of(const Record& record) const = 0;
  /// Takes from a file the records that are not kept.
  virtual void keep_records(File& file, const std::vector<bool>& is_kept) const {
    std::size_t index = 0;
    std::erase_if(file.records, [&](const Record&) { return !is_kept[index++]; });
  }
  /// Counts the labels that a labelled file says are right, where answers are chosen among labels.
  /// \param part that the file is read as
  virtual void count_labels(const File& /*file*/, Part /*part*/, LabelCheck& /*labels*/) const {}
  virtual Encoder make_encoder() const = 0;
  /// What was read, cut and left out, for the log: "872 examples; 3 truncated to 128 tokens".
  virtual std::string describe(const File& file, const Encoder& encoder, const SetCounts& counts) const = 0;

  // From scores to answers and figures.

  /// \param items, trace that the encoder made of the record
  virtual Answer answer(std::span<const model::Item> items, const Trace& trace, RecordScores scores) const = 0;
  /// The definition with what its settings leave to development data found on a labelled file, see fitting.h; nothing
  /// where they leave nothing.
  /// \param answers [records of the file]
  /// \param scored the file's items, where answers have probabilities; else none
  virtual std::optional<TaskDefinition> fitted(const File& /*file*/, std::span<const Answer> /*answers*/,
                                               std::span<const ScoredItem> scored) const {
    return fit(definition_, head(), metric(), scored);
  }
  /// The same task under another definition.
  std::unique_ptr<Task> reopened(TaskDefinition definition) const {
    return definition_.config.type().open(std::move(definition), tokenizer_);
  }
  /// The official figures.
  /// \param answers [records of the file]
  virtual metrics::Report judge(const File& file, std::span<const Answer> answers) const = 0;

  /// Guesses of which one is the best that there is by any figure, or nearly so; none where figures have no value for any.
  /// \param file labelled
  virtual std::vector<ConstantGuess<Answer>> constant_guesses(const File& /*file*/) const { return {}; }

  /// The records with what is right and what was answered, for people to look at.
  /// \param file labelled
  /// \param answers [records of the file]
  /// \param scored the file's items
  virtual Findings findings(const File& file, std::span<const Answer> answers,
                            std::span<const ScoredItem> scored) const = 0;

  // From answers to files and streams, and back.

  /// Throws DataError if write() would, before there are answers: for a file that has columns or members of the names
  /// that are added.
  virtual void check_writable(const File& /*file*/) const {}
  /// The files that write() makes: that of the path, and those that are named after it.
  virtual std::vector<std::filesystem::path> written_files(const std::filesystem::path& path) const { return {path}; }
  /// Writes what the task's leaderboard takes, or one's own rows with the answers added; whole or not at all.
  virtual void write(const File& file, std::span<const Answer> answers, const std::filesystem::path& path) const = 0;
  /// Reads a labelled file for score(); it need not hold what only a model reads.
  virtual File read_gold(const ScoreFiles& files) { return read_records({.file = files.gold, .part = Part::kTrain}); }
  /// Reads what write() wrote, or another program in the same layout; labels that are not fixed become those of the
  /// files.
  /// \return [records of the file]. Throws DataError for answers that are missing, of no record, or there twice.
  virtual std::vector<Answer> read_answers(const File& gold, const ScoreFiles& files) = 0;

  /// \param header the first line of kTsv; else empty
  virtual StreamReader<Record> open_stream(RecordFormat format, std::string_view header) const = 0;
  /// The answer as members of a JSON object: the one form that it has for programs. What StreamReader::answer_names
  /// does not list repeats the record, and is added only where it is not there.
  virtual nlohmann::ordered_json to_json(const Record& record, const Answer& answer) const = 0;
  /// The answer as the columns of a stream that StreamReader::answer_names lists, apart by tabs.
  virtual std::string to_columns(const Record& record, const Answer& answer) const = 0;
  /// The answer as a line of plain text.
  virtual std::string to_line(const Record& record, const Answer& answer) const { return to_columns(record, answer); }

  // What follows from these.

  std::unique_ptr<RecordWindow> open_window(RecordFormat format, std::string_view header,
                                            std::string& out_header) const final;
  metrics::Report score(const ScoreFiles& files) final {
    const File gold = read_gold(files);
    const std::vector<Answer> answers = read_answers(gold, files);
    check_gold_labels(gold, Part::kTest);
    return judge(gold, answers);
  }

 protected:
  /// The setting that names all labels before training; empty: there is none.
  virtual std::string labels_setting() const {
    const TaskConfig& config = definition_.config;
    return config.settings().labels() ? fmt::format("task.{}.labels", config.type().group) : "";
  }
  std::int64_t max_length() const { return definition_.config.max_sequence_length; }

  std::shared_ptr<const text::Tokenizer> tokenizer_;  ///< null for score()

 private:
  std::unique_ptr<DataSet> load(std::span<const Source> sources) const final;
  /// The records of all files in one.
  File read_all(std::span<const Source> sources) const;
  /// Throws DataError, or warns, for labels of no class: see TaskConfig::unseen_labels.
  void check_gold_labels(const File& file, Part part) const;
};

/// Makes a task of a kind, for TaskType::open.
template <typename KindTask>
std::unique_ptr<Task> open_task(TaskDefinition definition, std::shared_ptr<const text::Tokenizer> tokenizer) {
  return std::make_unique<KindTask>(std::move(definition), std::move(tokenizer));
}

}  // namespace albert::tasks

#include "tasks/data_set.h"
#include "tasks/stream.h"
