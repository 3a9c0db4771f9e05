#include "downstream/token_config.h"

namespace albert::downstream {

void TokenConfig::fields(config::Fields&) {}

void TokenConfig::check(config::Checks&, std::string_view) const {}

}  // namespace albert::downstream
