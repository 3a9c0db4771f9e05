#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>

#include <spdlog/fmt/ranges.h>

#include "base/shown.h"
#include "config/yaml_fields.h"

namespace albert::config {

namespace fs = std::filesystem;

namespace {

/// Whether a text holds a word, and not only as a part of another: "steps", and not that of "warmup_steps".
bool has_word(std::string_view text, std::string_view word) {
  const auto continues = [&](std::size_t at) {
    return at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) != 0 || text[at] == '_');
  };
  for (std::size_t at = 0; (at = text.find(word, at)) != std::string_view::npos; ++at) {
    if ((at == 0 || !continues(at - 1)) && !continues(at + word.size())) return true;
  }
  return false;
}

template <typename Number>
bool parse_number(const std::string& text, Number& value) {
  const bool has_plus = text.starts_with('+') && !text.starts_with("+-");  // which from_chars does not take
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data() + (has_plus ? 1 : 0), end, value);
  return result.ec == std::errc() && result.ptr == end;
}

template <typename Number>
bool parse_number(const Node& node, Number& value) {
  return !node.quoted && parse_number(node.scalar, value);
}

/// As YAML 1.2 writes them.
std::optional<bool> parse_bool(const Node& node) {
  if (node.quoted) return std::nullopt;
  for (const std::string_view yes : {"true", "True", "TRUE"}) {
    if (node.scalar == yes) return true;
  }
  for (const std::string_view no : {"false", "False", "FALSE"}) {
    if (node.scalar == no) return false;
  }
  return std::nullopt;
}

/// "~" and "~/data", which a shell leaves alone behind an equals sign.
fs::path with_home(const std::string& path) {
  const char* home = std::getenv("HOME");
  if (home == nullptr || (path != "~" && !path.starts_with("~/"))) return path;
  return path.size() > 2 ? fs::path(home) / path.substr(2) : fs::path(home);
}

/// A whole number may be written 1e6 or 1_000_000.
bool parse_integer(const Node& node, std::int64_t& value) {
  Node plain = node;
  std::erase(plain.scalar, '_');
  if (parse_number(plain, value)) return true;
  constexpr double kLimit = 0x1p53;  // up to here every whole number is a double
  double real = 0;
  if (!parse_number(plain, real) || std::abs(real) > kLimit || real != std::trunc(real)) return false;
  value = static_cast<std::int64_t>(real);
  return true;
}

/// Whether a scalar is one word for a list of words, not a list without its brackets, or with one of them.
bool is_word(const Node& node) {
  if (node.kind != Node::Kind::kScalar || node.scalar.empty()) return false;
  return node.quoted || node.scalar.find_first_of(",[]{}") == std::string::npos;
}

std::string describe_allowed(const std::vector<std::string_view>& words) {
  return fmt::format("{}{}a number or a list of numbers", fmt::join(words, ", "), words.empty() ? "" : ", ");
}

}  // namespace

const Node* Reader::take(std::string_view name) {
  Level& level = stack_.back();
  level.names.emplace_back(name);
  return level.node != nullptr ? level.node->find(name) : nullptr;
}

const Node* Reader::take_scalar(std::string_view name, std::string_view expected) {
  const Node* node = take(name);
  if (node == nullptr || node->kind == Node::Kind::kScalar) return node;
  fail(*node, name, fmt::format("expected {}, found {}", expected, describe(*node)));
  return nullptr;
}

/// \return the text of a scalar, or of a --set as it stands; null if there is none
const std::string* Reader::take_text(std::string_view name, std::string_view expected) {
  if (const Node* level = stack_.back().node) {
    if (const Node* node = level->find(name); node != nullptr && node->argument) return &*take(name)->argument;
  }
  const Node* node = take_scalar(name, expected);
  return node != nullptr ? &node->scalar : nullptr;
}

void Reader::fail(const Node& node, std::string_view name, const std::string& message) {
  doubtful_.push_back(stack_.back().prefix + std::string(name));
  mistakes_.push_back(fmt::format("{}: {}{}: {}", node.origin.to_string(), stack_.back().prefix, name, message));
}

void Reader::operator()(std::string_view name, std::int64_t& value, std::string_view, Bounds bounds) {
  const Node* node = take_scalar(name, "a whole number");
  if (node == nullptr) return;
  std::int64_t parsed = 0;
  if (!parse_integer(*node, parsed)) {
    fail(*node, name, fmt::format("expected a whole number, found {}", describe(*node)));
  } else if (!bounds.contain(static_cast<double>(parsed))) {
    fail(*node, name, fmt::format("expected a number {}, found {}", bounds.to_string(), parsed));
  } else {
    value = parsed;
  }
}

std::optional<double> Reader::number_of(const Node& node, std::string_view name, const Bounds& bounds) {
  double parsed = 0;
  if (!parse_number(node, parsed) || !std::isfinite(parsed)) {
    fail(node, name, fmt::format("expected a number, found {}", describe(node)));
  } else if (!bounds.contain(parsed)) {
    fail(node, name, fmt::format("expected a number {}, found {}", bounds.to_string(), node.scalar));
  } else {
    return parsed;
  }
  return std::nullopt;
}

void Reader::operator()(std::string_view name, double& value, std::string_view, Bounds bounds) {
  const Node* node = take_scalar(name, "a number");
  if (node != nullptr) value = number_of(*node, name, bounds).value_or(value);
}

void Reader::operator()(std::string_view name, std::optional<double>& value, std::string_view, Bounds bounds) {
  const Node* node = take(name);
  if (node == nullptr) return;
  if (node->kind == Node::Kind::kNull) {
    value.reset();
  } else if (node->kind != Node::Kind::kScalar) {
    fail(*node, name, fmt::format("expected a number, found {}", describe(*node)));
  } else if (const auto number = number_of(*node, name, bounds)) {
    value = number;
  }
}

void Reader::operator()(std::string_view name, bool& value, std::string_view) {
  const Node* node = take_scalar(name, "true or false");
  if (node == nullptr) return;
  const std::optional<bool> parsed = parse_bool(*node);
  if (!parsed) return fail(*node, name, fmt::format("expected true or false, found {}", describe(*node)));
  value = *parsed;
}

void Reader::operator()(std::string_view name, std::string& value, std::string_view) {
  if (const std::string* text = take_text(name, "text")) value = *text;
}

void Reader::operator()(std::string_view name, fs::path& value, std::string_view) {
  const std::string* text = take_text(name, "a path");
  if (text == nullptr) return;
  const fs::path folder = stack_.back().node->find(name)->origin.folder();
  value = text->empty() ? fs::path() : fs::absolute(folder / with_home(*text)).lexically_normal();
}

void Reader::operator()(std::string_view name, std::vector<std::string>& value, std::string_view) {
  const Node* node = take(name);
  if (node == nullptr) return;
  if (is_word(*node)) {
    value = {node->scalar};
    return;
  }
  const bool is_list = node->kind == Node::Kind::kSequence &&
                       std::all_of(node->items.begin(), node->items.end(),
                                   [](const Node& item) { return item.kind == Node::Kind::kScalar; });
  if (!is_list) {
    fail(*node, name, fmt::format("expected a word, or a list of words as [a, b], found {}", describe(*node)));
    return;
  }
  value.clear();
  for (const Node& item : node->items) value.push_back(item.scalar);
}

void Reader::operator()(std::string_view name, WordOrNumbers& value, std::string_view,
                        const std::vector<std::string_view>& words, Bounds bounds) {
  const Node* node = take(name);
  if (node == nullptr) return;
  if (node->kind == Node::Kind::kScalar && std::ranges::find(words, node->scalar) != words.end()) {
    value = {.word = node->scalar};
    return;
  }
  const bool is_list = node->kind == Node::Kind::kSequence;
  WordOrNumbers read;
  for (const Node& item : is_list ? node->items : std::vector<Node>{*node}) {
    double number = 0;
    if (!parse_number(item, number) || !std::isfinite(number)) {
      fail(item, name, fmt::format("expected {}, found {}", describe_allowed(words), describe(item)));
      return;
    }
    if (!bounds.contain(number)) {
      fail(item, name, fmt::format("expected numbers {}, found {}", bounds.to_string(), item.scalar));
      return;
    }
    read.numbers.push_back(number);
  }
  value = std::move(read);
}

void Reader::operator()(std::string_view name, Timeline& value, std::string_view, Bounds bounds) {
  const Node* node = take(name);
  if (node == nullptr) return;
  if (node->kind == Node::Kind::kNull) {
    value = {};
    return;
  }
  std::vector<Timeline::Point> points;
  if (node->kind == Node::Kind::kScalar) {
    const auto number = number_of(*node, name, bounds);
    if (!number) return;
    points.push_back({0, *number});
  } else if (node->kind != Node::Kind::kMapping || !is_timeline(*node)) {
    return fail(*node, name,
                fmt::format("expected a number, or numbers by shares of the run, as {{0: 1, 0.5: 2}}, found {}",
                            describe(*node)));
  }
  for (const Node::Entry& entry : node->entries) {
    double share = 0;
    parse_number(entry.key, share);
    const auto number = number_of(entry.value, fmt::format("{}.{}", name, entry.key), bounds);
    if (!number) return;
    points.push_back({share, *number});
  }
  Timeline read(std::move(points));
  if (const std::string mistake = read.mistake(); !mistake.empty()) return fail(*node, name, mistake);
  value = std::move(read);
}

std::size_t Reader::one_of(std::string_view name, std::size_t chosen, std::string_view,
                           const std::vector<std::string_view>& allowed) {
  const Node* node = take_scalar(name, "a word");
  if (node == nullptr) return chosen;
  const auto found = std::find(allowed.begin(), allowed.end(), node->scalar);
  if (found != allowed.end()) return static_cast<std::size_t>(found - allowed.begin());
  fail(*node, name, fmt::format("expected one of {}, found {}", fmt::join(allowed, ", "), describe(*node)));
  return chosen;
}

void Reader::one_counts(const std::vector<Alternative>& alternatives) {
  const auto rank = [this](std::string_view key) {
    const Node* node = stack_.back().node != nullptr ? stack_.back().node->find(key) : nullptr;
    return node == nullptr ? 0 : node->origin.argument.empty() ? 1 : 1 + node->origin.ordinal;
  };
  int latest = 0;
  for (const Alternative& one : alternatives) {
    if (one.counts()) latest = std::max(latest, rank(one.name));
  }
  for (const Alternative& one : alternatives) {
    if (one.counts() && rank(one.name) < latest) one.drop();
  }
}

void Reader::enter(std::string_view name, std::string_view) {
  const Node* node = take(name);
  if (node != nullptr && node->kind != Node::Kind::kMapping) {
    if (node->kind != Node::Kind::kNull)
      fail(*node, name, fmt::format("expected a mapping of settings, found {}", describe(*node)));
    node = nullptr;
  }
  stack_.push_back({node, fmt::format("{}{}.", stack_.back().prefix, name)});
}

std::optional<std::size_t> Reader::enter_list(std::string_view name, std::size_t /*size*/, std::string_view) {
  const Node* node = take(name);
  if (node != nullptr && node->kind != Node::Kind::kSequence) {
    fail(*node, name, fmt::format("expected a list of mappings, as [{{...}}, {{...}}], found {}", describe(*node)));
    node = nullptr;
  }
  stack_.push_back({.node = node, .prefix = fmt::format("{}{}", stack_.back().prefix, name)});
  return node == nullptr ? std::nullopt : std::optional(node->items.size());
}

void Reader::leave_list() {
  stack_.pop_back();
}

void Reader::enter_item(std::size_t index) {
  const Level& list = stack_.back();
  const std::string name = fmt::format("[{}]", index);
  const Node* node = list.node != nullptr ? &list.node->items[index] : nullptr;
  if (node != nullptr && node->kind != Node::Kind::kMapping) {
    fail(*node, name, fmt::format("expected a mapping of settings, found {}", describe(*node)));
    node = nullptr;
  }
  stack_.push_back({node, fmt::format("{}{}.", list.prefix, name)});
}

void Reader::leave() {
  report_unknown(stack_.back());
  stack_.pop_back();
}

void Reader::report_unknown(const Level& level) {
  if (level.node == nullptr) return;
  for (const auto& [key, value] : level.node->entries) {
    if (std::find(level.names.begin(), level.names.end(), key) != level.names.end()) continue;
    const std::string candidate = nearest(key, level.names);
    const std::string hint = candidate.empty() ? fmt::format("; expected one of {}", fmt::join(level.names, ", "))
                                               : fmt::format("; did you mean '{}{}'?", level.prefix, candidate);
    mistakes_.push_back(
        fmt::format("{}: unknown key {}{}", value.origin.to_string(), in_quotes(level.prefix + key), hint));
    if (!candidate.empty()) doubtful_.push_back(level.prefix + candidate);
  }
}

std::vector<std::string> Reader::finish() {
  report_unknown(stack_.front());
  return std::move(mistakes_);
}

bool Reader::is_doubtful(std::string_view key, std::string_view message) const {
  return std::ranges::any_of(doubtful_, [&](const std::string& doubtful) {
    const std::string_view last = std::string_view(doubtful).substr(doubtful.rfind('.') + 1);
    return key == doubtful || has_word(message, last);
  });
}

}  // namespace albert::config
