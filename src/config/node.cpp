#include "config/node.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <sstream>
#include <unordered_set>

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/yaml.h>

#include "base/destination.h"
#include "base/error.h"
#include "base/file.h"
#include "base/shown.h"
#include "base/utf8.h"

namespace albert::config {

namespace {

[[noreturn]] void refuse_size(const Origin& origin) {
  throw UsageError(
      "{}: expected at most {} values, {} inside of each other, found more; is there an alias (*) that repeats itself?",
      origin.to_string(), kMaxNodes, kMaxNodeDepth);
}

/// Makes a tree of what yaml-cpp read. An alias is copied wherever it stands, so a few lines of them can stand for any
/// number of values, and one that holds itself for endlessly many.
class Converter {
 public:
  explicit Converter(const Origin& base) : base_(base) {}

  Node convert(const YAML::Node& yaml) {
    Node node;
    node.origin = origin_of(yaml);
    if (++num_nodes_ > kMaxNodes || depth_ > kMaxNodeDepth) refuse_size(node.origin);
    ++depth_;
    fill(yaml, node);
    --depth_;
    return node;
  }

  std::vector<std::string> take_mistakes() { return std::move(mistakes_); }

 private:
  Origin origin_of(const YAML::Node& yaml) const {
    Origin origin = base_;
    if (base_.has_lines()) origin.line = yaml.Mark().line + 1;
    return origin;
  }

  void fill(const YAML::Node& yaml, Node& node) {
    if (yaml.IsScalar()) {
      node.kind = Node::Kind::kScalar;
      node.scalar = yaml.Scalar();
      node.quoted = yaml.Tag() == "!";
    } else if (yaml.IsSequence()) {
      node.kind = Node::Kind::kSequence;
      for (const YAML::Node& item : yaml) node.items.push_back(convert(item));
    } else if (yaml.IsMap()) {
      node.kind = Node::Kind::kMapping;
      std::unordered_set<std::string> keys;
      for (const auto& entry : yaml) add_entry(entry.first, entry.second, keys, node);
    }
  }

  void add_entry(const YAML::Node& name, const YAML::Node& content, std::unordered_set<std::string>& keys,
                 Node& mapping) {
    const Origin origin = origin_of(name);
    if (!name.IsScalar()) throw UsageError("{}: expected a word as key of a setting", origin.to_string());
    const std::string& key = name.Scalar();
    Node value = convert(content);
    value.origin = origin;
    if (keys.insert(key).second) {
      mapping.entries.emplace_back(key, std::move(value));
    } else {
      mistakes_.push_back(fmt::format("{}: the key {} is written twice; keep one", origin.to_string(), in_quotes(key)));
    }
  }

  const Origin& base_;
  int num_nodes_ = 0;
  int depth_ = 0;
  std::vector<std::string> mistakes_;
};

/// Whether a line is the three signs that begin or end a document, which a comment or content may follow.
bool is_marker(const std::string& line, std::string_view signs) {
  return line.starts_with(signs) &&
         (line.size() == signs.size() || std::isspace(static_cast<unsigned char>(line[signs.size()])) != 0);
}

/// The line, from 0, at which a second document begins; nothing if there is none. yaml-cpp's own reading of several
/// documents never ends for some texts that are no YAML.
std::optional<int> second_document(const std::string& text) {
  std::istringstream lines(text.starts_with(kByteOrderMark) ? text.substr(kByteOrderMark.size()) : text);
  bool has_content = false;
  bool has_ended = false;
  int number = 0;
  for (std::string line; std::getline(lines, line); ++number) {
    const std::size_t begin = line.find_first_not_of(" \t\r");
    const bool begins = is_marker(line, "---");
    const bool is_blank = begin == std::string::npos || line[begin] == '#';
    if ((begins && has_content) || (has_ended && !is_blank)) return number;
    has_ended = has_ended || is_marker(line, "...");
    has_content = has_content || begins || (!is_blank && line[0] != '%');
  }
  return std::nullopt;
}

/// Ends lines that end in a carriage return alone, which yaml-cpp does not know, in a line feed.
std::string with_line_feeds(std::string text) {
  for (std::size_t at = text.find('\r'); at != std::string::npos; at = text.find('\r', at + 1)) {
    if (at + 1 == text.size() || text[at + 1] != '\n') text[at] = '\n';
  }
  return text;
}

/// The only document of a text.
YAML::Node load(const std::string& text, const Origin& origin) {
  if (text.size() > kMaxYamlBytes) {
    throw UsageError("{}: expected at most {} bytes of YAML, found {}; is it the right file?", origin.to_string(),
                     kMaxYamlBytes, text.size());
  }
  if (text.find('\0') != std::string::npos) {
    throw UsageError("{}: expected YAML in UTF-8, found a NUL byte, as UTF-16 has them; is it the right file?",
                     origin.to_string());
  }
  const std::string lines = with_line_feeds(text);
  const std::optional<int> second = second_document(lines);
  if (!second) return YAML::Load(lines);
  Origin place = origin;
  if (place.has_lines()) place.line = *second + 1;
  throw UsageError("{}: expected one YAML document, found a second one behind '---'; write all settings in one",
                   place.to_string());
}

/// YAML is indented by spaces only, which its errors do not always say.
bool begins_with_tab(const std::string& text, int line) {
  std::istringstream lines(text);
  std::string found;
  for (int i = 0; i <= line && std::getline(lines, found); ++i) {
  }
  const std::size_t begin = found.find_first_not_of(' ');
  return begin != std::string::npos && found[begin] == '\t';
}

/// Whether a text stands in YAML without quotes.
bool is_plain(std::string_view text) {
  static constexpr std::string_view kSigns = "_-./+ ";
  const auto is_harmless = [](char c) {
    return !is_ascii(c) || std::isalnum(static_cast<unsigned char>(c)) != 0 || kSigns.find(c) != std::string_view::npos;
  };
  return !text.empty() && text.front() != '-' && text.front() != ' ' && text.back() != ' ' &&
         std::ranges::all_of(text, is_harmless);
}

bool is_null(std::string_view text) {
  return text == "null" || text == "Null" || text == "NULL" || text == "~";
}

bool is_number(const std::string& text) {
  char* end = nullptr;
  std::strtod(text.c_str(), &end);
  return !text.empty() && std::isspace(static_cast<unsigned char>(text.front())) == 0 && *end == '\0';
}

Node scalar_of(std::string_view text) {
  Node node;
  node.kind = Node::Kind::kScalar;
  node.scalar = text;
  return node;
}

std::string_view trim(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

/// Takes the first element of the inside of a list, as it stands or between its quotes, and the comma behind it.
/// \return nothing for what only YAML can read: an element that is a list or a mapping, or has escapes
std::optional<Node> take_element(std::string_view& rest) {
  const bool is_quoted = rest.starts_with('"') || rest.starts_with('\'');
  const std::size_t end = is_quoted ? rest.find(rest.front(), 1) : std::min(rest.find(','), rest.size());
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view text = is_quoted ? rest.substr(1, end - 1) : trim(rest.substr(0, end));
  rest = trim(rest.substr(is_quoted ? end + 1 : end));
  const bool is_plain =
      is_quoted ? text.find('\\') == std::string_view::npos : text.find_first_of("[]{}") == std::string_view::npos;
  if (!is_plain || (!is_quoted && text.empty()) || (!rest.empty() && !rest.starts_with(','))) return std::nullopt;
  if (!rest.empty()) rest = trim(rest.substr(1));
  Node node = scalar_of(text);
  node.quoted = is_quoted;
  return node;
}

/// A list of a command line, "[#, >50K]": its elements as they stand, since signs that mean something in YAML are
/// letters there. Nothing for what is no list of texts.
std::optional<Node> parse_flat_list(std::string_view value, const Origin& origin) {
  const std::string_view text = trim(value);
  if (text.size() < 2 || text.front() != '[' || text.back() != ']') return std::nullopt;
  Node list;
  list.kind = Node::Kind::kSequence;
  for (std::string_view rest = trim(text.substr(1, text.size() - 2)); !rest.empty();) {
    std::optional<Node> element = take_element(rest);
    if (!element) return std::nullopt;
    element->origin = origin;
    list.items.push_back(std::move(*element));
  }
  return list;
}

std::string double_quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      quoted += fmt::format("\\x{:02x}", byte);
    } else {
      if (c == '"' || c == '\\') quoted += '\\';
      quoted += c;
    }
  }
  return quoted + '"';
}

std::string write_text(const std::string& text, bool quoted) {
  const bool is_bare = !quoted && !is_null(text) && (is_plain(text) || is_number(text));
  return is_bare ? text : double_quoted(text);
}

std::string write_scalar(const Node& node) {
  return node.kind == Node::Kind::kNull ? "null" : write_text(node.scalar, node.quoted);
}

void write(const Node& node, int indent, bool with_origins, std::string& out);

/// A list of mappings, each of which begins with a dash.
void write_items(const std::vector<Node>& items, int indent, bool with_origins, std::string& out) {
  for (const Node& item : items) {
    const std::size_t dash = out.size() + static_cast<std::size_t>(indent);
    write(item, indent + 2, with_origins, out);
    if (dash < out.size()) out[dash] = '-';
  }
}

void write(const Node& node, int indent, bool with_origins, std::string& out) {
  for (const auto& [key, value] : node.entries) {
    out.append(static_cast<std::size_t>(indent), ' ').append(write_text(key, /*quoted=*/false)).append(":");
    if (value.kind == Node::Kind::kMapping && !value.entries.empty()) {
      out += '\n';
      write(value, indent + 2, with_origins, out);
      continue;
    }
    if (!value.items.empty() && value.items[0].kind == Node::Kind::kMapping) {
      out += '\n';
      write_items(value.items, indent + 2, with_origins, out);
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

std::filesystem::path Origin::folder() const {
  return descriptor_of(file) ? std::filesystem::path() : file.parent_path();
}

std::string Origin::to_string() const {
  if (!argument.empty()) return "--set " + shortened(argument);
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
  const bool is_one_value = entries.empty() || is_timeline(*this) || is_timeline(other);
  if (kind != Kind::kMapping || other.kind != Kind::kMapping || is_one_value) {
    *this = std::move(other);
    return;
  }
  for (auto& [key, value] : other.entries) child(key).merge(std::move(value));
}

bool is_timeline(const Node& node) {
  return node.kind == Node::Kind::kMapping && !node.entries.empty() &&
         std::ranges::all_of(node.entries, [](const Node::Entry& entry) { return is_number(entry.key); });
}

std::string describe(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kScalar:
      return node.quoted ? fmt::format("the text \"{}\"", shortened(node.scalar)) : in_quotes(node.scalar);
    case Node::Kind::kSequence:
      return "a list";
    case Node::Kind::kMapping:
      return "a mapping";
    default:
      return "nothing";
  }
}

Node parse_text(const std::string& text, const Origin& origin) {
  const auto place_of = [&origin](const YAML::Exception& error) {
    Origin place = origin;
    if (place.has_lines()) place.line = error.mark.line + 1;
    return place;
  };
  try {
    Converter converter(origin);
    Node node = converter.convert(load(text, origin));
    node.mistakes = converter.take_mistakes();
    return node;
  } catch (const YAML::DeepRecursion& error) {  // its message: "bad file"
    refuse_size(place_of(error));
  } catch (const YAML::Exception& error) {
    const char* advice = begins_with_tab(text, error.mark.line) ? "; the line begins with a tab: indent by spaces" : "";
    throw UsageError("{}: not valid YAML: {}{}", place_of(error).to_string(), error.msg, advice);
  }
}

Node parse_argument(const std::string& value, const Origin& origin) {
  Node node;
  try {
    node = parse_text(value, origin);
  } catch (const UsageError&) {  // a text with signs that mean something in YAML
    node = scalar_of(value);
  }
  if (auto list = parse_flat_list(value, origin)) node = std::move(*list);
  if (node.kind == Node::Kind::kNull && !is_null(value) && !trim(value).empty()) node = scalar_of(value);
  node.argument = value;
  node.origin = origin;
  return node;
}

Node parse_file(const std::filesystem::path& file) {
  return parse_text(read_file(file, kMaxConfigBytes), Origin{.file = file, .line = 1});
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
    } else if (!value.items.empty() && value.items[0].kind == Node::Kind::kMapping) {
      for (std::size_t i = 0; i < value.items.size(); ++i) {
        for (auto& [inner, text] : flatten(value.items[i]))
          values.emplace_back(fmt::format("{}[{}].{}", key, i, inner), std::move(text));
      }
    } else if (value.kind == Node::Kind::kSequence) {
      std::string text;
      for (const Node& item : value.items) text += (text.empty() ? "" : ", ") + item.scalar;
      values.emplace_back(key, "[" + text + "]");
    } else {
      values.emplace_back(key, value.kind == Node::Kind::kNull ? "null" : value.scalar);
    }
  }
  return values;
}

}  // namespace albert::config
