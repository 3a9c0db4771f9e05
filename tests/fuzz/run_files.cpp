// Files in the folder of a run, and lists that people write by hand.

#include "checkpoint/manifest.h"
#include "checkpoint/training_state.h"
#include "corpus/files/input_list.h"
#include "fuzz.h"
#include "input_file.h"
#include "serve/api_keys.h"
#include "train/course.h"

namespace albert::fuzz {

namespace {

void read_clock(std::string_view lines) {
  const std::vector<std::int64_t> places = train::places_from_lines(lines, "clock.txt");
  require(train::places_from_lines(train::to_lines(places), "clock.txt") == places);
}

void read_state(std::string_view text) {
  const checkpoint::TrainState state = checkpoint::train_state_from_json(std::string(text), "trainer_state.json");
  require(checkpoint::train_state_from_json(checkpoint::to_json(state), "trainer_state.json") == state);
}

}  // namespace

void read(std::string_view input) {
  static InputFile manifest("checkpoint/manifest.json");
  static InputFile list("list.txt");
  switch (take_choice(input, 5)) {
    case 0:
      return read_clock(input);
    case 1:
      return read_state(input);
    case 2:
      manifest.write(input);
      checkpoint::verify_sizes(manifest.path().parent_path());
      return;
    case 3:
      list.write(input);
      corpus::expand_lists({"@" + list.path().string()});
      return;
    default:
      list.write(input);
      serve::ApiKeys::read(list.path()).allow("Bearer key");
  }
}

}  // namespace albert::fuzz
