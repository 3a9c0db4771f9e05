#include "interop/extend.h"

#include <utility>

#include "base/atomic_folder.h"
#include "base/counted.h"
#include "base/error.h"
#include "interop/written_folder.h"
#include "text/new_words.h"

namespace albert::interop {

namespace {

std::vector<std::string> words_of_file(const fs::path& file, const text::Tokenizer& tokenizer, ExtendReport& report) {
  text::NewWords read = text::read_new_words(file, tokenizer);
  report.known = std::move(read.known);
  if (read.words.empty()) throw DataError("{}: expected new words, found none", file.string());
  return std::move(read.words);
}

/// Extends a vocabulary by words of a text, and finds what they save.
text::VocabularyChange extend_from_text(const LineSource& next_line, std::uint64_t max_pieces,
                                        const text::Tokenizer& tokenizer, ExtendReport& report) {
  text::WordCounts counts(tokenizer);
  for (std::string line; next_line(line);) counts.add(line);
  const std::vector<std::string> words = counts.best(max_pieces);
  if (words.empty()) {
    throw DataError(
        "--from-corpus: of {} tokens no word that occurs {} times or more has several pieces: there is nothing to add",
        grouped(counts.num_tokens()), text::WordCounts::kMinCount);
  }
  text::VocabularyChange change = text::extend_vocabulary(tokenizer, words);
  report.saved = {counts.num_tokens(), counts.num_tokens_with(*change.tokenizer)};
  return change;
}

}  // namespace

ExtendReport extend_model(const ExtendOptions& options, const std::function<LineSource()>& open_text) {
  const OutputFolder output = changed_model_output(options.output, kExtendCommand);
  const inference::ModelFolder source = inference::open_model_folder(options.model);
  require_other_folder(options.output.path, source.path);
  AtomicFolder target(output);  // before the work: it may not be possible to write there
  ExtendReport report;
  text::VocabularyChange change =
      options.words
          ? text::extend_vocabulary(*source.tokenizer, words_of_file(*options.words, *source.tokenizer, report))
          : extend_from_text(open_text(), options.max_pieces, *source.tokenizer, report);
  report.left_out = std::move(change.left_out);
  report.num_pieces_before = change.num_pieces_before;
  report.num_added = change.num_from_pieces + change.num_from_all;
  report.num_from_all = change.num_from_all;
  if (report.num_added == 0) {
    throw DataError(
        "there is no word to add: each of them would not be found as one piece in a text (an added token is in it, or "
        "it ends in a digit and a comma)");
  }
  report.num_rows = write_with_vocabulary(target.temporary(), source, change);
  target.commit();
  return report;
}

ReplaceReport replace_in_model(const ReplaceOptions& options) {
  const OutputFolder output = changed_model_output(options.output, kReplaceCommand);
  const inference::ModelFolder source = inference::open_model_folder(options.model);
  for (const fs::path& read : {source.path, options.tokenizer}) require_other_folder(options.output.path, read);
  AtomicFolder target(output);
  const text::VocabularyChange change =
      text::replace_vocabulary(*source.tokenizer, text::Tokenizer::open(options.tokenizer));
  const std::int64_t num_rows = write_with_vocabulary(target.temporary(), source, change);
  target.commit();
  return {change.num_pieces_before, change.num_kept, change.num_from_pieces, change.num_from_all, num_rows};
}

}  // namespace albert::interop
