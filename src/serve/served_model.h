#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inference/text_index.h"
#include "inference/vector_window.h"
#include "serve/batcher.h"
#include "tasks/common/label_answers.h"
#include "tasks/task.h"
#include "text/tokenizer.h"

namespace albert::serve {

/// What can be asked of a model.
enum class Ability {
  kPredict,
  kTags,
  kAnswer,
  kChoose,
  kRelation,
  kEmbed,        ///< vectors of length 1
  kEmbedAll,     ///< the hidden states of every token
  kEmbedSparse,  ///< a weight for each piece of the vocabulary
  kFillMask,
};

/// "predict": the route that asks for it.
std::string_view route_of(Ability ability);

/// What a model is, for people and for programs.
struct ModelFacts {
  std::string name;
  std::filesystem::path path;
  std::string precision;
  std::vector<Ability> abilities;
  std::int64_t max_length = 0;     ///< tokens of a text that it reads
  std::int64_t num_positions = 0;  ///< tokens that it has positions for: the bound of kFillMask, which cuts nothing
  std::int64_t vector_size = 0;    ///< H; 0: it makes no vectors
  bool pools_first_token = false;  ///< how vectors are made of hidden states: else they are the mean
  std::map<std::string, std::string> prompts = {};  ///< by name; put before texts that become vectors
  std::vector<std::string> labels = {};
  bool has_pairs = false;                        ///< of kPredict: it reads two texts
  std::optional<tasks::TextOutput> output = {};  ///< of kPredict

  bool can(Ability ability) const;
};

/// A model that is served. What it opens and computes may be used by several threads; it outlives the requests that it
/// answers.
struct ServedModel {
  ModelFacts facts;
  std::shared_ptr<const text::Tokenizer> tokenizer;
  std::shared_ptr<const tasks::Task> task;  ///< of a fine-tuned model, and so is the next
  /// A window on tasks::RecordFormat::kAnswers.
  std::function<std::shared_ptr<tasks::RecordWindow>()> open_records;
  std::map<std::string, std::unique_ptr<const inference::TextIndex>, std::less<>> indexes;
  std::map<std::string, std::string, std::less<>> refused_indexes;  ///< by their names why: another model made them
  /// Of each ability; of kFillMask an item's scores are those of inference::MaskedWindow. The last member, as they use
  /// the others.
  std::map<Ability, std::unique_ptr<Batcher>> batchers;

  /// For texts that become vectors of a form.
  /// \param form kEmbed, kEmbedAll or kEmbedSparse
  std::shared_ptr<inference::VectorWindow> open_vectors(Ability form) const;
  std::size_t num_waiting() const;
  /// See Batcher::stop().
  void stop() const;
};

}  // namespace albert::serve
