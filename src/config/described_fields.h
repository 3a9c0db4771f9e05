#pragma once

#include <string>
#include <vector>

#include "config/fields.h"

namespace albert::config {

/// A setting as it is shown to people.
struct DescribedField {
  std::string key;                       ///< the full one: "train.steps"
  std::string help;                      ///< what it is, in a sentence
  std::vector<std::string> values = {};  ///< the words that it takes; empty: others
  bool is_path = false;
};

/// The walk that collects what the fields of a component are, with its own for those of a group that depends on
/// another setting.
class Describer : public Fields {
 public:
  using Fields::operator();
  void operator()(std::string_view name, std::int64_t& value, std::string_view help, Bounds bounds) override;
  void operator()(std::string_view name, double& value, std::string_view help, Bounds bounds) override;
  void operator()(std::string_view name, std::optional<double>& value, std::string_view help, Bounds bounds) override;
  void operator()(std::string_view name, bool& value, std::string_view help) override;
  void operator()(std::string_view name, std::string& value, std::string_view help) override;
  void operator()(std::string_view name, std::filesystem::path& value, std::string_view help) override;
  void operator()(std::string_view name, std::vector<std::string>& value, std::string_view help) override;
  void operator()(std::string_view name, WordOrNumbers& value, std::string_view help,
                  const std::vector<std::string_view>& words, Bounds bounds) override;
  void operator()(std::string_view name, Timeline& value, std::string_view help, Bounds bounds) override;

  std::vector<DescribedField> take() { return std::move(fields_); }

 protected:
  std::size_t one_of(std::string_view name, std::size_t chosen, std::string_view help,
                     const std::vector<std::string_view>& allowed) override;
  void enter(std::string_view name, std::string_view help) override;
  void leave() override;
  std::optional<std::size_t> enter_list(std::string_view name, std::size_t size, std::string_view help) override;
  void leave_list() override {}
  void enter_item(std::size_t index) override;

 private:
  DescribedField& add(std::string_view name, std::string_view help);

  std::vector<std::string> prefixes_ = {""};
  std::vector<DescribedField> fields_;
};

/// The settings of a component, in the order in which it names them.
template <typename Component>
std::vector<DescribedField> describe_fields(Component component) {
  Describer describer;
  component.fields(describer);
  return describer.take();
}

}  // namespace albert::config
