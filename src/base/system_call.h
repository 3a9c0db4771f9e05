#pragma once

#include <cerrno>
#include <system_error>
#include <type_traits>

namespace albert {

/// Makes a call of the system again as long as a signal interrupts it (EINTR), as those on network file systems may be,
/// and any other one where a handler is without SA_RESTART. Not for close(): the descriptor is gone then.
/// \param call returns less than 0 and sets errno, as calls of the system do; or is given a std::error_code to set, as
///     functions of std::filesystem are
/// \return what the last call returned; of the other kind, its error
template <typename Call>
auto uninterrupted(Call call) {
  if constexpr (std::is_invocable_v<Call, std::error_code&>) {
    std::error_code error;
    do {
      error.clear();
      call(error);
    } while (error == std::errc::interrupted);
    return error;
  } else {
    auto result = call();
    while (result < 0 && errno == EINTR) result = call();
    return result;
  }
}

}  // namespace albert
