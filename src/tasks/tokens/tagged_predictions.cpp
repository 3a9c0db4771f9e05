#include "tasks/tokens/tagged_predictions.h"

#include <algorithm>

#include "base/error.h"
#include "tasks/tokens/conllu.h"
#include "tasks/tokens/tagged_lines.h"
#include "tasks/tokens/tagged_reader.h"

namespace albert::tasks {

namespace {

void add_column(std::string& line, std::string_view content) {
  line += line.find('\t') != std::string::npos ? '\t' : ' ';
  line += content;
}

std::string fill_column(std::string_view line, std::size_t column, std::string_view content) {
  std::vector<std::string_view> fields = split_fields(line, '\t');
  fields[column] = content;
  return fmt::format("{}", fmt::join(fields, "\t"));
}

void add_to_rows(const TaggedFile& file, std::span<const Tags> tags, std::vector<std::string>& lines) {
  if (std::ranges::count(split_fields(lines[0], '\t'), kPredictionColumn) > 0) {
    throw DataError(
        "{}:1: there is a column '{}' already, beside which a new one would not be found; rename or remove it",
        file.sentences[0].place.file, kPredictionColumn);
  }
  lines[0] += fmt::format("\t{}", kPredictionColumn);
  for (std::size_t i = 0; i < tags.size(); ++i) {
    lines[file.sentences[i].lines[0]] += fmt::format("\t{}", fmt::join(tags[i], " "));
  }
}

void add_to_words(const TaggedFile& file, std::span<const Tags> tags, ConlluTag conllu_tag,
                  std::vector<std::string>& lines) {
  for (std::size_t i = 0; i < tags.size(); ++i) {
    for (std::size_t word = 0; word < tags[i].size(); ++word) {
      std::string& line = lines[file.sentences[i].lines[word]];
      if (file.layout == TagLayout::kConllu) {
        line = fill_column(line, conllu_column(conllu_tag), tags[i][word]);
      } else {
        add_column(line, tags[i][word]);
      }
    }
  }
}

void check_numbers(const TaggedFile& file, std::span<const Tags> tags) {
  const bool fit = tags.size() == file.sentences.size() &&
                   std::ranges::equal(tags, file.sentences, [](const Tags& predicted, const TaggedSentence& sentence) {
                     return predicted.size() == sentence.words.size();
                   });
  if (!fit)
    throw InternalError("predictions for {} sentences do not fit {} sentences", tags.size(), file.sentences.size());
}

/// Throws if a sentence is not the gold one.
void check_same(const TaggedSentence& predicted, const TaggedSentence& gold) {
  const auto [left, right] = std::ranges::mismatch(predicted.words, gold.words);
  if (left == predicted.words.end() && right == gold.words.end()) return;
  const auto shown = [](auto word, const std::vector<std::string>& words) {
    return word == words.end() ? std::string("the end of the sentence") : fmt::format("\"{}\"", *word);
  };
  throw DataError("{}: the words are not those of {}: expected {} as word {} of the sentence, found {}",
                  predicted.place.to_string(), gold.place.to_string(), shown(right, gold.words),
                  right - gold.words.begin() + 1, shown(left, predicted.words));
}

}  // namespace

std::string with_predictions(const TaggedFile& file, std::span<const Tags> tags, ConlluTag conllu_tag) {
  check_numbers(file, tags);
  std::vector<std::string> lines = file.lines;
  if (file.layout == TagLayout::kRows) {
    add_to_rows(file, tags, lines);
  } else {
    add_to_words(file, tags, conllu_tag, lines);
  }
  if (file.layout == TagLayout::kColumns) {
    for (const std::size_t line : file.other_lines) add_column(lines[line], "O");
  }
  return fmt::format("{}\n", fmt::join(lines, "\n"));
}

TaggedFile read_predictions(const std::filesystem::path& path, const TaggedFile& gold, const TagFormat& format) {
  TagFormat of_predictions = format;
  of_predictions.encoding = "utf-8";  // which with_predictions() gives, whatever the gold file is in
  of_predictions.layout = gold.layout;
  of_predictions.tag_column = -1;
  of_predictions.tags_name = kPredictionColumn;
  TaggedFile file = read_tagged(path, of_predictions, true);
  if (file.sentences.size() != gold.sentences.size()) {
    throw DataError("{}: expected the {} sentences of {}, found {}", path.string(), gold.sentences.size(),
                    gold.sentences[0].place.file, file.sentences.size());
  }
  for (std::size_t i = 0; i < gold.sentences.size(); ++i) check_same(file.sentences[i], gold.sentences[i]);
  return file;
}

}  // namespace albert::tasks
