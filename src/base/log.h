#pragma once

#include <spdlog/spdlog.h>

namespace albert {

/// Sends the program's log to standard error, so that standard output carries results only: plain lines where it is not
/// a terminal, coloured ones where it is. Call once, from main().
void set_up_log(spdlog::level::level_enum level);

}  // namespace albert
