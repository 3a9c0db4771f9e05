#include <algorithm>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/json.h"
#include "base/release_memory.h"
#include "base/shown.h"
#include "corpus/reading/document_reader.h"
#include "corpus/reading/json_field.h"
#include "text/whitespace.h"

namespace albert::corpus {

namespace {

constexpr std::size_t kMaxLineBytes = 128 << 20;

/// A document a line, in one field of a JSON object.
class JsonlReader : public DocumentReader {
 public:
  JsonlReader(ReaderContext context, const ReaderOptions& options)
      : context_(context),
        field_(options.json_field),
        joins_lines_(options.paragraph_break == ParagraphBreak::kBlankLine) {}

  void begin_file(bool from_beginning) override {
    num_good_ = num_bad_ = num_bad_at_start_ = 0;
    from_beginning_ = from_beginning;
    line_.clear();
    too_long_ = false;
  }

  void add(const LinePiece& line) override {
    if (line.begins) line_.clear();
    if (line_.size() + line.bytes.size() <= kMaxLineBytes) {
      context_.log.clean(line, line_);
    } else {
      line_.resize(kMaxLineBytes);  // so that it stays too long, whatever the rest of it
      too_long_ = true;
    }
    if (!line.ends) return;
    if (std::exchange(too_long_, false)) {
      skip(line.number, "longer than 128 MiB");
    } else if (!text::trim(line_).empty()) {
      add_document(line.number);
    }
    release_line();
  }

  void end_file(bool is_whole) override {
    if (is_whole && num_good_ == 0 && num_bad_ > 0) give_up();
  }

  LineCounts line_counts() const override { return {.good = num_good_, .bad_at_start = num_bad_at_start_}; }

 private:
  void add_document(std::uint64_t number) {
    std::optional<std::string> text = find_text(number);
    if (!text) return;
    release_line();
    ++num_good_;
    context_.statistics.text_bytes += text->size();
    context_.log.drop_nul(number, *text);
    for (std::string_view rest = *text; !rest.empty();) {
      const std::size_t newline = std::min(rest.find('\n'), rest.size());
      add_line(text::trim(rest.substr(0, newline)));
      rest.remove_prefix(std::min(newline + 1, rest.size()));
    }
    context_.documents.end_document();
  }

  /// The field of the line's object; nothing, after skipping the line, if there is none.
  std::optional<std::string> find_text(std::uint64_t number) {
    nlohmann::json object;
    try {
      object = read_json(line_);
    } catch (const nlohmann::json::parse_error& error) {
      return skip(number, fmt::format("not valid JSON at byte {} of the line: {}", error.byte, json_problem(error)));
    } catch (const nlohmann::json::exception& error) {  // a number that is out of range
      return skip(number, fmt::format("JSON that cannot be read ({})", json_problem(error)));
    }
    if (!object.is_object()) return skip(number, fmt::format("expected a JSON object, found {}", object.type_name()));
    nlohmann::json* field = find_json_field(object, field_);
    if (field == nullptr) {
      return skip(number, fmt::format("the object has no field {}; it has {}", in_quotes(field_), json_fields(object)));
    }
    if (!field->is_string()) {
      return skip(number,
                  fmt::format("expected text in the field {}, found {}", in_quotes(field_), field->type_name()));
    }
    return std::move(field->get_ref<std::string&>());
  }

  void add_line(std::string_view text) {
    const std::string_view before = context_.documents.paragraph();
    if (text.empty() || !joins_lines_) context_.documents.end_paragraph();
    if (joins_lines_ && !text.empty() && !before.empty()) context_.documents.add(text::joint(before, text));
    context_.documents.add(text);
  }

  /// Gives back the memory of a long line.
  void release_line() {
    if (line_.capacity() > DocumentAssembler::kMaxParagraphBytes) release_memory(line_);
  }

  std::nullopt_t skip(std::uint64_t number, std::string_view why) {
    context_.log.skip_line(number, why);
    if (num_bad_ == 0) first_problem_ = why;
    ++num_bad_;
    if (num_good_ > 0) return std::nullopt;
    ++num_bad_at_start_;
    if (from_beginning_ && num_bad_ >= LineCounts::kMaxBadAtStart) give_up();
    return std::nullopt;
  }

  [[noreturn]] void give_up() const {
    throw DataError(
        "{}: none of the first {} lines is a JSON object with text in the field {}; check the format and the name "
        "of the field (--json-field). The first of them: {}",
        context_.log.file(), num_bad_, in_quotes(field_), first_problem_);
  }

  ReaderContext context_;
  std::string field_;
  bool joins_lines_;
  std::string line_;
  bool too_long_ = false;
  std::uint64_t num_good_ = 0;
  std::uint64_t num_bad_ = 0;
  std::uint64_t num_bad_at_start_ = 0;
  bool from_beginning_ = true;
  std::string first_problem_;
};

}  // namespace

std::unique_ptr<DocumentReader> make_jsonl_reader(ReaderContext context, const ReaderOptions& options) {
  return std::make_unique<JsonlReader>(context, options);
}

}  // namespace albert::corpus
