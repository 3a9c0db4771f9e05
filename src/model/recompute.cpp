#include "model/recompute.h"

#include <ATen/core/grad_mode.h>
#include <ATen/core/ivalue.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>

namespace albert::model {

namespace {

using Body = std::function<at::Tensor(const at::Tensor&)>;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct Kept : torch::CustomClassHolder {
  explicit Kept(Body the_body) : body(std::move(the_body)) {}
  Body body;
};

struct RecomputeFunction : torch::autograd::Function<RecomputeFunction> {
  static at::Tensor forward(AutogradContext* context, const Body& body, const at::Tensor& x,
                            at::TensorList parameters) {
    variable_list saved{x};
    saved.insert(saved.end(), parameters.begin(), parameters.end());
    context->save_for_backward(saved);
    context->saved_data["body"] = c10::IValue::make_capsule(c10::make_intrusive<Kept>(body));
    return body(x);  // a Function's forward runs without recording
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    variable_list inputs = context->get_saved_variables();
    const at::Tensor original = inputs[0];
    inputs[0] = original.detach().requires_grad_(original.requires_grad());
    const auto kept = c10::static_intrusive_pointer_cast<Kept>(context->saved_data["body"].toCapsule());
    at::AutoGradMode with_gradients(true);
    const at::Tensor y = kept->body(inputs[0]);

    variable_list asked;
    for (const at::Tensor& input : inputs) {
      if (input.requires_grad()) asked.push_back(input);
    }
    const variable_list found = torch::autograd::grad({y}, asked, gradients, /*retain_graph=*/std::nullopt,
                                                      /*create_graph=*/false, /*allow_unused=*/true);
    variable_list result{at::Tensor()};  // for the body
    auto next = found.begin();
    for (const at::Tensor& input : inputs) result.push_back(input.requires_grad() ? *next++ : at::Tensor());
    return result;
  }
};

}  // namespace

at::Tensor recompute(const Body& body, const at::Tensor& x, const std::vector<at::Tensor>& parameters) {
  return RecomputeFunction::apply(body, x, at::TensorList(parameters));
}

}  // namespace albert::model
