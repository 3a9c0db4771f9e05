#include "model/pass.h"

#include <ATen/ATen.h>

#include "base/random.h"

namespace albert::model {

ops::Dropout Pass::dropout(double probability, std::int64_t layer, DropoutSite site,
                           const at::Tensor& row_numbers) const {
  if (!training || probability == 0) return {};
  return {probability, random_key(seed, {step, static_cast<std::uint64_t>(layer), static_cast<std::uint64_t>(site)}),
          row_numbers};
}

ops::Dropout Pass::dropout_of_sequences(double probability, DropoutSite site, const PackedBatch& batch) const {
  if (!training || probability == 0) return {};
  std::vector<std::int64_t> rows;
  rows.reserve(batch.sequence_numbers.size());
  for (const std::int64_t number : batch.sequence_numbers) rows.push_back(dropout_row(number, 0));
  return dropout(probability, 0, site, at::tensor(rows, at::kLong).to(batch.token_ids.device()));  // [B]
}

}  // namespace albert::model
