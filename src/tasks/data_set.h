#pragma once

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "tasks/answered_records.h"
#include "tasks/kind.h"

namespace albert::tasks {

/// The records of a file with their items and answers: the one DataSet of all kinds.
template <typename Types>
class RecordSet final : public DataSet {
 public:
  using K = Kind<Types>;
  using File = K::File;

  /// \param kind outlives the set
  RecordSet(const K& kind, File file, const Source& source, std::size_t num_of_other_part)
      : kind_(kind), name_(source.file.string()), file_(std::move(file)), records_(kind) {
    is_labelled_ = kind_.is_labelled(file_);
    keeps_texts_ = source.keeps_texts;
    const bool has_probabilities = kind_.definition().config.settings().has_probabilities();
    if (is_labelled_ && (has_probabilities || keeps_texts_)) records_.keep_scores();
    const Purpose purpose = source.part == Part::kTrain ? Purpose::kTraining : Purpose::kPrediction;
    std::vector<bool> is_used;
    is_used.reserve(file_.records.size());
    for (auto& record : file_.records) is_used.push_back(add(record, purpose));
    counts_.num_of_other_part = num_of_other_part;
    counts_.num_unusable = static_cast<std::size_t>(std::ranges::count(is_used, false));
    counts_.num_items = records_.num_items();
    if (counts_.num_unusable > 0) kind_.keep_records(file_, is_used);
  }

  std::size_t num_items() const override { return records_.num_items(); }
  const model::Item& item(std::size_t index) const override { return records_.item(index); }
  void take_scores(std::size_t index, std::span<const float> scores) override { records_.take_scores(index, scores); }
  std::size_t num_examples() const override { return file_.records.size(); }
  bool is_labelled() const override { return is_labelled_; }
  std::string describe() const override { return kind_.describe(file_, records_.encoder(), counts_); }

  Judgement judge() const override {
    check_labelled();
    return kind_.judge(file_, records_.answers());
  }
  std::optional<GuessedFigure> best_guess() const override {
    check_labelled();
    std::optional<GuessedFigure> best;
    std::map<std::string, double> of_each;
    for (const ConstantGuess<typename K::Answer>& guess : kind_.constant_guesses(file_)) {
      // A correlation with a constant has no value: it says as little as one of 0.
      const metrics::Figures figures = kind_.judge(file_, guess.answers).figures;
      const double value = metrics::find(figures, kind_.metric()).value_or(0);
      if (!best || value > best->value) best = {guess.name, value};
      for (const auto& [name, figure] : figures) {
        const auto [there, is_new] = of_each.emplace(name, figure);
        if (!is_new) there->second = std::max(there->second, figure);
      }
    }
    if (best) best->best_of_each.assign(of_each.begin(), of_each.end());
    return best;
  }
  std::optional<TaskDefinition> fitted() const override {
    check_labelled();
    return kind_.fitted(file_, records_.answers(), records_.scored_items());
  }
  Judgement judge(const TaskDefinition& fitted) const override {
    check_labelled();
    const std::unique_ptr<Task> task = kind_.reopened(fitted);
    const K& kind = dynamic_cast<const K&>(*task);
    return kind.judge(file_, records_.answers_by(kind));
  }
  std::vector<std::filesystem::path> prediction_files(const std::filesystem::path& file) const override {
    kind_.check_writable(file_);
    return kind_.written_files(file);
  }
  void write_predictions(const std::filesystem::path& file) const override {
    kind_.write(file_, records_.answers(), file);
  }

  metrics::Calibration calibration(const TaskDefinition& definition) const override {
    check_labelled();
    if (!definition.config.settings().has_probabilities()) return {};
    const double temperature = definition.config.temperature_in_use();
    return calibration_of(temperature, kind_.head().kind, records_.scored_items());
  }
  Findings findings() const override {
    check_labelled();
    if (!keeps_texts_) throw InternalError("the texts of {} were not kept", name_);
    return kind_.findings(file_, records_.answers(), records_.scored_items());
  }

 private:
  /// The encoder may take texts out of a record.
  bool add(K::Record& record, Purpose purpose) {
    if (!keeps_texts_) return records_.add(record, purpose);
    typename K::Record encoded = record;
    return records_.add(encoded, purpose);
  }
  void check_labelled() const {
    if (!is_labelled_) throw InternalError("{} does not say what is right: it cannot be judged by", name_);
  }

  const K& kind_;
  std::string name_;  ///< of the file
  File file_;
  AnsweredRecords<Types> records_;
  bool is_labelled_ = false;
  bool keeps_texts_ = false;
  SetCounts counts_;
};

template <typename Types>
void Kind<Types>::check_gold_labels(const File& file, Part part) const {
  if (definition_.labels.empty() || !is_labelled(file)) return;
  LabelCheck check(definition_.labels, labels_setting());
  count_labels(file, part, check);
  if (refuses_unseen_labels()) {
    check.refuse();
  } else {
    check.warn();
  }
}

template <typename Types>
auto Kind<Types>::read_all(std::span<const Source> sources) const -> File {
  const auto read = [this](const Source& source) {
    File file = read_records(source);
    if (file.records.empty()) throw DataError("{}: expected examples, found none", source.file.string());
    return file;
  };
  File all = read(sources.front());
  for (const Source& source : sources.subspan(1)) {
    File more = read(source);
    if (is_labelled(all) != is_labelled(more)) {
      throw DataError("{} says what is right and {} does not, or the other way round: they cannot be one data set",
                      sources.front().file.string(), source.file.string());
    }
    all.append(std::move(more));
  }
  return all;
}

template <typename Types>
std::unique_ptr<DataSet> Kind<Types>::load(std::span<const Source> sources) const {
  File file = read_all(sources);
  const Source& first = sources.front();
  const std::size_t num_records = file.records.size();
  if (!first.held_out.is_empty()) {
    std::vector<std::string> contents;
    contents.reserve(num_records);
    for (const Record& record : file.records) contents.push_back(content_of(record));
    keep_records(file, choose_share(contents, first));
  }
  check_gold_labels(file, first.part);
  const std::size_t num_of_other_part = num_records - file.records.size();
  return std::make_unique<RecordSet<Types>>(*this, std::move(file), first, num_of_other_part);
}

}  // namespace albert::tasks
