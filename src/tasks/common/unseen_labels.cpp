#include "tasks/common/unseen_labels.h"

#include <algorithm>

#include <spdlog/fmt/ranges.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/log.h"
#include "base/shown.h"
#include "config/fields.h"

namespace albert::tasks {

bool are_nameless(const std::vector<std::string>& labels) {
  return std::ranges::all_of(labels, [](const std::string& label) { return label.starts_with("LABEL_"); });
}

void LabelCheck::add(const std::string& label, const Place& place) {
  ++num_labels_;
  if (known_set_.contains(label)) return;
  if (unseen_.empty()) first_ = label;
  Unseen& unseen = unseen_[label];
  if (++unseen.count == 1) unseen.first = place;
}

void LabelCheck::refuse() const {
  if (!unseen_.empty()) refuse(first_, unseen_.find(first_)->second.first, "");
}

void LabelCheck::refuse(const std::string& label, const Place& place, std::string_view also) const {
  throw DataError("{}: the label '{}' is none of the {} that the model knows{}: {}{}", place.to_string(),
                  shortened(label), known_.size(), also, listed(known_), hint_for(label));
}

/// What a label that is not known may be, and what to do.
std::string LabelCheck::hint_for(const std::string& label) const {
  if (are_nameless(known_) && !setting_.empty()) {
    return fmt::format("; --set '{}=[...]' names the model's classes, in their order", setting_);
  }
  const std::string near = config::nearest(label, known_);
  if (!near.empty()) return fmt::format("; is it '{}'?", shortened(near));
  return setting_.empty() ? "" : fmt::format("; correct the file, or name all labels in {} before training", setting_);
}

void LabelCheck::warn() const {
  constexpr std::size_t kMostShown = 5;
  if (unseen_.empty()) return;
  std::size_t num_unseen = 0;
  std::vector<std::string> shown;
  for (const auto& [label, unseen] : unseen_) {
    num_unseen += unseen.count;
    if (shown.size() == kMostShown) continue;
    const std::string near = config::nearest(label, known_);
    shown.push_back(fmt::format("'{}' ({}, first in {}{})", shortened(label), counted(unseen.count, "time"),
                                unseen.first.line > 0 ? fmt::format("line {}", unseen.first.line) : unseen.first.id,
                                near.empty() ? "" : fmt::format("; is it '{}'?", shortened(near))));
  }
  const Place& first = unseen_.find(first_)->second.first;
  if (num_unseen == num_labels_) refuse(first_, first, ", and so is every other of the file");
  log_warning(
      "{}: {} of {} were never seen in training and count as wrong: {}{}; with --set task.unseen_labels=refuse they "
      "are an error",
      first.file, num_unseen, counted(num_labels_, "label"), fmt::join(shown, ", "),
      unseen_.size() > shown.size() ? fmt::format(" ... ({} in all)", unseen_.size()) : "");
}

}  // namespace albert::tasks
