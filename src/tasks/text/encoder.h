#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/item.h"
#include "tasks/common/pair_encoding.h"
#include "tasks/kind.h"
#include "tasks/text/record.h"
#include "text/tokenizer.h"

namespace albert::tasks {

/// Turns texts into items for the model. One object for each thread.
class TextEncoder {
 public:
  using Trace = NoTrace;
  /// Whether the texts of a pair make one sequence for the model, or one each.
  enum class Pairs { kTogether, kApart };
  /// Fills `labels` or `values` of an item by what a labelled record says. Throws DataError.
  using SetLabels = std::function<void(const TextRecord& record, model::Item& item)>;

  /// \param tokenizer outlives the object
  /// \param max_length of a sequence in tokens, with the special ones
  TextEncoder(const text::Tokenizer& tokenizer, std::int64_t max_length, Pairs pairs = Pairs::kTogether,
              SetLabels set_labels = {})
      : encoder_(tokenizer.make_encoder()),
        special_(tokenizer.special()),
        max_length_(static_cast<std::size_t>(max_length)),
        pairs_(pairs),
        set_labels_(std::move(set_labels)) {}

  /// Takes the texts out of the record.
  std::optional<Encoded<Trace>> encode(TextRecord& record, Purpose purpose);
  /// The item of a record, without labels.
  model::Item encode_texts(const TextRecord& record);
  /// The item of a text that is encoded already.
  /// \param ids with the special tokens; too many are cut, wherever special ones stand
  model::Item encode_ids(std::vector<std::int32_t> ids);
  std::size_t num_truncated() const { return num_truncated_; }  ///< records so far of which a text was cut
  void set_cut_side(CutSide side) { cut_side_ = side; }         ///< of the records from now on

 private:
  /// \param is_cut becomes true where a text was cut, here and below
  model::Sequence encode_together(const TextRecord& record, bool& is_cut);
  model::Sequence encode_alone(const std::string& text, bool& is_cut);

  std::unique_ptr<text::Encoder> encoder_;
  text::SpecialIds special_;
  std::size_t max_length_;
  Pairs pairs_;
  SetLabels set_labels_;
  CutSide cut_side_ = CutSide::kEnd;
  std::size_t num_truncated_ = 0;
  std::vector<std::int32_t> first_;
  std::vector<std::int32_t> second_;
};

}  // namespace albert::tasks
