#include "cli/output_option.h"

namespace albert::cli {

Option add_output(Command& command, std::filesystem::path& output, bool& overwrite, const std::string& what) {
  const Option option = command.add_option("-o,--output", output, what);
  command.add_flag("--overwrite", overwrite,
                   "Replace what is at the output: a file whatever it holds, a folder only if it holds a result of the "
                   "same kind. Else it stays, and the command refuses");
  return option;
}

}  // namespace albert::cli
