#include "cli/task_settings.h"

namespace albert::cli {

void add_task_settings(Command& command, std::vector<std::string>& settings) {
  command
      .add_option("--set", settings,
                  "Override a setting of the task that the model's folder describes: KEY=VALUE, as in --set "
                  "task.text.layout=sst2; may be repeated")
      .one_at_a_time()
      .type_name("KEY=VALUE");
}

}  // namespace albert::cli
