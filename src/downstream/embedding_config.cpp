#include "downstream/embedding_config.h"

namespace albert::downstream {

void EmbeddingConfig::fields(config::Fields&) {}

void EmbeddingConfig::check(config::Checks&, std::string_view) const {}

}  // namespace albert::downstream
