#include "base/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>

namespace albert {

void set_up_log(spdlog::level::level_enum level) {
  auto logger = std::make_shared<spdlog::logger>("albert", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
  logger->set_pattern("%^%H:%M:%S %L%$ %v");
  logger->set_level(level);
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace albert
