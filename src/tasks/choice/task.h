#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tasks/choice/encoding.h"
#include "tasks/task.h"
#include "text/tokenizer.h"

namespace albert::tasks {

/// The right one of several answers to a question: RACE (the folder train, dev or test, in the data's folder or in its
/// folder RACE), and ARC, SWAG or one's own in .csv and .jsonl files that are named after the part ("dev.jsonl",
/// "challenge_dev.csv"). Several files to train on are read as one, and stand for their folder.
class ChoiceTask : public Task {
 public:
  /// Throws UsageError if the configuration compares models by a figure that the task does not have.
  ChoiceTask(TaskDefinition definition, std::shared_ptr<const text::Tokenizer> tokenizer);

  model::HeadConfig head() const override;
  std::string metric() const override;
  std::unique_ptr<RecordWindow> open_window(RecordFormat format, std::string_view header,
                                            std::string& out_header) const override;

 private:
  bool is_single(const std::filesystem::path& path) const override;
  std::unique_ptr<DataSet> load(const Source& source) const override;
  std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder, Part part) const override;
  std::string expected_files(Part part) const override;

  ChoiceEncoding encoding() const;

  std::shared_ptr<const text::Tokenizer> tokenizer_;
};

}  // namespace albert::tasks
