// Fine-tunes a model on a table of texts and labels, then labels the lines of standard input: `albert finetune` and `albert predict` inside of
// another program.
//
// usage: embed_in_cpp MODEL TABLE RUN-DIR < texts.txt

#include <cstdio>
#include <filesystem>
#include <iostream>

#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
#include "inference/open_model.h"
#include "inference/precision_choice.h"
#include "inference/predict.h"
#include "train/finetune.h"

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: embed_in_cpp MODEL TABLE RUN-DIR < texts.txt\n";
    return 2;
  }
  const std::filesystem::path run_dir = argv[3];
  albert::set_up_log(albert::LogLevel::kWarning);
  try {
    albert::train::FinetuneOptions options;
    options.model = argv[1];
    options.data = {argv[2]};
    options.run.config = "classification";  // a recipe, or a YAML file
    options.run.assignments = {"task.max_sequence_length=64", "train.epochs=20", "optimizer.learning_rate=3e-3",
                               "optimizer.bias_correction=true"};
    options.run.run_dir = run_dir;
    albert::train::finetune(options, "embed_in_cpp");

    albert::model::ComputeConfig config;  // device, precision and threads as the program chooses them
    const auto compute = albert::inference::set_up_prediction(config, run_dir);
    const auto opened = albert::inference::open_task_model(run_dir, compute);
    albert::inference::predict(opened, STDIN_FILENO, stdout, {});
  } catch (const albert::Error& error) {
    std::cerr << error.what() << '\n';
    return static_cast<int>(error.code());
  }
}
