#include <iterator>

#include <nlohmann/json.hpp>

#include "base/json.h"
#include "base/json_numbers.h"
#include "base/utf8.h"
#include "serve/routes/inputs.h"

namespace albert::serve {

using nlohmann::json;

namespace {

std::shared_ptr<const ServedModel> choose_tokenizer(const Asked& asked, const Body& body) {
  auto model = named_model(asked, body);
  return model ? model : asked.models.all().front();
}

/// Counts characters up to growing byte offsets of a text.
class CharacterCount {
 public:
  explicit CharacterCount(std::string_view text) : text_(text) {}

  std::size_t upto(std::size_t byte) {
    for (; byte_ < byte; ++byte_) characters_ += continues_character(text_[byte_]) ? 0 : 1;
    return characters_;
  }

 private:
  std::string_view text_;
  std::size_t byte_ = 0;
  std::size_t characters_ = 0;
};

/// Writes the tokens of a text as they come: as objects of a JSON library those of 2 MB would take 500 MB.
class TokenWriter {
 public:
  explicit TokenWriter(std::string& out) : out_(out) { out_ += '['; }
  void end() { out_ += ']'; }

  void add_special(const text::Tokenizer& tokenizer, std::int32_t id) {
    begin(id, tokenizer.piece(id));
    out_ += R"(,"special":true,"start":null,"stop":null})";
  }
  /// \param start, stop in characters
  void add(std::int32_t id, std::string_view text, std::size_t start, std::size_t stop) {
    begin(id, text);
    fmt::format_to(std::back_inserter(out_), R"(,"special":false,"start":{},"stop":{}}})", start, stop);
  }

 private:
  void begin(std::int32_t id, std::string_view text) {
    if (out_.back() != '[') out_ += ',';
    fmt::format_to(std::back_inserter(out_), R"({{"id":{},"text":{})", id, dump_json(json(text)));
  }

  std::string& out_;
};

void append_tokens(const text::Tokenizer& tokenizer, const std::string& text, bool adds_special, std::string& out) {
  TokenWriter tokens(out);
  if (adds_special) tokens.add_special(tokenizer, tokenizer.special().cls);
  CharacterCount count(text);
  for (const text::Piece& piece : tokenizer.encode_with_offsets(text, text::SpecialTokens::kAsText)) {
    const std::size_t start = count.upto(piece.begin);
    tokens.add(piece.id, std::string_view(text).substr(piece.begin, piece.end - piece.begin), start,
               count.upto(piece.end));
  }
  if (adds_special) tokens.add_special(tokenizer, tokenizer.special().sep);
  tokens.end();
}

}  // namespace

Plan plan_tokenize(const Asked& asked, const Body& body) {
  const Texts inputs = texts_at(body.need("inputs"), "inputs", asked.limits);
  const bool adds_special = body.flag("add_special_tokens", true);
  const auto model = choose_tokenizer(asked, body);
  const std::string& prompt = prompt_of(*model, body);
  std::string out;
  append_list(inputs.texts.size(), out,
              [&](std::size_t i) { append_tokens(*model->tokenizer, prompt + inputs.texts[i], adds_special, out); });
  return {.num_inputs = inputs.texts.size(), .is_batch = inputs.is_list, .respond = [out = std::move(out)]() mutable {
            return std::move(out);
          }};
}

Plan plan_decode(const Asked& asked, const Body& body) {
  const json& ids = body.need("ids");
  if (!ids.is_array()) throw invalid("ids: expected a list of numbers, or a list of such lists");
  const bool keeps_special = !body.flag("skip_special_tokens", true);
  const auto model = choose_tokenizer(asked, body);
  const bool is_batch = !ids.empty() && ids[0].is_array();
  if (is_batch) check_batch_size(ids.size(), asked.limits);
  json texts = json::array();
  for (std::size_t i = 0; i < (is_batch ? ids.size() : 1); ++i) {
    const json& list = is_batch ? ids[i] : ids;
    if (!list.is_array()) throw invalid("ids[{}]: expected a list of numbers", i);
    texts.push_back(model->tokenizer->decode(ids_at(list, "ids", *model->tokenizer), keeps_special));
  }
  return {.num_inputs = texts.size(), .is_batch = is_batch, .respond = [out = dump_json(texts)] { return out; }};
}

}  // namespace albert::serve
