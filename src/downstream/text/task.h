#pragma once

#include <memory>
#include <string>
#include <vector>

#include "downstream/downstream.h"
#include "downstream/text/encoding.h"
#include "downstream/text/files.h"
#include "text/tokenizer.h"

namespace albert::downstream {

/// A label, several labels or a number for a text or a pair of texts: the tasks of GLUE, and one's own.
class TextTask : public Downstream {
 public:
  /// Throws UsageError if the configuration compares models by a figure that the task does not have.
  TextTask(TaskDefinition definition, std::shared_ptr<const text::Tokenizer> tokenizer);

  std::vector<std::filesystem::path> find(const std::filesystem::path& path, Part part) const override;
  void settle_labels(const std::vector<std::filesystem::path>& training_files) override;
  bool divides(const std::filesystem::path& file) const override {
    return file.filename() == definition_.config.text.held_out_of;
  }
  model::HeadConfig head() const override;
  std::string metric() const override;
  std::unique_ptr<DataSet> read(const std::filesystem::path& file, Part part) const override;
  std::unique_ptr<RecordWindow> open_window(RecordFormat format, std::string_view header,
                                            std::string& out_header) const override;

 private:
  const TextConfig& config() const { return definition_.config.text; }
  TextFiles files() const { return TextFiles(config()); }
  TextEncoding encoding() const;

  std::shared_ptr<const text::Tokenizer> tokenizer_;
};

}  // namespace albert::downstream
