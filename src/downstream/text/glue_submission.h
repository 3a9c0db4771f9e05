#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "datasets/text/glue.h"
#include "downstream/downstream.h"

namespace albert::downstream {

/// The folder that GLUE's leaderboard takes, made of the predictions of one model after another. A model of MNLI
/// answers the diagnostic set (AX.tsv) too, as the leaderboard demands.
class GlueSubmission {
 public:
  struct File {
    std::filesystem::path predictions;  ///< what was written
    std::filesystem::path test_file;
    std::size_t num_examples = 0;
  };

  /// \param data the folder of all tasks, as distributed \param output is made if it is not there
  GlueSubmission(std::filesystem::path data, std::filesystem::path output)
      : data_(std::move(data)), output_(std::move(output)) {}

  /// Writes the files of a model's task. \param score gives every item of a set its scores
  /// Throws DataError if the test files are not there; ModelError for a model of no task of GLUE, or of one that
  /// another model has answered.
  std::vector<File> add(const Downstream& task, const std::function<void(ItemSet&)>& score);

  /// Names of the files that a whole submission has, and this one does not yet.
  std::vector<std::string> missing() const;

 private:
  std::vector<std::filesystem::path> test_files(const Downstream& task) const;

  std::filesystem::path data_;
  std::filesystem::path output_;
  std::vector<std::string> written_;
};

}  // namespace albert::downstream
