#pragma once

#include "model/config.h"
#include "ops/ops.h"

namespace albert::model {

inline ops::Activation activation_of(const AlbertConfig& config) {
  switch (config.hidden_act) {
    case HiddenActivation::kGelu:
      return ops::Activation::kGelu;
    case HiddenActivation::kGeluNew:
      return ops::Activation::kGeluTanh;
    case HiddenActivation::kRelu:
      break;
  }
  return ops::Activation::kRelu;
}

}  // namespace albert::model
