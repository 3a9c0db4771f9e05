// Stands before LibTorch's header of this name, which brings in all of TorchScript: torch/nn/module.h only declares
// functions with these types, and nothing here calls them (checkpoint has formats of its own).
#pragma once

namespace torch::serialize {

class InputArchive;
class OutputArchive;

}  // namespace torch::serialize
