#pragma once

#include <memory>

#include "tasks/task.h"

namespace albert::tasks {

/// Questions that are answered by a span of a text: SQuAD 1.1 and 2.0, CMRC 2018, and one's own in JSON lines.
class QuestionTask final : public Task {
 public:
  /// Throws UsageError for a metric that there is not, and if a sequence has no room for a context beside the longest
  /// question.
  QuestionTask(TaskDefinition definition, std::shared_ptr<const text::Tokenizer> tokenizer);

  /// There are no labels, but a file that is trained on is no development data then.
  model::HeadConfig head() const override;
  std::string metric() const override;
  std::unique_ptr<RecordWindow> open_window(RecordFormat format, std::string_view header,
                                            std::string& out_header) const override;
  std::string length_limit() const override;
  TaskDefinition settled(const Judgement& judgement) const override;

 private:
  std::unique_ptr<DataSet> load(const Source& source) const override;
  std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder, Part part) const override;
  std::string expected_files(Part part) const override;

  std::shared_ptr<const text::Tokenizer> tokenizer_;
};

}  // namespace albert::tasks
