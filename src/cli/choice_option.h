#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.h"

namespace albert::cli {

/// The names of an option's values, in the order in which the help shows them.
template <typename Value>
using Choices = std::vector<std::pair<std::string, Value>>;

/// Adds an option that takes one of some names. The help shows them as "text|tsv|jsonl".
/// \param take gets the value that was given
template <typename Value>
Option add_choice(Command& command, const std::string& name, const Choices<Value>& choices,
                  std::function<void(Value)> take, const std::string& help) {
  std::vector<std::string> names;
  for (const auto& choice : choices) names.push_back(choice.first);
  const std::map<std::string, Value> values(choices.begin(), choices.end());
  return command.add_choice(
      name, names, [values, take = std::move(take)](const std::string& given) { take(values.at(given)); }, help);
}

/// The same for a variable that holds the default.
template <typename Value>
Option add_choice(Command& command, const std::string& name, Value& variable, const Choices<Value>& choices,
                  const std::string& help) {
  Option option = add_choice<Value>(
      command, name, choices, [&variable](Value value) { variable = value; }, help);
  for (const auto& [text, value] : choices) {
    if (value == variable) option.show_default(text);
  }
  return option;
}

}  // namespace albert::cli
