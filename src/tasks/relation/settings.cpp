#include "tasks/relation/settings.h"

namespace albert::tasks {

void RelationSettings::fields(config::Fields& f) {
  f.choice(
      "head", head,
      "what is read of a sentence: cls (opens in Transformers), or entity_starts, the two tokens where the entities "
      "start (arXiv 1906.03158; Transformers has no class for this head)",
      {{"cls", RelationHead::kFirstToken}, {"entity_starts", RelationHead::kEntityStarts}});
  f("first_marker", first_marker,
    "text that is put before and after the first entity (arXiv 1905.08284); empty: none, with entity_starts only");
  f("second_marker", second_marker, "the same of the second entity");
  f("labels", all_labels, "all labels in their order; empty: those of the training data, sorted");
}

void RelationSettings::check(config::Checks& c, std::string_view prefix) const {
  const std::string key(prefix);
  if (first_marker.empty() != second_marker.empty()) {
    c.fail(key + "second_marker", "expected markers around both entities or around none");
  }
  if (first_marker.empty() && head == RelationHead::kFirstToken) {
    c.fail(key + "first_marker",
           "without markers [CLS] cannot know the entities; set them, or set head: entity_starts");
  }
  if (!first_marker.empty() && first_marker == second_marker) {
    c.fail(key + "second_marker", "is the same as first_marker: the model could not tell the entities apart");
  }
  if (all_labels.size() == 1) c.fail(key + "labels", "one label is nothing to choose from; name at least two");
}

}  // namespace albert::tasks
