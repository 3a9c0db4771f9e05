#pragma once

#include <memory>
#include <string>
#include <vector>

#include "downstream/downstream.h"
#include "downstream/relation/encoding.h"
#include "text/tokenizer.h"

namespace albert::downstream {

/// How two entities of a sentence are related: SemEval-2010 Task 8, one's own.
class RelationTask : public Downstream {
 public:
  /// Throws UsageError if the configuration compares models by a figure that the task does not have.
  RelationTask(TaskDefinition definition, std::shared_ptr<const text::Tokenizer> tokenizer);

  /// SemEval-2010 Task 8: TRAIN_FILE.TXT and TEST_FILE_FULL.TXT, or TEST_FILE.TXT, here or in the folders in which they
  /// are distributed. Others: .jsonl files that are named after the part. Where there is no file for evaluation, the
  /// training file serves both: see RelationConfig::held_out.
  std::vector<std::filesystem::path> find(const std::filesystem::path& path, Part part) const override;
  void settle_labels(const std::vector<std::filesystem::path>& training_files) override;
  bool divides(const std::filesystem::path& file) const override {
    return file.filename() == definition_.config.relation.held_out_of;
  }
  model::HeadConfig head() const override;
  std::string metric() const override;
  std::unique_ptr<DataSet> read(const std::filesystem::path& file, Part part) const override;
  std::unique_ptr<RecordWindow> open_window(RecordFormat format, std::string_view header,
                                            std::string& out_header) const override;

 private:
  const RelationConfig& config() const { return definition_.config.relation; }
  RelationEncoding encoding() const;

  std::shared_ptr<const text::Tokenizer> tokenizer_;
};

}  // namespace albert::downstream
