#include "config/described_fields.h"

#include <spdlog/fmt/fmt.h>

namespace albert::config {

void Describer::operator()(std::string_view name, std::int64_t& /*value*/, std::string_view help, Bounds /*bounds*/) {
  add(name, help);
}

void Describer::operator()(std::string_view name, double& /*value*/, std::string_view help, Bounds /*bounds*/) {
  add(name, help);
}

void Describer::operator()(std::string_view name, std::optional<double>& /*value*/, std::string_view help,
                           Bounds /*bounds*/) {
  add(name, help);
}

void Describer::operator()(std::string_view name, bool& /*value*/, std::string_view help) {
  add(name, help).values = {"true", "false"};
}

void Describer::operator()(std::string_view name, std::string& /*value*/, std::string_view help) {
  add(name, help);
}

void Describer::operator()(std::string_view name, std::filesystem::path& /*value*/, std::string_view help) {
  add(name, help).is_path = true;
}

void Describer::operator()(std::string_view name, std::vector<std::string>& /*value*/, std::string_view help) {
  add(name, help);
}

void Describer::operator()(std::string_view name, WordOrNumbers& /*value*/, std::string_view help,
                           const std::vector<std::string_view>& words, Bounds /*bounds*/) {
  add(name, help).values.assign(words.begin(), words.end());
}

void Describer::operator()(std::string_view name, Timeline& /*value*/, std::string_view help, Bounds /*bounds*/) {
  add(name, help);
}

std::size_t Describer::one_of(std::string_view name, std::size_t chosen, std::string_view help,
                              const std::vector<std::string_view>& allowed) {
  add(name, help).values.assign(allowed.begin(), allowed.end());
  return chosen;
}

void Describer::enter(std::string_view name, std::string_view /*help*/) {
  prefixes_.push_back(fmt::format("{}{}.", prefixes_.back(), name));
}

void Describer::leave() {
  prefixes_.pop_back();
}

/// A list is one setting: what is written replaces it whole.
std::optional<std::size_t> Describer::enter_list(std::string_view name, std::size_t /*size*/, std::string_view help) {
  add(name, help);
  return 0;
}

void Describer::enter_item(std::size_t /*index*/) {
  prefixes_.push_back(prefixes_.back());  // of a list without items there is none
}

DescribedField& Describer::add(std::string_view name, std::string_view help) {
  return fields_.emplace_back(DescribedField{.key = prefixes_.back() + std::string(name), .help = std::string(help)});
}

}  // namespace albert::config
