#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tasks/kind.h"
#include "tasks/relation/record.h"
#include "tasks/relation/settings.h"
#include "text/tokenizer.h"

namespace albert::tasks {

/// Turns sentences with two entities into items: [CLS] the $ first $ entity and the # second # one [SEP]. What is too
/// long is cut: a part with both entities is kept, its middle left out if they are too far apart. One object for each
/// thread.
class RelationEncoder {
 public:
  using Trace = NoTrace;

  /// \param tokenizer outlives the object
  /// \param max_length of a sequence in tokens, with the special ones
  /// \param labels by class
  /// Throws UsageError if the vocabulary has no piece for a marker.
  RelationEncoder(const text::Tokenizer& tokenizer, RelationSettings settings, std::int64_t max_length,
                  std::vector<std::string> labels);

  /// Makes one item, and takes the text out of the record. The positions of both entities' starts are set for that head
  /// only. Throws DataError if an entity has no token or the label is none of the model's.
  std::optional<Encoded<Trace>> encode(RelationRecord& record, Purpose purpose);
  std::size_t num_truncated() const { return num_truncated_; }  ///< sentences so far of which a part is left out

 private:
  /// A text with markers, and the entities in it: with their markers, if there are any.
  struct Marked {
    std::string text;
    TextSpan first;
    TextSpan second;
  };
  Marked mark(const RelationRecord& record) const;
  void check_marker(const std::string& marker, std::string_view name) const;
  model::Item make_item(const RelationRecord& record);
  std::vector<std::int64_t> classes_of(const RelationRecord& record) const;

  const text::Tokenizer& tokenizer_;
  RelationSettings settings_;
  std::size_t max_length_;
  std::vector<std::string> labels_;
  std::size_t num_truncated_ = 0;
};

}  // namespace albert::tasks
