#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "metrics/calibration.h"
#include "metrics/report.h"
#include "model/head_config.h"
#include "model/item.h"
#include "tasks/common/pair_encoding.h"
#include "tasks/common/parts.h"
#include "tasks/common/place.h"
#include "tasks/definition.h"
#include "tasks/findings.h"

/// What each kind of task does with text and with scores: from a file in its public layout to items for the model, and
/// from the model's scores to predictions, figures and files. Nothing here knows a tensor.
namespace albert::tasks {

/// Things to be scored by a model.
class ItemSet {
 public:
  virtual ~ItemSet() = default;
  virtual std::size_t num_items() const = 0;
  virtual const model::Item& item(std::size_t index) const = 0;
  /// Takes what the model says of an item, in any order, from one thread at a time; what comes again replaces it.
  /// \param scores in the shape of model::HeadKind; valid during the call only
  virtual void take_scores(std::size_t index, std::span<const float> scores) = 0;
};

/// The expected calibration error, see metrics::Calibration.
inline constexpr const char* kCalibrationError = "expected_calibration_error";
/// That figure; none where no decision was counted.
metrics::Figures calibration_figures(const metrics::Calibration& calibration);

/// How well a set of examples was predicted: figures under the names of the command line, and more for people.
using Judgement = metrics::Report;

/// The best figure that saying the same of every example gives, and what that is.
struct GuessedFigure {
  std::string guess;  ///< for people: "'positive'"
  double value = 0;
  /// The best that any guess gives by each figure that has a value for one.
  metrics::Figures best_of_each = {};
};

/// Whether a data set keeps the texts of its examples once they are encoded: for DataSet::findings(), at the cost of memory.
enum class Texts { kDropped, kKept };

/// The examples of one file, or files, in memory.
class DataSet : public ItemSet {
 public:
  virtual std::size_t num_examples() const = 0;
  /// Whether the file says what is right.
  virtual bool is_labelled() const = 0;
  /// What was read, cut and left out, for the log: "872 examples; 3 truncated to 128 tokens".
  virtual std::string describe() const = 0;
  /// By the task's official metric. Only when labelled, and after every item's scores were taken.
  virtual Judgement judge() const = 0;
  /// The task's definition with what its settings leave to development data (a temperature, a threshold) found on this
  /// data; nothing where they leave nothing. What judge() needs, this needs.
  virtual std::optional<TaskDefinition> fitted() const = 0;
  /// What Task::metric() is where the same is said of every example, whatever it is; nothing where the kind of task has no
  /// such guess. Only when labelled.
  virtual std::optional<GuessedFigure> best_guess() const = 0;
  /// judge() by the answers that the same scores give under a definition of fitted().
  virtual Judgement judge(const TaskDefinition& fitted) const = 0;
  /// How well the probabilities tell how often answers are right, those under the temperature of a definition: no
  /// decisions where answers have no probabilities. What judge() needs, this needs.
  virtual metrics::Calibration calibration(const TaskDefinition& definition) const = 0;
  /// The examples with what is right and what was answered. What judge() needs, this needs, and data that were read
  /// with Texts::kKept.
  virtual Findings findings() const = 0;
  /// The files that write_predictions() makes; further ones (n-best lists, null odds) are named after `file`. Throws
  /// DataError if it could not add the predictions to the rows: before anything is computed.
  virtual std::vector<std::filesystem::path> prediction_files(const std::filesystem::path& file) const = 0;
  /// What the task's leaderboard takes, or for one's own data the rows with the prediction added; whole or not at all.
  /// After every item's scores were taken.
  virtual void write_predictions(const std::filesystem::path& file) const = 0;
};

/// How records come in and predictions go out on a stream.
enum class RecordFormat {
  kText,   ///< one text a line; two texts of a pair, or question and context, apart by a tab
  kTsv,    ///< columns as in the task's own files, with a header if these have one
  kJsonl,  ///< an object a line
  /// Objects as of kJsonl; a prediction comes as an object of its own, without the record.
  kAnswers,
};

/// Some records of a stream, predicted together.
class RecordWindow : public ItemSet {
 public:
  /// Adds a record. Throws DataError, and is unchanged, if it cannot be read or no answer can be added to it.
  /// \param record a line without its end, valid UTF-8
  virtual void add(std::string_view record, const Place& place) = 0;
  virtual std::size_t num_records() const = 0;
  /// Appends one prediction as a line, with its line feed. After every item's scores were taken.
  virtual void write(std::size_t record, std::string& out) const = 0;
  /// Appends the line that stands for a record that could not be read: what is there of a prediction is empty.
  /// \param record as it came, if it is valid UTF-8; else empty
  virtual void write_empty(std::string_view record, std::string& out) const = 0;
  virtual void clear() = 0;
  /// Says, as warnings, what shows only at the end of the stream.
  virtual void end() const {}
  /// Records so far, also those before clear(), of which the end is not read; those read in windows lose nothing.
  /// See Task::length_limit().
  virtual std::size_t num_truncated() const { return 0; }
  /// Which side of a record that is too long is not read, from the next record on; its end at first.
  /// \return whether the kind of task has the choice; if not, nothing changes
  virtual bool set_cut_side(CutSide side) { return side == CutSide::kEnd; }
};

/// Files to be judged without a model.
struct ScoreFiles {
  std::filesystem::path gold;         ///< with what is right, as training reads it
  std::filesystem::path predictions;  ///< as the task's leaderboard takes them, and as DataSet writes them
  /// Of one's own texts: the column of the prediction, by name or by number from 1. Nothing: as `evaluate` writes it.
  std::optional<std::string> column = {};
  // Of questions that may have no answer, see ScoreOptions.
  std::optional<std::filesystem::path> null_odds = {};  ///< {id: number}, the larger the surer that there is no answer
  std::optional<double> null_threshold = {};            ///< see metrics::NoAnswerOptions
};

/// Where the parts of a data set to train on lie.
struct DataFiles {
  std::vector<std::filesystem::path> training;
  /// Those of each set that is evaluated on by itself; of several data sets that are read as one, all in one.
  std::vector<std::vector<std::filesystem::path>> development = {};
  std::vector<std::filesystem::path> left_out = {};  ///< whose names say that they are for tests
};

/// A task as it is fine-tuned, evaluated and used. Immutable but for settle() and score(), and safe to use from several
/// threads after them. It outlives the data sets and windows that it makes.
class Task {
 public:
  virtual ~Task() = default;

  const TaskDefinition& definition() const { return definition_; }

  /// Where a part of a data set lies.
  /// \param data what --data names: a folder in the public layout, or one file, which is whatever part is asked for.
  ///     The file that was divided for training is for development too, where a folder has no other.
  /// \return in a fixed order. Throws DataError that says which names were looked for if there is nothing.
  std::vector<std::filesystem::path> find(const std::filesystem::path& data, Part part) const;

  /// Before training: takes the labels from the training data, unless the task, the configuration or the model fixes
  /// them; and where there is no file for evaluation, or folds are asked for, divides the training files (TaskConfig).
  /// From then on labels that are not known are refused.
  /// \param data what --data names: files and folders, which are read as one data set. Of several files one whose name
  ///     says which part it holds is of that part; any other is to train on.
  DataFiles settle(const std::vector<std::filesystem::path>& data);
  DataFiles settle(const std::filesystem::path& data) { return settle(std::vector{data}); }

  /// Whether the file serves both training and evaluation. Any other that is trained on says nothing about how well it
  /// was learnt.
  bool divides(const std::filesystem::path& file) const;

  /// Of divided files only what belongs to the part; a test is always read whole. Throws DataError naming file, line,
  /// expected and found.
  /// \param files at least one; the predictions of several cannot be written
  std::unique_ptr<DataSet> read(const std::vector<std::filesystem::path>& files, Part part,
                                Texts texts = Texts::kDropped) const;
  std::unique_ptr<DataSet> read(const std::filesystem::path& file, Part part, Texts texts = Texts::kDropped) const {
    return read(std::vector{file}, part, texts);
  }

  virtual model::HeadConfig head() const = 0;
  /// The figures by which models may be compared, the usual one first; larger is better.
  virtual std::vector<std::string> figures() const = 0;
  /// The figure by which models are compared: the one that the configuration names, else the usual one.
  std::string metric() const;
  /// Whether a figure is of 100, as the official script of the data set prints it (metrics::Report); all others are
  /// fractions.
  virtual bool is_in_percent(std::string_view /*figure*/) const { return false; }

  /// Whether the first line of a stream of kTsv names the columns. If not, it is a record too.
  virtual bool is_header(std::string_view /*first_line*/) const { return true; }
  /// How long a record of a stream may be before its end is cut, for people: "the 128 tokens that the model reads".
  virtual std::string length_limit() const;
  /// A window on a stream.
  /// \param header the first line of kTsv, as a record; else empty
  /// \param out_header receives the header of the output, if it has one
  virtual std::unique_ptr<RecordWindow> open_window(RecordFormat format, std::string_view header,
                                                    std::string& out_header) const = 0;
  /// The official score of a file of predictions, without a model: what evaluation gave when it wrote the file. Labels
  /// that are not fixed are taken from the files. Throws DataError for files that do not fit each other.
  virtual metrics::Report score(const ScoreFiles& files) = 0;

 protected:
  explicit Task(TaskDefinition definition) : definition_(std::move(definition)) {}

  virtual std::unique_ptr<DataSet> load(std::span<const Source> sources) const = 0;
  /// Whether a path is data by itself, not a folder of files.
  virtual bool is_single(const std::filesystem::path& path) const;
  /// Those that hold a part, in a fixed order (MNLI's matched part before its mismatched one); none if there is none.
  virtual std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder, Part part) const = 0;
  /// What files_in() looks for, for people.
  virtual std::string expected_files(Part part) const = 0;
  virtual void settle_labels(const std::vector<std::filesystem::path>& /*training_files*/) {}

  /// Whether a label that the model does not know is an error: it is while a model is trained, since a setting could
  /// still name it.
  bool refuses_unseen_labels() const {
    return is_settled_ || definition_.config.unseen_labels == UnseenLabels::kRefuse;
  }

  TaskDefinition definition_;

 private:
  DataFiles find_parts(const std::vector<std::filesystem::path>& data) const;
  void check_folds(const std::vector<std::filesystem::path>& files, Part part) const;

  bool is_settled_ = false;
};

/// The task of a definition.
/// \param tokenizer of the model; null where nothing is encoded, as for Task::score()
/// Throws UsageError if models are to be compared by a figure that the task does not have.
std::unique_ptr<Task> make_task(TaskDefinition definition, std::shared_ptr<const text::Tokenizer> tokenizer);

}  // namespace albert::tasks
