// Predictions by any program for a file that says what is right: an input is that file, kSeparator, and the predictions; of
// squad2 also the odds that there is no answer. Its first byte chooses the task.

#include <array>

#include "answers.h"
#include "fuzz.h"
#include "input_file.h"
#include "tasks/score.h"

namespace albert::fuzz {

namespace {

/// The files of a task: what is right, predictions, and odds.
struct Judged {
  Judged(std::string task, const std::string& gold_ending, const std::string& ending)
      : recipe(std::move(task)),
        files({InputFile(recipe + "/gold" + gold_ending), InputFile(recipe + "/predictions" + ending),
               InputFile(recipe + "/odds.json")}) {}

  std::string recipe;
  std::array<InputFile, 3> files;
};

}  // namespace

void read(std::string_view input) {
  static std::array judgements = {Judged("classification", ".tsv", ".tsv"), Judged("multilabel", ".jsonl", ".jsonl"),
                                  Judged("regression", ".csv", ".csv"),     Judged("cola", ".tsv", ".tsv"),
                                  Judged("mnli", ".tsv", ".tsv"),           Judged("stsb", ".tsv", ".tsv"),
                                  Judged("squad1", ".json", ".json"),       Judged("squad2", ".json", ".json"),
                                  Judged("conll", ".conll", ".conll"),      Judged("ud_pos", ".conllu", ".conllu"),
                                  Judged("arc", ".jsonl", ".jsonl"),        Judged("semeval2010", ".txt", ".txt"),
                                  Judged("embedding", ".tsv", ".tsv")};
  Judged& judged = judgements[take_choice(input, judgements.size())];
  write_parts(judged.files, parts_of(input));
  tasks::ScoreFiles files{.gold = judged.files[0].path(), .predictions = judged.files[1].path()};
  if (judged.recipe == "squad2" && parts_of(input).size() > 2) files.null_odds = judged.files[2].path();
  const auto task = tasks::make_task({.config = tasks::task_of_recipe(judged.recipe), .labels = {}}, nullptr);
  task->score(files);
}

}  // namespace albert::fuzz
