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
  return dropout(probability, 0, site, batch.row_numbers.index_select(0, batch.first_rows()));  // [B]
}

}  // namespace albert::model
