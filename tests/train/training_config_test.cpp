#include "train/training_config.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace albert::train {
namespace {

using ::testing::ElementsAre;

template <typename Due>
std::vector<std::int64_t> turns(const Agenda& agenda, Due due) {
  std::vector<std::int64_t> steps;
  for (std::int64_t step = 1; step == 1 || !agenda.finished(step - 1); ++step) {
    if ((agenda.*due)(step)) steps.push_back(step);
  }
  return steps;
}

TEST(Agenda, EverythingHappensAtTheEndToo) {
  const Course course(10);
  const Agenda agenda(course, {.every = 4}, {.every = 5}, 3);
  EXPECT_THAT(turns(agenda, &Agenda::log), ElementsAre(4, 8, 10));
  EXPECT_THAT(turns(agenda, &Agenda::evaluate), ElementsAre(5, 10));
  EXPECT_THAT(turns(agenda, &Agenda::save), ElementsAre(3, 6, 9, 10));
  EXPECT_THAT(turns(agenda, &Agenda::finished), ElementsAre(10));
}

TEST(Agenda, ZeroIsNeverButTheLastCheckpointIsWritten) {
  const Course course(3);
  const Agenda agenda(course, {.every = 0}, {.every = 0}, 0);
  EXPECT_THAT(turns(agenda, &Agenda::log), ElementsAre());
  EXPECT_THAT(turns(agenda, &Agenda::evaluate), ElementsAre());
  EXPECT_THAT(turns(agenda, &Agenda::save), ElementsAre(3));
}

}  // namespace
}  // namespace albert::train
