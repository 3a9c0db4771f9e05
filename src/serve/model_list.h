#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "serve/served_model.h"

namespace albert::serve {

/// The models that a server has, by their names. A model is replaced while it is used: requests keep the one that they
/// began with.
class ModelList {
 public:
  using Pointer = std::shared_ptr<const ServedModel>;
  /// Opens the model of a number once more. Throws where it cannot be opened.
  using Open = std::function<Pointer(std::size_t number)>;

  /// Opens all models. Throws as `open`.
  /// \param count of models, at least one
  ModelList(std::size_t count, Open open);

  std::vector<Pointer> all() const;
  /// Null if there is none of that name.
  Pointer find(std::string_view name) const;
  /// The first that satisfies a condition; null if none does.
  Pointer first(const std::function<bool(const ServedModel&)>& condition) const;

  /// Opens all models anew; one that cannot be opened is logged, and the old one stays.
  /// \return how many were replaced
  std::size_t reload();
  /// Lets models go that were replaced and that no request uses any more: the caller's thread ends theirs.
  /// \return how many are still used
  std::size_t release_replaced();
  /// Ends the threads of all models; no request is answered any more.
  void stop() const;

 private:
  Open open_;
  mutable std::mutex mutex_;
  std::vector<Pointer> models_;
  std::vector<Pointer> replaced_;
};

}  // namespace albert::serve
