#include "base/hash.h"

#include <xxhash.h>

namespace albert {

std::uint64_t hash64_of(std::string_view bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

}  // namespace albert
