#include "downstream/relation_config.h"

namespace albert::downstream {

void RelationConfig::fields(config::Fields&) {}

void RelationConfig::check(config::Checks&, std::string_view) const {}

}  // namespace albert::downstream
