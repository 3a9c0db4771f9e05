#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tasks/task.h"
#include "tasks/text/encoding.h"
#include "tasks/text/files.h"
#include "text/tokenizer.h"

namespace albert::tasks {

/// Texts as vectors whose cosine says how much they mean the same, learnt from pairs of texts.
class EmbeddingTask : public Task {
 public:
  /// Throws UsageError if the configuration compares models by a figure that the task does not have.
  EmbeddingTask(TaskDefinition definition, std::shared_ptr<const text::Tokenizer> tokenizer);

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

  const EmbeddingConfig& config() const { return definition_.config.embedding; }
  TextEncoding encoding() const;
  void check_similar() const;

  std::shared_ptr<const text::Tokenizer> tokenizer_;
  TextConfig files_;  ///< config().text_files()
};

}  // namespace albert::tasks
