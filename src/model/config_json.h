#pragma once

#include <string>
#include <string_view>

#include "model/config.h"

namespace albert::model {

/// The configuration as the config.json of a Hugging Face model folder: sorted keys, what is ours alone under
/// "albert_cpp".
/// \param extra a JSON object whose entries are added (architectures, num_labels, id2label, ...); one under
/// "albert_cpp" is merged in
std::string to_config_json(const AlbertConfig& config, std::string_view extra = "{}");

/// The configuration in a config.json, with Hugging Face's defaults for absent keys. Keys that say nothing about the
/// shape are ignored.
/// Throws one ModelError that lists every wrong key: another model_type, a wrong type or value, a variant that does not
/// exist here.
/// \param source for the messages: the file's path
AlbertConfig parse_config_json(std::string_view text, std::string_view source);

}  // namespace albert::model
