#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/safetensors.h"

namespace albert::checkpoint {

/// The format's own limit (huggingface/safetensors, safetensors/src/tensor.rs, MAX_HEADER_SIZE).
inline constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;

/// A tensor and where its bytes lie, counted from the end of the header; end - begin is what its shape says.
struct HeaderEntry {
  TensorInfo info;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

struct Header {
  std::vector<HeaderEntry> entries;
  Metadata metadata;
};

/// Reads the JSON of a header, checking everything that it alone can tell.
/// \param path for messages
/// Throws ModelError with file, tensor, expected and found.
Header parse_header(std::string_view json_text, const std::filesystem::path& path);

/// The JSON for tensors that lie one after the other.
std::string format_header(const std::vector<TensorInfo>& tensors, const Metadata& metadata);

}  // namespace albert::checkpoint
