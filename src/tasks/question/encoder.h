#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tasks/common/sliding_windows.h"
#include "tasks/kind.h"
#include "tasks/question/record.h"
#include "tasks/question/settings.h"
#include "text/tokenizer.h"

namespace albert::tasks {

/// A context and its tokens.
struct EncodedContext {
  std::shared_ptr<const std::string> text;
  std::vector<text::Piece> pieces;
};

/// What the items of a question were made from.
struct QuestionTrace {
  std::shared_ptr<const EncodedContext> context;
  SlidingWindows windows;  ///< of the context, one for each item
};

/// The tokens of a sequence among which an answer lies: those of the context.
TokenRange context_tokens(const model::Sequence& sequence);

/// Turns questions into items of one sequence, [CLS] question [SEP] window [SEP], an item for each window of the
/// context. A context is encoded once for all questions that share it, and lives as long as their traces. One object
/// for each thread.
class QuestionEncoder {
 public:
  using Trace = QuestionTrace;

  /// \param tokenizer outlives the object
  /// \param max_length of a sequence in tokens: more than settings.max_question_length + 3
  QuestionEncoder(const text::Tokenizer& tokenizer, QuestionSettings settings, std::int64_t max_length);

  /// Labels are of the first answer with a place; where a question has no answer, they say so. Items to predict have
  /// none if no answer has tokens of its own, or if scores with labels are for training only, as those of the joint
  /// head.
  /// \return nothing for a question to train on if there are answers but none has tokens of its own
  std::optional<Encoded<Trace>> encode(const Question& question, Purpose purpose);

  std::size_t num_truncated() const { return num_cut_; }      ///< questions so far that were longer than the limit
  std::size_t num_contexts() const { return num_contexts_; }  ///< so far, each once while it has questions

 private:
  /// What a question's windows are searched for.
  struct Target {
    std::optional<TokenRange> answer;  ///< tokens of the context; nothing: there is no answer
  };

  std::shared_ptr<const EncodedContext> encode_context(const std::shared_ptr<const std::string>& text);
  std::vector<std::int32_t> encode_question(std::string_view text);
  model::Item make_item(const std::vector<std::int32_t>& question, const EncodedContext& context,
                        TokenRange window) const;
  std::vector<std::int64_t> labels_of(const model::Item& item, TokenRange window, const Target& target) const;

  const text::Tokenizer& tokenizer_;
  std::unique_ptr<text::Encoder> question_encoder_;
  QuestionSettings settings_;
  std::size_t max_length_;
  /// By the texts. Those that are gone are taken out whenever there are twice as many as were left the last time.
  std::map<std::weak_ptr<const std::string>, std::weak_ptr<const EncodedContext>, std::owner_less<>> contexts_;
  std::size_t max_contexts_ = 64;
  std::size_t num_cut_ = 0;
  std::size_t num_contexts_ = 0;
};

}  // namespace albert::tasks
