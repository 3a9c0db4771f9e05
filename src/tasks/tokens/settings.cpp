#include "tasks/tokens/settings.h"

#include <set>

#include <spdlog/fmt/fmt.h>

#include "base/shown.h"
#include "tasks/common/decoding.h"

namespace albert::tasks {

namespace {

void format_fields(TagFormat& format, config::Fields& f) {
  f.choice("layout", format.layout,
           "of the files: columns (CoNLL: a word a line, blank lines between sentences), conllu, rows (a sentence a "
           "row: words, a tab, tags), json (an object a sentence, with a list of words and one of tags), or by_file: "
           "conllu and json by the name's ending, rows by the header, else columns",
           {{"by_file", TagLayout::kByFile},
            {"columns", TagLayout::kColumns},
            {"conllu", TagLayout::kConllu},
            {"rows", TagLayout::kRows},
            {"json", TagLayout::kJson}});
  f("word_column", format.word_column, "of columns: where the word is, from 1", config::at_least(1));
  f("tag_column", format.tag_column, "of columns: where the tag is, from 1, or from the end as -1, -2 ...");
  f("comments", format.has_comments,
    "of columns: a line that begins with \"# \" holds no word, unless it stands within a sentence, or has the tag of "
    "another word, and has the columns of the others");
  f.choice("conllu_tag", format.conllu_tag, "of conllu: which tags are learnt",
           {{"upos", ConlluTag::kUpos}, {"xpos", ConlluTag::kXpos}});
  f("words_name", format.words_name, "of rows and json: the column, or member, of the words; json: also words, tokens");
  f("tags_name", format.tags_name,
    "of rows and json: the column, or member, of the tags; json, where this is \"label\": also tags, ner_tags, "
    "pos_tags and the like");
  encoding_field(f, format.encoding);
}

}  // namespace

void TokenSettings::data_fields(config::Fields& f) {
  format_fields(format, f);
  f.choice("score", score,
           "what is judged: entities (spans of words with their type, by tags in IOB1, BIO, BIOES, BILOU or BMES) or "
           "tags (each word's)",
           {{"entities", TagScoring::kEntities}, {"tags", TagScoring::kTags}});
  f("labels", all_labels,
    "all tags in their order, which is what numbers in json stand for; empty: those of the training data, sorted");
}

void TokenSettings::fields(config::Fields& f) {
  data_fields(f);
  f("fallback_tag", fallback_tag,
    "of words of which the tokenizer leaves nothing; empty: the most frequent tag of the training data, which training "
    "sets");
  f("stride", stride,
    "tokens from the begin of a window to that of the next, where a sentence is longer than max_sequence_length; each "
    "word is tagged in the window that shows most of its surroundings",
    config::at_least(1));
  f.choice("text_words", text_words, "what the words of plain text are: spaced (between white space) or characters",
           {{"spaced", TextWords::kSpaced}, {"characters", TextWords::kCharacters}});
}

void TokenSettings::check(config::Checks& c, std::string_view prefix) const {
  const auto key = [&](std::string_view name) { return fmt::format("{}{}", prefix, name); };
  if (format.tag_column == 0) c.fail(key("tag_column"), "columns are counted from 1, or from the end as -1");
  if (format.tag_column == format.word_column) c.fail(key("tag_column"), "is the column of the word");
  if (format.tags_name == format.words_name) c.fail(key("tags_name"), "is the column of the words");
  check_encoding(c, prefix, format.encoding);
  const std::set<std::string> distinct(all_labels.begin(), all_labels.end());
  if (distinct.size() != all_labels.size()) c.fail(key("labels"), "a tag is named twice");
  if (!all_labels.empty() && !fallback_tag.empty() && !distinct.contains(fallback_tag)) {
    c.fail(key("fallback_tag"), fmt::format("{} is none of the labels", in_quotes(fallback_tag)));
  }
}

}  // namespace albert::tasks
