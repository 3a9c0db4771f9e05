#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "config/fields.h"

namespace albert::config {

/// The walk that fills a component from a JSON object; absent and null values leave the default, unknown keys are left
/// alone.
class JsonReader : public Fields {
 public:
  /// \param object outlives the reader
  explicit JsonReader(const nlohmann::json& object) : stack_{{&object, ""}} {}

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

  /// "hidden_size: expected a whole number, found "many"".
  const std::vector<std::string>& mistakes() const { return mistakes_; }

 protected:
  std::size_t one_of(std::string_view name, std::size_t chosen, std::string_view help,
                     const std::vector<std::string_view>& allowed) override;
  void enter(std::string_view name, std::string_view help) override;
  void leave() override { stack_.pop_back(); }
  std::optional<std::size_t> enter_list(std::string_view name, std::size_t size, std::string_view help) override;
  void leave_list() override;
  void enter_item(std::size_t index) override;

 private:
  using Test = bool (nlohmann::json::*)() const noexcept;
  struct Level {
    const nlohmann::json* object;  ///< null where there is none
    std::string prefix;
  };

  const nlohmann::json* find(std::string_view name, std::string_view expected, Test is_right);
  template <typename Number>
  void read_number(std::string_view name, Number& value, std::string_view expected, Test is_right,
                   const Bounds& bounds);
  void fail(std::string_view name, std::string_view expected, const nlohmann::json& found);

  std::vector<Level> stack_;
  std::vector<std::string> mistakes_;
};

/// The walk that writes a component's values into a JSON object.
class JsonWriter : public Fields {
 public:
  /// \param object outlives the writer
  explicit JsonWriter(nlohmann::json& object) : stack_{&object} {}

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

 protected:
  std::size_t one_of(std::string_view name, std::size_t chosen, std::string_view help,
                     const std::vector<std::string_view>& allowed) override;
  void enter(std::string_view name, std::string_view help) override;
  void leave() override { stack_.pop_back(); }
  std::optional<std::size_t> enter_list(std::string_view name, std::size_t size, std::string_view help) override;
  void leave_list() override;
  void enter_item(std::size_t index) override;

 private:
  template <typename Value>
  void put(std::string_view name, const Value& value) {
    (*stack_.back())[std::string(name)] = value;
  }

  std::vector<nlohmann::json*> stack_;
};

}  // namespace albert::config
