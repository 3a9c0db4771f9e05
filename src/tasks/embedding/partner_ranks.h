#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace albert::tasks {

/// Where each of N texts finds its partner among all second texts, ordered by cosine: [N] ranks from 1.
///
/// A second text that is as near as the partner counts as nearer, so that a model which gives all texts one vector is
/// judged as bad as it is; unless it is the partner's own text, which pairs may share.
/// \param first, second [N] vectors [H] of length 1
/// \param is_partner whether the second text of j is that of i
std::vector<std::int64_t> partner_ranks(std::span<const std::span<const float>> first,
                                        std::span<const std::span<const float>> second,
                                        const std::function<bool(std::size_t i, std::size_t j)>& is_partner);

}  // namespace albert::tasks
