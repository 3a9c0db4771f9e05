#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "tasks/common/place.h"

namespace albert::tasks {

/// What becomes of a label of evaluation data that training never saw.
enum class UnseenLabels {
  kWrong,   ///< it counts as wrong, with a warning
  kRefuse,  ///< it is an error
};

/// Whether they are what Transformers calls classes that were not named: "LABEL_0" ...
bool are_nameless(const std::vector<std::string>& labels);

/// Counts the labels that a file says are right, and tells those that a model does not know.
class LabelCheck {
 public:
  /// \param known labels by class; outlives the object
  /// \param setting that names all labels before training; empty: there is none
  LabelCheck(const std::vector<std::string>& known, std::string setting)
      : known_(known), known_set_(known.begin(), known.end()), setting_(std::move(setting)) {}

  void add(const std::string& label, const Place& place);
  /// Adds a label that is judged without a class of its own.
  void add_known() { ++num_labels_; }

  /// Throws DataError naming the first label that is not known, its place, and those that are.
  void refuse() const;
  /// Warns of the labels that are not known, and how often each occurs. Throws DataError as refuse() does if there are
  /// no others: then it is not the model that does not know them.
  void warn() const;

 private:
  struct Unseen {
    std::size_t count = 0;
    Place first;
  };

  [[noreturn]] void refuse(const std::string& label, const Place& place, std::string_view also) const;
  std::string hint_for(const std::string& label) const;

  const std::vector<std::string>& known_;
  std::unordered_set<std::string_view> known_set_;
  std::string setting_;
  std::size_t num_labels_ = 0;
  std::map<std::string, Unseen, std::less<>> unseen_;
  std::string first_;  ///< of those that are not known
};

}  // namespace albert::tasks
