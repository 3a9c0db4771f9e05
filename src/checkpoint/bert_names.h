#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace albert::checkpoint {

/// The name that a parameter of Transformers' BERT has in an ALBERT of which every layer is a group of its own:
/// "albert.encoder.layer.3.intermediate.dense.weight" becomes
/// "albert.encoder.albert_layer_groups.3.albert_layers.0.ffn.weight". Other names stay.
/// \param name under the prefix "albert." if it is of the encoder or the pooler
std::string from_bert_name(std::string name);

/// The other way round, with the prefix "bert."; of a layer's parameters that BERT does not have, the name as it is.
std::string to_bert_name(std::string name);

/// What ALBERT calls a module of BERT's layers: "attention.self.query" is "attention.query"; nothing for others.
std::optional<std::string_view> albert_layer_module_of(std::string_view module);

}  // namespace albert::checkpoint
