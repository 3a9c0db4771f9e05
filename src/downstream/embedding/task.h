#pragma once

#include <memory>
#include <string>
#include <vector>

#include "downstream/downstream.h"
#include "downstream/text/encoding.h"
#include "downstream/text/files.h"
#include "text/tokenizer.h"

namespace albert::downstream {

/// Texts as vectors whose cosine says how much they mean the same, learnt from pairs of texts.
class EmbeddingTask : public Downstream {
 public:
  /// Throws UsageError if the configuration compares models by a figure that the task does not have.
  EmbeddingTask(TaskDefinition definition, std::shared_ptr<const text::Tokenizer> tokenizer);

  std::vector<std::filesystem::path> find(const std::filesystem::path& path, Part part) const override;
  void settle_labels(const std::vector<std::filesystem::path>& training_files) override;
  bool divides(const std::filesystem::path& file) const override {
    return file.filename() == definition_.config.embedding.files.held_out_of;
  }
  model::HeadConfig head() const override;
  std::string metric() const override;
  std::unique_ptr<DataSet> read(const std::filesystem::path& file, Part part) const override;
  std::unique_ptr<RecordWindow> open_window(RecordFormat format, std::string_view header,
                                            std::string& out_header) const override;

 private:
  const EmbeddingConfig& config() const { return definition_.config.embedding; }
  TextEncoding encoding() const;
  void check_similar() const;

  std::shared_ptr<const text::Tokenizer> tokenizer_;
  TextConfig files_;  ///< config().text_files()
};

}  // namespace albert::downstream
