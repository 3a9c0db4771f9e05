#pragma once

#include <cstdint>
#include <string_view>

namespace albert {

/// CRC-32C (Castagnoli; RFC 3720, appendix B.4), which zlib lacks: its crc32() is the CRC-32 of zip and gzip.
std::uint32_t crc32c(std::string_view bytes);

/// The checksum of TFRecord: CRC-32C, rotated and offset so that data which holds its own checksum is no special case.
std::uint32_t masked_crc32c(std::string_view bytes);

}  // namespace albert
