#include <algorithm>
#include <string>

#include <spdlog/fmt/fmt.h>

#include "config/yaml_fields.h"

namespace albert::config {

namespace fs = std::filesystem;

Node& Writer::put(std::string_view name, Node::Kind kind) {
  Node& node = stack_.back()->child(name);
  node.kind = kind;
  if (const Node* level = written_.back(); level != nullptr) {
    if (const Node* source = level->find(name)) node.origin = source->origin;
  }
  return node;
}

void Writer::operator()(std::string_view name, std::int64_t& value, std::string_view, Bounds) {
  put(name, Node::Kind::kScalar).scalar = std::to_string(value);
}

void Writer::operator()(std::string_view name, double& value, std::string_view, Bounds) {
  put(name, Node::Kind::kScalar).scalar = fmt::format("{}", value);
}

void Writer::operator()(std::string_view name, std::optional<double>& value, std::string_view, Bounds) {
  Node& node = put(name, value ? Node::Kind::kScalar : Node::Kind::kNull);
  if (value) node.scalar = fmt::format("{}", *value);
}

void Writer::operator()(std::string_view name, bool& value, std::string_view) {
  put(name, Node::Kind::kScalar).scalar = value ? "true" : "false";
}

void Writer::operator()(std::string_view name, std::string& value, std::string_view) {
  put(name, Node::Kind::kScalar).scalar = value;
}

void Writer::operator()(std::string_view name, fs::path& value, std::string_view) {
  put(name, Node::Kind::kScalar).scalar = value.string();
}

void Writer::operator()(std::string_view name, std::vector<std::string>& value, std::string_view) {
  Node& node = put(name, Node::Kind::kSequence);
  for (const std::string& item : value) {
    Node& child = node.items.emplace_back();
    child.kind = Node::Kind::kScalar;
    child.scalar = item;
  }
}

void Writer::operator()(std::string_view name, WordOrNumbers& value, std::string_view,
                        const std::vector<std::string_view>&, Bounds) {
  const auto text = [](double number) { return fmt::format("{}", number); };
  if (!value.word.empty() || value.numbers.size() == 1) {
    put(name, Node::Kind::kScalar).scalar = value.word.empty() ? text(value.numbers[0]) : value.word;
    return;
  }
  Node& node = put(name, Node::Kind::kSequence);
  for (const double number : value.numbers) {
    Node& item = node.items.emplace_back();
    item.kind = Node::Kind::kScalar;
    item.scalar = text(number);
  }
}

void Writer::operator()(std::string_view name, Timeline& value, std::string_view, Bounds) {
  if (value.is_constant()) {
    Node& node = put(name, value.is_empty() ? Node::Kind::kNull : Node::Kind::kScalar);
    if (!value.is_empty()) node.scalar = fmt::format("{}", value.last());
    return;
  }
  Node& node = put(name, Node::Kind::kMapping);
  for (const Timeline::Point& point : value.points()) {
    Node& child = node.child(fmt::format("{}", point.share));
    child.kind = Node::Kind::kScalar;
    child.scalar = fmt::format("{}", point.value);
    child.origin = node.origin;
  }
}

std::size_t Writer::one_of(std::string_view name, std::size_t chosen, std::string_view,
                           const std::vector<std::string_view>& allowed) {
  put(name, Node::Kind::kScalar).scalar = allowed[chosen];
  return chosen;
}

/// Those that do not count are 0 because of the one that does: that is where their values come from.
void Writer::one_counts(const std::vector<Alternative>& alternatives) {
  Node& level = *stack_.back();
  const auto counting = std::ranges::find_if(alternatives, &Alternative::counts);
  if (counting == alternatives.end()) return;
  for (const Alternative& one : alternatives) {
    if (!one.counts()) level.child(one.name).origin = level.child(counting->name).origin;
  }
}

void Writer::enter(std::string_view name, std::string_view) {
  stack_.push_back(&put(name, Node::Kind::kMapping));
  written_.push_back(written_.back() != nullptr ? written_.back()->find(name) : nullptr);
}

void Writer::leave() {
  stack_.pop_back();
  written_.pop_back();
}

std::optional<std::size_t> Writer::enter_list(std::string_view name, std::size_t size, std::string_view) {
  Node& list = put(name, Node::Kind::kSequence);
  list.items.resize(size);
  stack_.push_back(&list);
  written_.push_back(written_.back() != nullptr ? written_.back()->find(name) : nullptr);
  return std::nullopt;
}

void Writer::leave_list() {
  leave();
}

void Writer::enter_item(std::size_t index) {
  Node& item = stack_.back()->items[index];
  item.kind = Node::Kind::kMapping;
  const Node* list = written_.back();
  const Node* source = list != nullptr && index < list->items.size() ? &list->items[index] : nullptr;
  if (source != nullptr) item.origin = source->origin;
  stack_.push_back(&item);
  written_.push_back(source);
}

}  // namespace albert::config
