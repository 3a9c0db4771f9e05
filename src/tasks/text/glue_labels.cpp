#include <algorithm>
#include <cctype>

#include "base/error.h"
#include "base/shown.h"
#include "tasks/common/unseen_labels.h"
#include "tasks/text/glue.h"

namespace albert::tasks {

namespace {

using Labels = std::vector<std::string>;

bool equal_but_for_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Labels hugging_face_order(const GlueInfo& info) {
  const bool is_mnli = info.task == GlueTask::kMnli || info.task == GlueTask::kAx;
  return is_mnli ? Labels{"entailment", "neutral", "contradiction"} : info.labels;
}

Labels glue_labels(const Labels& labels, const GlueInfo& info) {
  if (labels.size() != info.labels.size()) {
    throw UsageError("task.text.layout: {} has {} labels, but the model has {}: {}", info.name, info.labels.size(),
                     labels.size(), listed(labels));
  }
  Labels found;
  for (const std::string& label : labels) {
    const auto same =
        std::ranges::find_if(info.labels, [&](const auto& name) { return equal_but_for_case(name, label); });
    if (same != info.labels.end()) found.push_back(*same);
  }
  if (found.size() == labels.size()) return found;
  if (std::ranges::all_of(info.labels, is_number)) return info.labels;
  if (are_nameless(labels)) return hugging_face_order(info);
  throw UsageError(
      "task.text.layout: the labels of {} are {}, but those of the model are {}; correct id2label in "
      "its config.json",
      info.name, listed(info.labels), listed(labels));
}

}  // namespace albert::tasks
