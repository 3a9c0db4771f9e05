#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "tasks/choice/record.h"
#include "tasks/choice/settings.h"
#include "tasks/kind.h"
#include "text/tokenizer.h"

namespace albert::tasks {

/// Turns questions into items of a sequence for each choice: [CLS] context [SEP] question choice [SEP], as
/// google-research/albert race_utils.py:109-166 does, or [CLS] question [SEP] choice [SEP] where there is no context.
/// Where the question has a blank (ChoiceSettings::blank), the second text is the question with the choice in its
/// place.
/// What is too long is cut: first the question with the choice to its last max_choice_length tokens, then the end of
/// the context, or the beginning of a question that stands alone. One object for each thread.
class ChoiceEncoder {
 public:
  using Trace = NoTrace;

  /// \param tokenizer outlives the object
  /// \param max_length of a sequence in tokens, with the special ones
  ChoiceEncoder(const text::Tokenizer& tokenizer, ChoiceSettings settings, std::int64_t max_length);

  std::optional<Encoded<Trace>> encode(const ChoiceQuestion& question, Purpose purpose);
  std::size_t num_truncated() const { return num_truncated_; }  ///< questions so far of which a sequence was cut

 private:
  std::vector<std::int32_t> encode_text(std::string_view text) const;
  /// The second text of a sequence.
  std::string join(const ChoiceQuestion& question, const std::string& choice) const;

  std::unique_ptr<text::Encoder> encoder_;
  text::SpecialIds special_;
  ChoiceSettings settings_;
  std::size_t max_length_;
  std::size_t num_truncated_ = 0;
};

}  // namespace albert::tasks
