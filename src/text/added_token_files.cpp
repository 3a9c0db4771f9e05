#include "text/added_token_files.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/shown.h"
#include "text/special_tokens.h"
#include "text/tokenizer_files.h"
#include "text/tokenizer_json.h"

namespace albert::text {

namespace {

using nlohmann::ordered_json;

constexpr const char* kDecoder = "added_tokens_decoder";
constexpr const char* kExtra = "extra_special_tokens";
constexpr const char* kAdditional = "additional_special_tokens";  ///< its older name
/// In the order in which those that are new get their ids.
constexpr std::array kNames = {"bos_token", "eos_token", "unk_token", "sep_token",
                               "pad_token", "cls_token", "mask_token"};

bool is_listed(const char* name) {
  return std::ranges::find(kNames, std::string_view(name)) != kNames.end();
}

/// The flag of a token.
bool flag(const ordered_json& token, const char* key, bool otherwise, const std::string& place) {
  const ordered_json* found = find_json_member(token, key, place);
  return found ? json_value<bool>(*found, place + "." + key) : otherwise;
}

bool is_token(const ordered_json& value) {
  return value.is_string() || (value.is_object() && value.contains("content"));
}

/// \param special where the file does not say
/// \param place of the value in its file
AddedToken parse_token(const ordered_json& value, bool special, const std::string& place) {
  AddedToken token;
  if (value.is_string()) return {.content = value.get<std::string>(), .normalized = !special, .special = special};
  if (!value.is_object()) refuse_json(value, "a text or an object", place);
  token.content = json_value<std::string>(json_member(value, "content", place), place + ".content");
  token.special = flag(value, "special", special, place);
  token.single_word = flag(value, "single_word", false, place);
  token.lstrip = flag(value, "lstrip", false, place);
  token.rstrip = flag(value, "rstrip", false, place);
  token.normalized = flag(value, "normalized", !token.special, place);
  return token;
}

/// A token and where it stands.
struct Declared {
  AddedToken token;
  std::string file;
};

/// What the files of a folder say.
class Declarations {
 public:
  explicit Declarations(std::filesystem::path folder) : folder_(std::move(folder)) {
    read(kConfigFile, [&](const ordered_json& config) { take_config(config); });
    if (names_.contains(kDecoder)) {
      within(kConfigFile, [&] { take_decoder(names_.at(kDecoder)); });
      return;
    }
    read(kSpecialTokensFile, [&](const ordered_json& map) { take_special_tokens(map); });
    read(kAddedTokensFile, [&](const ordered_json& ids) { take_ids(ids); });
    read(kTokenizerFile, [&](const ordered_json& file) { take_tokenizer(file); });
  }

  /// Those with an id, in the order of the ids.
  const std::map<std::int64_t, Declared>& with_id() const { return with_id_; }

  /// Those that are only named, in the order in which they get ids.
  std::vector<AddedToken> named() const {
    std::vector<AddedToken> tokens;
    within(kConfigFile, [&] {
      for (const char* name : kNames) {
        if (names_.contains(name) && is_token(names_.at(name)))
          tokens.push_back(parse_token(names_.at(name), true, name));
      }
      for (const auto& [name, value] : names_.items()) {
        if (name.ends_with("_token") && !is_listed(name.c_str()) && is_token(value))
          tokens.push_back(parse_token(value, true, name));
      }
      for (const ordered_json& value : extra()) tokens.push_back(parse_token(value, true, kExtra));
    });
    return tokens;
  }

  /// How one of the special tokens is spelled, if a file says so.
  std::optional<std::string> spelling(const char* name) const {
    std::optional<std::string> spelling;
    within(kConfigFile, [&] {
      if (names_.contains(name) && is_token(names_.at(name)))
        spelling = parse_token(names_.at(name), true, name).content;
    });
    return spelling;
  }

 private:
  /// Runs a function over what a file holds; nothing if the file is not there.
  template <typename Function>
  void read(const char* file, const Function& function) const {
    const std::filesystem::path path = folder_ / file;
    if (!is_there(path)) return;
    within(file, [&] { function(read_ordered_json(read_file(path, kMaxConfigBytes))); });
  }

  template <typename Function>
  void within(const char* file, const Function& function) const {
    try {
      function();
    } catch (const nlohmann::json::exception& error) {
      throw ModelError("{}: its tokens cannot be read: {}", (folder_ / file).string(), json_problem(error));
    }
  }

  void take_config(const ordered_json& config) {
    names_ = json_object(config, "");
    if (!names_.contains(kExtra) && names_.contains(kAdditional)) names_[kExtra] = names_.at(kAdditional);
  }

  void take_decoder(const ordered_json& decoder) {
    for (const auto& [key, value] : json_object(decoder, kDecoder).items()) {
      std::int64_t id = -1;
      const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), id);
      if (error != std::errc() || end != key.data() + key.size()) {
        throw ModelError("{}: {}: expected ids as keys, found {}", (folder_ / kConfigFile).string(), kDecoder,
                         in_quotes(key));
      }
      const std::string place = fmt::format("{}.{}", kDecoder, key);
      add_with_id(id, parse_token(value, false, place), kConfigFile, place);
    }
  }

  void take_special_tokens(const ordered_json& map) {
    for (const auto& [key, value] : json_object(map, "").items()) {
      if (key == kExtra && names_.contains(kExtra) && names_.at(kExtra).is_array()) {
        for (const ordered_json& token : json_list(value, kExtra)) names_.at(kExtra).push_back(token);
      } else {
        names_[key] = value;
      }
    }
  }

  /// added_tokens.json says nothing but ids. Transformers knows a token there to be special from its name only, not
  /// from the list in special_tokens_map.json.
  void take_ids(const ordered_json& ids) {
    std::vector<std::string> special;
    for (const char* name : kNames) {
      if (const auto found = spelling(name)) special.push_back(*found);
    }
    if (names_.contains(kExtra) && names_.at(kExtra).is_array()) {
      for (const ordered_json& token : names_.at(kExtra)) special.push_back(parse_token(token, true, kExtra).content);
    }
    for (const auto& [content, id] : json_object(ids, "").items()) {
      const bool is_special = std::ranges::find(special, content) != special.end();
      add_with_id(json_value<std::int64_t>(id, content), parse_token(content, is_special, content), kAddedTokensFile,
                  "");
    }
  }

  void take_tokenizer(const ordered_json& file) {
    constexpr const char* kList = "added_tokens";
    const ordered_json* list = find_json_member(file, kList);
    if (!list) return;
    std::size_t i = 0;
    for (const ordered_json& entry : json_list(*list, kList)) {
      const std::string place = fmt::format("{}[{}]", kList, i++);
      const auto id = json_value<std::int64_t>(json_member(entry, "id", place), place + ".id");
      add_with_id(id, parse_token(entry, false, place), kTokenizerFile, place);
    }
  }

  void add_with_id(std::int64_t id, AddedToken token, const char* file, const std::string& place) {
    if (token.content.empty()) refuse_json(ordered_json(""), "a token that is no empty text", place);
    with_id_[id] = {std::move(token), file};
  }

  /// The list of further special tokens; names and tokens if it is an object.
  std::vector<ordered_json> extra() const {
    const char* key = names_.contains(kExtra) ? kExtra : kAdditional;
    if (!names_.contains(key)) return {};
    const ordered_json& list = names_.at(key);
    if (!list.is_array() && !list.is_object()) refuse_json(list, "a list of tokens", key);
    return {list.begin(), list.end()};
  }

  std::filesystem::path folder_;
  ordered_json names_ = ordered_json::object();  ///< tokenizer_config.json with special_tokens_map.json over it
  std::map<std::int64_t, Declared> with_id_;
};

/// Gives tokens their ids.
class Numbering {
 public:
  explicit Numbering(const Tokenizer& vocabulary) : next_(vocabulary.vocabulary_size()) {
    for (std::int32_t id = 0; id < vocabulary.vocabulary_size(); ++id) ids_[std::string(vocabulary.piece(id))] = id;
  }

  /// \return the id: that of the piece or token of the same spelling, or a new one
  std::int32_t add(AddedToken token) {
    const auto [place, is_new] = ids_.emplace(token.content, next_);
    if (is_new) ++next_;
    token.id = place->second;
    tokens_[token.id] = token;
    return token.id;
  }

  bool has(const std::string& content) const {
    const auto found = ids_.find(content);
    return found != ids_.end() && tokens_.contains(found->second);
  }

  const std::map<std::int32_t, AddedToken>& tokens() const { return tokens_; }

 private:
  std::unordered_map<std::string, std::int32_t> ids_;
  std::map<std::int32_t, AddedToken> tokens_;
  std::int32_t next_;
};

void check_spellings(const Declarations& declarations, const Tokenizer& vocabulary,
                     const std::filesystem::path& folder) {
  const SpecialIds& ids = vocabulary.special();
  const std::array<std::pair<const char*, std::int32_t>, 4> needed = {
      {{"unk_token", ids.unknown}, {"cls_token", ids.cls}, {"sep_token", ids.sep}, {"mask_token", ids.mask}}};
  for (const auto& [name, id] : needed) {
    const auto found = declarations.spelling(name);
    if (!found || *found == vocabulary.piece(id)) continue;
    throw ModelError(
        "{}: {} in its settings of the tokenizer (tokenizer_config.json, special_tokens_map.json): expected {}, as in "
        "the vocabulary beside it, found {}",
        folder.string(), name, in_quotes(vocabulary.piece(id)), in_quotes(*found));
  }
}

void check_id(const Declared& declared, std::int64_t id, std::int32_t given, const std::filesystem::path& folder) {
  if (id == given) return;
  throw ModelError(
      "{}: the added token {} has the id {}; expected {}, which is its place in the vocabulary or the first one "
      "behind it and the tokens before",
      (folder / declared.file).string(), in_quotes(declared.token.content), id, given);
}

}  // namespace

std::vector<AddedToken> read_added_tokens(const std::filesystem::path& folder, const VocabularyTokenizer& vocabulary) {
  const Declarations declarations(folder);
  check_spellings(declarations, vocabulary, folder);
  Numbering numbering(vocabulary);
  for (const auto& [id, declared] : declarations.with_id()) {
    check_id(declared, id, numbering.add(declared.token), folder);
  }
  for (const AddedToken& token : declarations.named()) {
    if (!token.content.empty() && !numbering.has(token.content)) numbering.add(token);
  }
  std::vector<AddedToken> added;
  for (const auto& [id, token] : numbering.tokens()) added.push_back(token);
  return added;
}

bool lists_added_tokens(const std::filesystem::path& folder) {
  return std::filesystem::exists(folder / kTokenizerFile) || read_tokenizer_config(folder, "").contains(kDecoder);
}

}  // namespace albert::text
