#pragma once

#include <memory>
#include <string>
#include <vector>

#include "downstream/choice/encoding.h"
#include "downstream/downstream.h"
#include "text/tokenizer.h"

namespace albert::downstream {

/// The right one of several answers to a question: RACE, ARC, SWAG, one's own.
class ChoiceTask : public Downstream {
 public:
  /// Throws UsageError if the configuration compares models by a figure that the task does not have.
  ChoiceTask(TaskDefinition definition, std::shared_ptr<const text::Tokenizer> tokenizer);

  /// RACE: the folder train, dev or test, here or in a folder RACE. Others: the .csv and .jsonl files that are named
  /// after the part ("dev.jsonl", "challenge_dev.csv"); several to train on are read as one, and stand for their
  /// folder.
  std::vector<std::filesystem::path> find(const std::filesystem::path& path, Part part) const override;
  void settle_labels(const std::vector<std::filesystem::path>& training_files) override;
  model::HeadConfig head() const override;
  std::string metric() const override;
  std::unique_ptr<DataSet> read(const std::filesystem::path& file, Part part) const override;
  std::unique_ptr<RecordWindow> open_window(RecordFormat format, std::string_view header,
                                            std::string& out_header) const override;

 private:
  ChoiceEncoding encoding() const;

  std::shared_ptr<const text::Tokenizer> tokenizer_;
};

}  // namespace albert::downstream
