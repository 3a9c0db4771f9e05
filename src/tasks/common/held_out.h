#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tasks/task.h"

namespace albert::tasks {

/// How a file that serves both training and evaluation is divided: by the examples' content alone, the same at every
/// reading, in whatever order. Examples alike stay together. If none falls under the share for evaluation, the one with
/// the smallest hash does.
/// \param contents what the examples are known by \param source with a share above 0
/// \return [contents], whether it belongs to the part. Throws DataError if none does.
std::vector<bool> choose_share(std::span<const std::string> contents, const Source& source);

/// Takes from the examples of a file those that choose_share() leaves to the other part.
/// \param content_of what an example is known by: `std::string(const Example&)`
/// \return how many were taken; 0 of a file that serves one part only. Throws DataError if none is left.
template <typename Example, typename ContentOf>
std::size_t keep_share(std::vector<Example>& examples, const Source& source, const ContentOf& content_of) {
  if (source.held_out == 0) return 0;
  std::vector<std::string> contents;
  contents.reserve(examples.size());
  for (const Example& example : examples) contents.push_back(std::invoke(content_of, example));
  const std::vector<bool> is_kept = choose_share(contents, source);
  std::vector<Example> kept;
  for (std::size_t i = 0; i < examples.size(); ++i) {
    if (is_kept[i]) kept.push_back(std::move(examples[i]));
  }
  examples.swap(kept);
  return kept.size() - examples.size();
}

/// For the log: "; 12 kept for the other one of training and evaluation", or nothing.
std::string describe_share(std::size_t num_taken);

}  // namespace albert::tasks
