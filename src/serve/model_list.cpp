#include "serve/model_list.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "base/log.h"

namespace albert::serve {

ModelList::ModelList(std::size_t count, Open open) : open_(std::move(open)) {
  for (std::size_t i = 0; i < count; ++i) models_.push_back(open_(i));
}

std::vector<ModelList::Pointer> ModelList::all() const {
  const std::scoped_lock lock(mutex_);
  return models_;
}

ModelList::Pointer ModelList::find(std::string_view name) const {
  return first([&](const ServedModel& model) { return model.facts.name == name; });
}

ModelList::Pointer ModelList::first(const std::function<bool(const ServedModel&)>& condition) const {
  for (Pointer& model : all()) {
    if (condition(*model)) return std::move(model);
  }
  return nullptr;
}

std::size_t ModelList::reload() {
  std::size_t num_replaced = 0;
  for (std::size_t i = 0; i < models_.size(); ++i) {
    try {
      Pointer opened = open_(i);
      const std::scoped_lock lock(mutex_);
      replaced_.push_back(std::exchange(models_[i], std::move(opened)));
      ++num_replaced;
    } catch (const std::exception& error) {
      log_error("{} could not be reloaded, and stays as it was: {}", models_[i]->facts.name, error.what());
    }
  }
  return num_replaced;
}

void ModelList::stop() const {
  const std::scoped_lock lock(mutex_);
  for (const auto* models : {&models_, &replaced_}) {
    for (const Pointer& model : *models) model->stop();
  }
}

std::size_t ModelList::release_replaced() {
  std::vector<Pointer> unused;
  const std::scoped_lock lock(mutex_);
  const auto used =
      std::partition(replaced_.begin(), replaced_.end(), [](const Pointer& model) { return model.use_count() == 1; });
  unused.assign(std::make_move_iterator(replaced_.begin()), std::make_move_iterator(used));
  replaced_.erase(replaced_.begin(), used);
  return replaced_.size();
}

}  // namespace albert::serve
