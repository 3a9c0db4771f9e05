#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "metrics/report.h"
#include "tasks/common/constant_guess.h"
#include "tasks/kind.h"
#include "tasks/tokens/encoder.h"
#include "tasks/tokens/record.h"
#include "tasks/tokens/settings.h"

namespace albert::tasks {

/// What a model says of the words of a sentence, or a file of predictions.
struct TagAnswer {
  std::vector<std::string> tags = {};  ///< [W]
  /// [W] of the tags; nothing for a word of which the tokenizer leaves nothing. Empty where a file has none.
  std::vector<std::optional<double>> probabilities = {};
};

/// The tag with the highest score for each word.
/// \param items, trace that the encoder made of the sentence
/// \param scores of each item [P, C]
/// \param labels tags by class
/// \param fallback the tag of words of which the tokenizer leaves nothing
/// \param temperature what scores are divided by before they become probabilities
TagAnswer choose_tags(std::span<const model::Item> items, const TokenEncoder::Trace& trace, RecordScores scores,
                      const std::vector<std::string>& labels, const std::string& fallback, double temperature = 1);

/// Entities: precision, recall and f1, see metrics::judge_entities(). Tags: accuracy, see
/// metrics::judge_classification(); words without a tag in the file do not count.
metrics::Report judge_tags(TagScoring scoring, const TaggedFile& file, std::span<const TagAnswer> answers);

/// The most frequent tags, of every word.
/// \param file labelled
/// \param labels tags by class
std::vector<ConstantGuess<TagAnswer>> guess_tags(const TaggedFile& file, const std::vector<std::string>& labels);

/// The tags of a sentence, apart by spaces.
std::string tag_line(const TagAnswer& answer);

/// `words`, their `tags` and `probabilities`, and `entities` where these are what is judged: words `begin` to `end`, and
/// of a plain text its `characters`, [begin, end].
nlohmann::ordered_json tag_json(TagScoring scoring, const TaggedSentence& sentence, const TagAnswer& answer);

/// Throws DataError if rows have a column, or objects a member, of the name that predictions get.
void check_tagged_rows(const TaggedFile& file);

/// The file as it was read with the predicted tags: a column added at the end, a member `prediction` of its objects,
/// or, for CoNLL-U, its column filled. What
/// holds no word stays as it is, but -DOCSTART- gets an "O", so that conlleval reads the file.
std::string with_predictions(const TaggedFile& file, std::span<const TagAnswer> answers, ConlluTag conllu_tag);

/// Reads what with_predictions() gave, or words with predicted tags only.
/// \param gold the file that was predicted
/// \param files the paths of both
/// Throws DataError naming both places if the sentences are not those of `gold`, word by word; for tags of no scheme,
/// see check_scheme(); and for CoNLL-U if what was predicted is the other column of tags.
std::vector<TagAnswer> read_tag_answers(const TaggedFile& gold, const ScoreFiles& files, const TokenSettings& settings);

}  // namespace albert::tasks
