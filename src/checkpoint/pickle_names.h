#pragma once

#include <algorithm>
#include <array>
#include <string_view>

/// What Python calls the classes and functions that tensors are saved with.
namespace albert::checkpoint {

inline constexpr std::string_view kOrderedDict = "collections.OrderedDict";
inline constexpr std::string_view kRebuildTensor = "torch._utils._rebuild_tensor";
inline constexpr std::string_view kRebuildTensor2 = "torch._utils._rebuild_tensor_v2";
inline constexpr std::string_view kRebuildParameter = "torch._utils._rebuild_parameter";
inline constexpr std::string_view kSize = "torch.Size";

/// Whether a class or function is one of these; no other may stand in a pickle.
inline bool is_known(std::string_view global) {
  constexpr std::array kFunctions = {kOrderedDict, kRebuildTensor, kRebuildTensor2, kRebuildParameter, kSize};
  constexpr std::array<std::string_view, 11> kDTypes = {"float32", "float64", "float16", "bfloat16", "int64", "int32",
                                                        "int16",   "int8",    "uint8",   "bool",     "float"};
  if (std::ranges::find(kFunctions, global) != kFunctions.end()) return true;
  if (!global.starts_with("torch.")) return false;
  global.remove_prefix(std::string_view("torch.").size());
  const bool is_storage = global.ends_with("Storage") && global.find('.') == std::string_view::npos;
  return is_storage || std::ranges::find(kDTypes, global) != kDTypes.end();
}

}  // namespace albert::checkpoint
