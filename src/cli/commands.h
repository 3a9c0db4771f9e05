#pragma once

namespace CLI {
class App;
}

/// The subcommands of `albert`: each function adds one to the program, its options filling a struct and its callback
/// calling one library function. Errors are thrown; main() turns them into exit codes.
namespace albert::cli {

void add_config_command(CLI::App& app);
void add_corpus_command(CLI::App& app);
/// Adds `show` to the subcommand `corpus`.
void add_corpus_show_command(CLI::App& corpus);
void add_embed_command(CLI::App& app);
void add_evaluate_command(CLI::App& app);
void add_fill_mask_command(CLI::App& app);
void add_finetune_command(CLI::App& app);
void add_glue_submission_command(CLI::App& app);
void add_info_command(CLI::App& app);
void add_predict_command(CLI::App& app);
void add_pretrain_command(CLI::App& app);
void add_score_command(CLI::App& app);
void add_search_command(CLI::App& app);
void add_tokenizer_command(CLI::App& app);

}  // namespace albert::cli
