#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "model/item.h"
#include "tasks/text/record.h"
#include "text/tokenizer.h"

namespace albert::tasks {

/// Turns texts into sequences for the model; one object for each thread.
class TextEncoding {
 public:
  /// \param tokenizer outlives the object \param max_length of a sequence in tokens, with the special ones
  TextEncoding(const text::Tokenizer& tokenizer, std::int64_t max_length)
      : encoder_(tokenizer.make_encoder()),
        special_(tokenizer.special()),
        max_length_(static_cast<std::size_t>(max_length)) {}

  /// The item of a text or a pair, without labels: one sequence.
  model::Item encode(const TextRecord& record);
  /// The same with a sequence for each text.
  model::Item encode_apart(const TextRecord& record);
  std::size_t num_truncated() const { return num_truncated_; }  ///< of the records so far

 private:
  model::Sequence encode_alone(const std::string& text);

  std::unique_ptr<text::Encoder> encoder_;
  text::SpecialIds special_;
  std::size_t max_length_;
  std::size_t num_truncated_ = 0;
  std::vector<std::int32_t> first_;
  std::vector<std::int32_t> second_;
};

}  // namespace albert::tasks
