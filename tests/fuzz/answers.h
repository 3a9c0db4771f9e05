#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/head_config.h"
#include "tasks/task.h"
#include "text/tokenizer.h"

/// Tasks without a model: what one would say is invented.
namespace albert::fuzz {

/// As many scores as a model of this head gives for an item: the same for the same item.
/// \param vector_size H of kEmbedding
std::vector<float> invented_scores(const model::HeadConfig& head, const model::Item& item, std::int64_t vector_size);

/// Gives each item its invented scores.
void answer(tasks::ItemSet& items, const model::HeadConfig& head);

/// The task of a recipe of configs/finetune, with some labels where it has any.
std::unique_ptr<tasks::Task> make_task(std::string_view recipe, std::shared_ptr<const text::Tokenizer> tokenizer);

/// A file or folder that holds data, and the file that an input is written to.
struct DataFile {
  std::filesystem::path data;
  std::filesystem::path file = data;
};

/// Reads inputs as data sets: to train on, and to be evaluated on by invented answers.
class DataSetReader {
 public:
  /// \param recipes, files among which the first bytes of an input choose
  DataSetReader(std::vector<std::string> recipes, std::vector<DataFile> files);
  ~DataSetReader();
  DataSetReader(const DataSetReader&) = delete;
  DataSetReader& operator=(const DataSetReader&) = delete;

  void read(std::string_view input);

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

}  // namespace albert::fuzz
