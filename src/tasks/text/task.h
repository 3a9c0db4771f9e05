#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tasks/task.h"
#include "tasks/text/encoding.h"
#include "tasks/text/files.h"
#include "text/tokenizer.h"

namespace albert::tasks {

/// A label, several labels or a number for a text or a pair of texts: the tasks of GLUE, and one's own.
class TextTask : public Task {
 public:
  /// Throws UsageError if the configuration compares models by a figure that the task does not have.
  TextTask(TaskDefinition definition, std::shared_ptr<const text::Tokenizer> tokenizer);

  model::HeadConfig head() const override;
  std::string metric() const override;
  bool is_header(std::string_view first_line) const override;
  std::unique_ptr<RecordWindow> open_window(RecordFormat format, std::string_view header,
                                            std::string& out_header) const override;

 private:
  std::unique_ptr<DataSet> load(const Source& source) const override;
  std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder, Part part) const override;
  std::string expected_files(Part part) const override;
  void settle_labels(const std::vector<std::filesystem::path>& training_files) override;

  const TextConfig& config() const { return definition_.config.text; }
  TextFiles files() const { return TextFiles(config()); }
  TextEncoding encoding() const;

  std::shared_ptr<const text::Tokenizer> tokenizer_;
};

}  // namespace albert::tasks
