#pragma once

namespace CLI {
class App;
}

/// The subcommands of `albert`: each function adds one to the program, its options filling a struct and its callback
/// calling one library function. Errors are thrown; main() turns them into exit codes.
namespace albert::cli {

void add_corpus_command(CLI::App& app);
/// Adds `show` to the subcommand `corpus`.
void add_corpus_show_command(CLI::App& corpus);
void add_tokenizer_command(CLI::App& app);

}  // namespace albert::cli
