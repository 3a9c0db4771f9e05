#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tasks/relation/encoding.h"
#include "tasks/task.h"
#include "text/tokenizer.h"

namespace albert::tasks {

/// How two entities of a sentence are related: SemEval-2010 Task 8 (TRAIN_FILE.TXT and TEST_FILE_FULL.TXT, or
/// TEST_FILE.TXT, in the folder or in those in which they are distributed), or one's own, in .jsonl files that are
/// named after the part.
class RelationTask : public Task {
 public:
  /// Throws UsageError if the configuration compares models by a figure that the task does not have.
  RelationTask(TaskDefinition definition, std::shared_ptr<const text::Tokenizer> tokenizer);

  model::HeadConfig head() const override;
  std::string metric() const override;
  std::unique_ptr<RecordWindow> open_window(RecordFormat format, std::string_view header,
                                            std::string& out_header) const override;

 private:
  std::unique_ptr<DataSet> load(const Source& source) const override;
  std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder, Part part) const override;
  std::string expected_files(Part part) const override;
  void settle_labels(const std::vector<std::filesystem::path>& training_files) override;

  const RelationConfig& config() const { return definition_.config.relation; }
  RelationEncoding encoding() const;

  std::shared_ptr<const text::Tokenizer> tokenizer_;
};

}  // namespace albert::tasks
