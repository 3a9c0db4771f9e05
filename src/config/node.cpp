#include "config/node.h"

#include <algorithm>

#include <yaml-cpp/yaml.h>

#include "base/error.h"
#include "base/file.h"

namespace albert::config {

namespace {

Node convert(const YAML::Node& yaml, const Origin& base) {
  Node node;
  node.origin = base;
  if (base.has_lines()) node.origin.line = yaml.Mark().line + 1;
  switch (yaml.Type()) {
    case YAML::NodeType::Scalar:
      node.kind = Node::Kind::kScalar;
      node.scalar = yaml.Scalar();
      node.quoted = yaml.Tag() == "!";
      break;
    case YAML::NodeType::Sequence:
      node.kind = Node::Kind::kSequence;
      for (const YAML::Node& item : yaml) node.items.push_back(convert(item, base));
      break;
    case YAML::NodeType::Map:
      node.kind = Node::Kind::kMapping;
      for (const auto& entry : yaml) {
        const std::string& key = entry.first.Scalar();
        Node value = convert(entry.second, base);
        if (base.has_lines()) value.origin.line = entry.first.Mark().line + 1;
        if (node.find(key) != nullptr) {
          throw UsageError("{}: the key '{}' is written twice; keep one", value.origin.to_string(), key);
        }
        node.entries.emplace_back(key, std::move(value));
      }
      break;
    default:
      break;
  }
  return node;
}

bool needs_quotes(const Node& node) {
  if (node.quoted || node.scalar.empty() || node.scalar.front() == ' ' || node.scalar.back() == ' ') return true;
  for (const std::string_view null : {"null", "Null", "NULL", "~"}) {
    if (node.scalar == null) return true;
  }
  return node.scalar.find_first_of("#:{}[],&*!|>'\"%@`\n\r\t\\") != std::string::npos || node.scalar.front() == '-';
}

bool is_number(const std::string& text) {
  char* end = nullptr;
  std::strtod(text.c_str(), &end);
  return !text.empty() && text.front() != ' ' && *end == '\0';
}

std::string write_scalar(const Node& node) {
  if (node.kind == Node::Kind::kNull) return "null";
  if (!needs_quotes(node) || (!node.quoted && is_number(node.scalar))) return node.scalar;
  std::string quoted = "\"";
  for (const char c : node.scalar) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (c == '\n') {
      quoted += "\\n";
    } else if (c == '\r') {
      quoted += "\\r";
    } else if (c == '\t') {
      quoted += "\\t";
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

void write(const Node& node, int indent, bool with_origins, std::string& out) {
  for (const auto& [key, value] : node.entries) {
    out.append(static_cast<std::size_t>(indent), ' ').append(key).append(":");
    if (value.kind == Node::Kind::kMapping && !value.entries.empty()) {
      out += '\n';
      write(value, indent + 2, with_origins, out);
      continue;
    }
    out += ' ';
    if (value.kind == Node::Kind::kSequence) {
      out += '[';
      for (std::size_t i = 0; i < value.items.size(); ++i)
        out.append(i > 0 ? ", " : "").append(write_scalar(value.items[i]));
      out += ']';
    } else if (value.kind == Node::Kind::kMapping) {
      out += "{}";
    } else {
      out += write_scalar(value);
    }
    if (with_origins) out += "  # " + value.origin.to_string();
    out += '\n';
  }
}

}  // namespace

std::string Origin::to_string() const {
  if (!argument.empty()) return "--set " + argument;
  if (!recipe.empty()) return fmt::format("recipe {}:{}", recipe, line);
  if (file.empty()) return "default";
  return fmt::format("{}:{}", file.string(), line);
}

const Node* Node::find(std::string_view key) const {
  const auto entry = std::ranges::find(entries, key, &Entry::key);
  return entry == entries.end() ? nullptr : &entry->value;
}

Node& Node::child(std::string_view key) {
  kind = Kind::kMapping;
  const auto entry = std::ranges::find(entries, key, &Entry::key);
  return entry == entries.end() ? entries.emplace_back(std::string(key), Node{}).value : entry->value;
}

void Node::merge(Node other) {
  if (kind != Kind::kMapping || other.kind != Kind::kMapping) {
    *this = std::move(other);
    return;
  }
  for (auto& [key, value] : other.entries) child(key).merge(std::move(value));
}

Node parse_text(const std::string& text, const Origin& origin) {
  try {
    return convert(YAML::Load(text), origin);
  } catch (const YAML::Exception& error) {
    Origin place = origin;
    if (place.has_lines()) place.line = error.mark.line + 1;
    throw UsageError("{}: not valid YAML: {}", place.to_string(), error.msg);
  }
}

Node parse_file(const std::filesystem::path& file) {
  return parse_text(read_file(file), Origin{.file = file, .line = 1});
}

std::string to_yaml(const Node& node, bool with_origins) {
  std::string out;
  write(node, 0, with_origins, out);
  return out;
}

std::vector<std::pair<std::string, std::string>> flatten(const Node& node) {
  std::vector<std::pair<std::string, std::string>> values;
  for (const auto& [key, value] : node.entries) {
    if (value.kind == Node::Kind::kMapping) {
      for (auto& [inner, text] : flatten(value)) values.emplace_back(fmt::format("{}.{}", key, inner), std::move(text));
    } else if (value.kind == Node::Kind::kSequence) {
      std::string text;
      for (const Node& item : value.items) text += (text.empty() ? "" : ", ") + item.scalar;
      values.emplace_back(key, "[" + text + "]");
    } else {
      values.emplace_back(key, value.scalar);
    }
  }
  return values;
}

}  // namespace albert::config
