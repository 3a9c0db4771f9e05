#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/output.h"
#include "tasks/task.h"

namespace albert::tasks {

/// The folder that GLUE's leaderboard takes, made of the predictions of one model after another. A model of MNLI
/// answers the diagnostic set (AX.tsv) too, as the leaderboard demands.
class GlueSubmission {
 public:
  struct File {
    std::filesystem::path predictions;  ///< what is written
    std::filesystem::path test_file;
    std::size_t num_examples = 0;
  };

  /// \param data the folder of all tasks, as distributed
  /// \param output the folder; is made if it is not there. The rule of base/output.h holds for each of its files, as
  ///     one submission may be written in several calls.
  GlueSubmission(std::filesystem::path data, Output output) : data_(std::move(data)), output_(std::move(output)) {}

  /// The files that the model of a task answers, before anything is predicted. Throws UsageError if one is there and
  /// not to be replaced; DataError if its test files are not there or cannot be read; ModelError for a model of no task
  /// of GLUE, or of one that another model answers.
  std::vector<File> plan(const Task& task);

  /// Writes files that were planned for the task, into a folder that is there.
  /// \param score gives every item of a set its scores
  void write(const Task& task, const std::vector<File>& files, const std::function<void(ItemSet&)>& score) const;

  /// Names of the files that a whole submission has besides those that were planned.
  struct Others {
    std::vector<std::string> missing;
    std::vector<std::string> kept;  ///< they lie in the folder, written by an earlier call
  };
  Others others() const;

 private:
  std::vector<std::filesystem::path> test_files(const Task& task) const;

  std::filesystem::path data_;
  Output output_;
  std::vector<std::string> planned_;  ///< names of files
};

}  // namespace albert::tasks
