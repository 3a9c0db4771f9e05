#include "downstream/text_config.h"

namespace albert::downstream {

void TextConfig::fields(config::Fields&) {}

void TextConfig::check(config::Checks&, std::string_view) const {}

}  // namespace albert::downstream
