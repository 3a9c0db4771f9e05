#include "tasks/choice/encoder.h"

#include <algorithm>
#include <utility>

#include "tasks/common/pair_encoding.h"

namespace albert::tasks {

namespace {

std::string replace_all(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

/// \return whether anything was cut
bool keep_last(std::vector<std::int32_t>& tokens, std::size_t max_tokens) {
  if (tokens.size() <= max_tokens) return false;
  tokens.erase(tokens.begin(), tokens.end() - static_cast<std::ptrdiff_t>(max_tokens));
  return true;
}

bool keep_first(std::vector<std::int32_t>& tokens, std::size_t max_tokens) {
  if (tokens.size() <= max_tokens) return false;
  tokens.resize(max_tokens);
  return true;
}

}  // namespace

ChoiceEncoder::ChoiceEncoder(const text::Tokenizer& tokenizer, ChoiceSettings settings, std::int64_t max_length)
    : encoder_(tokenizer.make_encoder()),
      special_(tokenizer.special()),
      settings_(std::move(settings)),
      max_length_(static_cast<std::size_t>(max_length)) {}

std::vector<std::int32_t> ChoiceEncoder::encode_text(std::string_view text) const {
  std::vector<std::int32_t> ids;
  encoder_->encode(text, ids);
  return ids;
}

std::string ChoiceEncoder::join(const ChoiceQuestion& question, const std::string& choice) const {
  const std::string& text = question.question;
  if (!settings_.blank.empty() && text.find(settings_.blank) != std::string::npos) {
    return replace_all(text, settings_.blank, choice);
  }
  return question.context.empty() ? choice : text + " " + choice;
}

std::optional<Encoded<NoTrace>> ChoiceEncoder::encode(const ChoiceQuestion& question, Purpose /*purpose*/) {
  const bool has_context = !question.context.empty();
  const std::vector<std::int32_t> first = encode_text(has_context ? question.context : question.question);
  const std::size_t max_tokens = max_length_ - 3;  // without [CLS], [SEP], [SEP]
  bool is_cut = false;
  model::Item item;
  for (const std::string& choice : question.choices) {
    std::vector<std::int32_t> second = encode_text(join(question, choice));
    is_cut |= keep_last(second, std::min(static_cast<std::size_t>(settings_.max_choice_length), max_tokens));
    std::vector<std::int32_t> shortened = first;
    is_cut |= (has_context ? keep_first : keep_last)(shortened, max_tokens - second.size());
    item.sequences.push_back(make_sequence(special_, shortened, second));
  }
  if (question.label) item.labels = {*question.label};
  num_truncated_ += is_cut;
  return Encoded<NoTrace>{.items = {std::move(item)}, .trace = {}};
}

}  // namespace albert::tasks
