#include "downstream/question_config.h"

namespace albert::downstream {

void QuestionConfig::fields(config::Fields&) {}

void QuestionConfig::check(config::Checks&, std::string_view) const {}

}  // namespace albert::downstream
