#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "config/fields.h"

namespace albert::text {
class Tokenizer;
}

/// What a kind of task is before there is a model: its name, its settings, and how it is opened. The kinds themselves
/// are listed in registry.h.
namespace albert::tasks {

class Task;
struct StoredDefinition;
struct TaskDefinition;

/// The class of Transformers that opens an encoder without a head.
inline constexpr std::string_view kNoHead = "AlbertModel";

/// How Transformers describes the head of a task.
struct TransformersHead {
  std::string_view architecture;       ///< the class; kNoHead where it has none for the head
  std::string_view problem_type = {};  ///< how AlbertForSequenceClassification reads its labels; empty for the others

  /// The class that opens such a head of any model: "AutoModelForSequenceClassification"; empty where there is none.
  std::string auto_class() const {
    constexpr std::string_view kAlbert = "Albert";
    return architecture == kNoHead ? "" : "AutoModel" + std::string(architecture.substr(kAlbert.size()));
  }
};

/// Which options of `albert score` have an effect with a task, besides those that every task has.
struct ScoreOptions {
  bool column = false;     ///< --prediction: any column of one's own files may hold the predictions
  bool null_odds = false;  ///< --null-odds and --null-threshold
};

/// The settings of one kind of task: the group of `task` that TaskType::group names.
class Settings {
 public:
  virtual ~Settings() = default;
  virtual std::unique_ptr<Settings> clone() const = 0;

  virtual void fields(config::Fields& f) = 0;
  /// The fields that say how data files are read and what of them is judged: what `albert score` can be told. None
  /// where the files say themselves what they are.
  virtual void data_fields(config::Fields& /*f*/) {}
  virtual bool has_data_fields() const { return false; }
  /// \param prefix of the keys in the whole configuration: "task.question."
  virtual void check(config::Checks& /*c*/, std::string_view /*prefix*/) const {}

  virtual TransformersHead transformers_head() const = 0;
  virtual ScoreOptions score_options() const { return {}; }
  /// Whether what is learnt is which of some classes something is of, or which labels it has.
  virtual bool has_classes() const { return false; }
  /// Whether an answer has a probability that a temperature changes.
  virtual bool has_probabilities() const { return false; }
  /// The setting of the probability above which something is said; null for a kind without.
  virtual config::WordOrNumbers* decision_threshold() { return nullptr; }
  const config::WordOrNumbers* decision_threshold() const { return const_cast<Settings*>(this)->decision_threshold(); }
  /// The setting that names all labels in their order; null for a kind without labels.
  virtual const std::vector<std::string>* labels() const { return nullptr; }
  /// What the data files call the classes of a model, where these settings say so and `before` did not. Throws
  /// UsageError if they are not the same classes.
  /// \param labels of the model
  /// \return `labels` where nothing changes
  virtual std::vector<std::string> rename_labels(std::vector<std::string> labels, const Settings& /*before*/) const {
    return labels;
  }
  /// Whether a head that was trained under other settings of this kind was trained for the same data.
  virtual bool has_same_data(const Settings& /*other*/) const { return true; }
  /// Whether an example learns from the others of its update, which therefore may not be split.
  virtual bool learns_from_whole_updates() const { return false; }

 protected:
  Settings() = default;
  Settings(const Settings&) = default;
  Settings& operator=(const Settings&) = default;
};

/// Settings that are copied as what they are.
template <typename Derived>
class SettingsOf : public Settings {
  friend Derived;
  SettingsOf() = default;

 public:
  std::unique_ptr<Settings> clone() const override {
    return std::make_unique<Derived>(static_cast<const Derived&>(*this));
  }
};

template <typename KindSettings>
std::unique_ptr<Settings> make_settings() {
  return std::make_unique<KindSettings>();
}

/// One kind of task. Each kind's folder has a function that returns its own.
struct TaskType {
  std::string_view name;        ///< task.kind: "multiple_choice"
  std::string_view group;       ///< of its settings, under `task`: "choice"
  std::string_view group_help;  ///< "questions with choices"
  std::string_view asked;       ///< what is asked of a text, for the help of task.kind: "an answer in a text"
  std::string_view model;       ///< what a model of the kind is, for messages: "that chooses among answers"
  std::unique_ptr<Settings> (*make_settings)();
  std::unique_ptr<Task> (*open)(TaskDefinition definition, std::shared_ptr<const text::Tokenizer> tokenizer);

  /// The class of Transformers whose models are taken for this kind where nothing else says what they are; empty: none.
  std::string_view transformers_class = {};
  /// Fills labels and settings from the config.json of such a model, and says what was assumed. Throws ModelError.
  /// \param source the file's name, for messages
  void (*infer)(const nlohmann::json& config, std::string_view source, StoredDefinition& stored) = nullptr;
};

}  // namespace albert::tasks
