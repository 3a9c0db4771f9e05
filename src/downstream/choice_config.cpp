#include "downstream/choice_config.h"

namespace albert::downstream {

void ChoiceConfig::fields(config::Fields&) {}

void ChoiceConfig::check(config::Checks&, std::string_view) const {}

}  // namespace albert::downstream
