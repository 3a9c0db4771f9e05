#pragma once

#include "cli/command.h"

/// The subcommands of `albert`: each function adds one to the program, its options filling a struct and its callback
/// calling one library function. Errors are thrown; main() turns them into exit codes.
namespace albert::cli {

void add_clean_command(Command& program);
void add_completion_command(Command& program);
void add_config_command(Command& program);
void add_corpus_command(Command& program);
/// Add `build`, `merge` and `show` to the subcommand `corpus`.
void add_corpus_build_command(Command& corpus);
void add_corpus_merge_command(Command& corpus);
void add_corpus_show_command(Command& corpus);
void add_doctor_command(Command& program);
void add_embed_command(Command& program);
void add_evaluate_command(Command& program);
void add_export_command(Command& program);
void add_fill_mask_command(Command& program);
void add_finetune_command(Command& program);
void add_glue_submission_command(Command& program);
void add_help_command(Command& program);
void add_import_command(Command& program);
void add_info_command(Command& program);
void add_predict_command(Command& program);
void add_pretrain_command(Command& program);
void add_report_command(Command& program);
void add_runs_command(Command& program);
void add_score_command(Command& program);
void add_search_command(Command& program);
void add_serve_command(Command& program);
void add_tokenizer_command(Command& program);
/// Add `extend`, `replace`, `sample` and `train` to the subcommand `tokenizer`.
void add_tokenizer_extend_command(Command& tokenizer);
void add_tokenizer_replace_command(Command& tokenizer);
void add_tokenizer_sample_command(Command& tokenizer);
void add_tokenizer_train_command(Command& tokenizer);

}  // namespace albert::cli
