#pragma once

#include <functional>
#include <vector>

#include <ATen/core/Tensor.h>

namespace albert::model {

/// body(x), of which only x is kept: the backward pass calls body again, with gradients on. (Chen et al., "Training
/// deep nets with sublinear memory cost", arXiv 1604.06174.) The gradients are those of body(x) bit for bit, if body
/// repeats exactly.
/// \param parameters every tensor besides x whose gradient body contributes to
/// \param body kept until the backward pass is over, with all that it refers to
at::Tensor recompute(const std::function<at::Tensor(const at::Tensor&)>& body, const at::Tensor& x,
                     const std::vector<at::Tensor>& parameters);

}  // namespace albert::model
