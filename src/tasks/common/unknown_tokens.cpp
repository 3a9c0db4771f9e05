#include "tasks/common/unknown_tokens.h"

#include "base/counted.h"
#include "base/log.h"
#include "text/tokenizer.h"

namespace albert::tasks {

namespace {

/// Real texts stay well below: of those of GLUE, SQuAD, ARC, SemEval, UD, WNUT17, IMDb and the Chinese sets with a
/// vocabulary of their language, WNUT17's tweets have most, 2.9%. Chinese ones are unknown to an English vocabulary by
/// 28% to 42%.
constexpr double kSuspiciousShare = 0.05;

struct TokenCounts {
  std::size_t all = 0;  ///< but those around the texts
  std::size_t unknown = 0;
};

TokenCounts count_tokens(const ItemSet& items, const text::SpecialIds& special) {
  TokenCounts counts;
  for (std::size_t i = 0; i < items.num_items(); ++i) {
    for (const model::Sequence& sequence : items.item(i).sequences) {
      for (const std::int32_t id : sequence.token_ids) {
        if (id == special.cls || id == special.sep) continue;
        ++counts.all;
        if (id == special.unknown) ++counts.unknown;
      }
    }
  }
  return counts;
}

}  // namespace

void warn_of_unknown_tokens(const ItemSet& items, const text::Tokenizer& tokenizer, const std::string& name) {
  const TokenCounts counts = count_tokens(items, tokenizer.special());
  const double share = static_cast<double>(counts.unknown) / static_cast<double>(counts.all);
  if (counts.all == 0 || share <= kSuspiciousShare) return;
  log_warning(
      "{}: {:.1f}% of the tokens ({} of {}) are unknown to the model's vocabulary, where in texts of its own language "
      "fewer than 3% are: the model sees nothing of them. Are they in another language or script, is the tokenizer "
      "that of another model, or is the file in another encoding?",
      name, 100 * share, grouped(counts.unknown), grouped(counts.all));
}

}  // namespace albert::tasks
