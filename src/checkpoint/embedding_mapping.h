#pragma once

#include <deque>
#include <string>
#include <vector>

#include "checkpoint/safetensors.h"

namespace albert::checkpoint {

/// Between its embeddings of E numbers and its layers of H, Hugging Face's ALBERT always has a linear map. Two models
/// of TensorFlow have it in another form, or none; this gives the weights that compute the same.
///
/// albert_zh (modeling.py, embedding_lookup_factorized) projects the word embeddings [V, E] by word_embeddings_2 [E,
/// H] before it adds those of positions and segments and normalises, all of H numbers; ALBERT does so after. Its
/// embeddings are those of an ALBERT with E = H, whose word embeddings are the product [V, H]. So they are in the head
/// for masked words.
///
/// Where E = H, Google's ALBERT has no map, nor has albert_zh then: the weight is the identity, and the bias is zero.
///
/// \param tensors of one model under the names of Hugging Face and kProjection
/// \param copies hold what is computed
/// \returns a sentence for each thing that was computed and not read, for the log
/// Throws ModelError where word embeddings and projection do not fit.
std::vector<std::string> complete_mapping(std::vector<StoredTensor>& tensors, std::deque<std::string>& copies);

}  // namespace albert::checkpoint
