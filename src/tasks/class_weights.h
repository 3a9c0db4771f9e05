#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "model/head_config.h"
#include "tasks/task.h"

namespace albert::tasks {

/// How often the items of a data set have each class, or each label of kMultilabel.
struct ClassCounts {
  std::vector<std::int64_t> of_class;  ///< [C]
  std::int64_t num_examples = 0;       ///< examples, or words with a tag
};
ClassCounts count_classes(const ItemSet& items, const model::HeadConfig& head);

/// Weights under which every class counts as much as any other: n / (K n_c) for K classes that occur, as
/// compute_class_weight("balanced") of scikit-learn; one that does not occur has the weight 1.
/// \return [C]
std::vector<float> balanced_weights(const ClassCounts& counts);
/// The same for labels of which an example may have any number: (n - n_c) / n_c, what the documentation of
/// torch.nn.BCEWithLogitsLoss advises for pos_weight; 1 for a label that all examples have, or none.
/// \return [C]
std::vector<float> balanced_label_weights(const ClassCounts& counts);

/// The labels of a task of which a training set has no example.
std::vector<std::string> labels_without_examples(const Task& task, const ItemSet& training);
void warn_of_labels_without_examples(const Task& task, const ItemSet& training);

/// How the losses of a training count by task.class_weights and task.label_smoothing.
/// \param training what is learnt from, labelled
/// Throws UsageError if the weights are not as many as the labels.
model::LossConfig loss_config(const Task& task, const ItemSet& training);

}  // namespace albert::tasks
