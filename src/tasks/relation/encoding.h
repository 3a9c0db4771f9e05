#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/item.h"
#include "tasks/relation/config.h"
#include "tasks/relation/relations.h"
#include "text/tokenizer.h"

namespace albert::tasks {

/// Turns sentences with two entities into items: [CLS] the $ first $ entity and the # second # one [SEP]. What is too
/// long is cut: a part with both entities is kept, its middle left out if they are too far apart.
class RelationEncoding {
 public:
  /// \param max_length of a sequence in tokens, with the special ones
  /// Throws UsageError if the vocabulary has no piece for a marker.
  RelationEncoding(std::shared_ptr<const text::Tokenizer> tokenizer, RelationConfig config, std::int64_t max_length);

  /// The item of a sentence, without label. The positions of both entities' starts are set for that head only.
  /// Throws DataError if an entity has no token.
  model::Item encode(const RelationRecord& record);
  std::size_t num_truncated() const { return num_truncated_; }  ///< of the sentences so far

 private:
  /// A text with markers, and the entities in it: with their markers, if there are any.
  struct Marked {
    std::string text;
    TextSpan first;
    TextSpan second;
  };
  Marked mark(const RelationRecord& record) const;
  void check_marker(const std::string& marker, std::string_view name) const;

  std::shared_ptr<const text::Tokenizer> tokenizer_;
  RelationConfig config_;
  std::size_t max_length_;
  std::size_t num_truncated_ = 0;
};

}  // namespace albert::tasks
