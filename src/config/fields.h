#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "config/timeline.h"

namespace albert::config {

/// The values that a number may take, both ends included unless `open`.
struct Bounds {
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  bool open = false;  ///< the ends themselves are not allowed

  bool contain(double value) const { return open ? value > min && value < max : value >= min && value <= max; }
  std::string to_string() const;
};

inline Bounds at_least(double min) {
  return {.min = min};
}
inline Bounds positive() {
  return {.min = 0, .open = true};
}
inline Bounds between(double min, double max) {
  return {.min = min, .max = max};
}

/// What either a word says or numbers do: `balanced`, 0.5, or [1, 2.5].
struct WordOrNumbers {
  std::string word = {};  ///< empty: the numbers count
  std::vector<double> numbers = {};

  bool operator==(const WordOrNumbers&) const = default;
};

/// A walk over the fields of a component's configuration. Each component is a plain struct with defaults that names its
/// fields once:
///
///     struct ScheduleConfig {
///       std::int64_t warmup_steps = 0;
///       void fields(config::Fields& f) {
///         f("warmup_steps", warmup_steps, "updates of linear warm-up", config::at_least(0));
///       }
///       void check(config::Checks& c) const;  // optional: what one field alone cannot tell
///     };
///
/// Reading, printing and comparing configurations are all such walks. The help is one sentence with unit, special
/// values and source.
class Fields {
 public:
  virtual ~Fields() = default;

  virtual void operator()(std::string_view name, std::int64_t& value, std::string_view help, Bounds bounds = {}) = 0;
  virtual void operator()(std::string_view name, double& value, std::string_view help, Bounds bounds = {}) = 0;
  /// A number that may be left open: `null`.
  virtual void operator()(std::string_view name, std::optional<double>& value, std::string_view help,
                          Bounds bounds = {}) = 0;
  virtual void operator()(std::string_view name, bool& value, std::string_view help) = 0;
  virtual void operator()(std::string_view name, std::string& value, std::string_view help) = 0;
  /// A relative path in a file is relative to that file, one in --set or a recipe to the current directory; what is
  /// read is absolute.
  virtual void operator()(std::string_view name, std::filesystem::path& value, std::string_view help) = 0;
  /// A list of words; one word may stand without brackets.
  virtual void operator()(std::string_view name, std::vector<std::string>& value, std::string_view help) = 0;
  /// One of the words, a number, or a list of numbers.
  virtual void operator()(std::string_view name, WordOrNumbers& value, std::string_view help,
                          const std::vector<std::string_view>& words, Bounds bounds = {}) = 0;
  /// A number, or several by their shares of the run: `{0: 3, 0.5: 6}`; null: none.
  /// \param bounds of the values
  virtual void operator()(std::string_view name, Timeline& value, std::string_view help, Bounds bounds = {}) = 0;

  /// A value of an enumeration or the like, by name.
  template <typename Enum>
  void choice(std::string_view name, Enum& value, std::string_view help,
              const std::vector<std::pair<std::string_view, Enum>>& names) {
    std::vector<std::string_view> allowed;
    std::size_t chosen = 0;
    for (const auto& [text, candidate] : names) {
      if (candidate == value) chosen = allowed.size();
      allowed.push_back(text);
    }
    value = names[one_of(name, chosen, help, allowed)].second;
  }

  /// A number that counts if it is above 0.
  struct Alternative {
    std::string_view name;
    std::variant<std::int64_t*, double*> value;

    bool counts() const {
      return std::visit([](const auto* number) { return *number > 0; }, value);
    }
    void drop() const {
      std::visit([](auto* number) { *number = 0; }, value);
    }
  };
  /// Lets one of several numbers above 0 count that say the same in different ways: the one that is written latest, where
  /// --set comes after files and files after defaults; the others become 0. Those written in the same place stay, for
  /// check() to refuse. Call it after their fields.
  virtual void one_counts(const std::vector<Alternative>& /*alternatives*/) {}

  /// The fields of another component, under `name`.
  template <typename Component>
  void group(std::string_view name, Component& component, std::string_view help) {
    enter(name, help);
    component.fields(*this);
    leave();
  }

  /// A list of components: `[{corpus: a, weight: 0.7}, {corpus: b}]`. A list that is written replaces the one before.
  template <typename Component>
  void list(std::string_view name, std::vector<Component>& components, std::string_view help) {
    if (const auto size = enter_list(name, components.size(), help)) components.assign(*size, Component{});
    for (std::size_t i = 0; i < components.size(); ++i) {
      enter_item(i);
      components[i].fields(*this);
      leave();
    }
    leave_list();
  }

 protected:
  /// Returns the index of the value in `allowed`.
  virtual std::size_t one_of(std::string_view name, std::size_t chosen, std::string_view help,
                             const std::vector<std::string_view>& allowed) = 0;
  virtual void enter(std::string_view name, std::string_view help) = 0;
  virtual void leave() = 0;
  /// \param size of the list as it is
  /// \return how many items the list that was written has; nothing if there is none, or it is not being read
  virtual std::optional<std::size_t> enter_list(std::string_view name, std::size_t size, std::string_view help) = 0;
  virtual void leave_list() = 0;
  /// The item of the list that was entered last. leave() ends it.
  virtual void enter_item(std::size_t index) = 0;
};

/// Collects what is wrong with a configuration as a whole, so that all of it is reported at once.
class Checks {
 public:
  using Locate = std::function<std::string(std::string_view key)>;
  explicit Checks(Locate locate) : locate_(std::move(locate)) {}

  /// \param key the full name of the offending key: "schedule.warmup_steps"
  void fail(std::string_view key, const std::string& message);
  const std::vector<std::string>& messages() const { return messages_; }
  /// Of the messages, in their order.
  const std::vector<std::string>& keys() const { return keys_; }

 private:
  Locate locate_;
  std::vector<std::string> messages_;
  std::vector<std::string> keys_;
};

/// Whether someone who wrote `name` may have meant the other: few letters differ, or it is a part.
bool alike(std::string_view name, std::string_view other);

/// The candidate most like `name`, or empty if none is near.
std::string nearest(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace albert::config
