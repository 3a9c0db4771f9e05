#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace albert::checkpoint {

/// Whose names the variables of a TensorFlow checkpoint have.
enum class TensorFlowModel {
  kAlbert,    ///< google-research/albert, modeling.py
  kAlbertZh,  ///< brightmart/albert_zh, modeling.py: BERT's names, with layers that are shared or not
  kBert,      ///< google-research/bert, modeling.py
};

/// What a variable is called in Hugging Face's model of the same kind.
struct TranslatedName {
  std::string name;
  bool is_transposed = false;  ///< a kernel, of which Hugging Face has the rows as columns
};

/// Whose names these are. Where none tells, as in a head saved alone, they are taken for ALBERT's.
/// \param names of the variables of a model, without what is_training_state() finds
/// Throws ModelError, naming a variable, for those of two models at once, and for names that do not tell the
/// parameter: those of layer normalisations that are not shared with the rest of a layer, and those of TensorFlow 2's
/// objects.
TensorFlowModel model_of(const std::vector<std::string>& names);

/// Whether a variable belongs to the training, not to the model: what Adam and LAMB keep for each parameter, and the
/// counts of steps.
bool is_training_state(std::string_view name);

/// The name in Hugging Face's AlbertForPreTraining (or with the head of a task), or in its BertForPreTraining for
/// kBert. What is unknown keeps its own name. "module/", which TF-Hub puts before the names, is taken off.
TranslatedName translate(std::string_view name, TensorFlowModel model);

/// The projection of the word embeddings in albert_zh, for which Hugging Face has no parameter; see
/// complete_mapping().
inline constexpr std::string_view kProjection = "bert/embeddings/word_embeddings_2";

}  // namespace albert::checkpoint
