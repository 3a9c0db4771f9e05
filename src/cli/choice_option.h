#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

namespace albert::cli {

/// The names of an option's values, in the order in which the help shows them.
template <typename Value>
using Choices = std::vector<std::pair<std::string, Value>>;

/// Adds an option that takes one of some names. The help shows them as "text|tsv|jsonl". \param take gets the value
template <typename Value>
CLI::Option* add_choice(CLI::App& command, const std::string& name, const Choices<Value>& choices,
                        std::function<void(Value)> take, const std::string& help) {
  std::string shown;
  std::map<std::string, Value> values;
  std::vector<std::string> names;
  for (const auto& [text, value] : choices) {
    shown += (shown.empty() ? "" : "|") + text;
    values.emplace(text, value);
    names.push_back(text);
  }
  return command
      .add_option_function<std::string>(
          name, [values, take = std::move(take)](const std::string& given) { take(values.at(given)); }, help)
      ->check(CLI::IsMember(names).description(""))
      ->type_name(shown);
}

/// The same for a variable that holds the default.
template <typename Value>
CLI::Option* add_choice(CLI::App& command, const std::string& name, Value& variable, const Choices<Value>& choices,
                        const std::string& help) {
  CLI::Option* option = add_choice<Value>(
      command, name, choices, [&variable](Value value) { variable = value; }, help);
  for (const auto& [text, value] : choices) {
    if (value == variable) option->default_str(text);
  }
  return option;
}

}  // namespace albert::cli
