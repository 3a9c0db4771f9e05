#pragma once

#include <memory>
#include <string>
#include <vector>

#include <torch/nn/module.h>

namespace albert::model {

/// Modules of one kind as the children "0", "1", ... of this one, as in torch.nn.ModuleList.
template <typename Child>
class ModuleList : public torch::nn::Module {
 public:
  void add(std::shared_ptr<Child> child) {
    children_.push_back(register_module(std::to_string(children_.size()), std::move(child)));
  }

  const std::vector<std::shared_ptr<Child>>& children_in_order() const { return children_; }
  const Child& operator[](std::size_t index) const { return *children_.at(index); }

 private:
  std::vector<std::shared_ptr<Child>> children_;
};

}  // namespace albert::model
