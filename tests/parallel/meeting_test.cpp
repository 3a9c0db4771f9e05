#include "parallel/meeting.h"

#include <future>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "parallel/fake_board.h"
#include "support/refusal.h"

namespace albert::parallel {
namespace {

using std::chrono_literals::operator""s;
using testing::FakeBoard;
using ::testing::HasSubstr;
using testing::SharedValues;

Launch launch_of(int rank, int size = 2) {
  Launch launch;
  launch.launcher = "a test";
  launch.rank = rank;
  launch.size = size;
  launch.has_agent = true;
  return launch;
}

Place place_of(int rank) {
  return {"host" + std::to_string(rank), {0, 1}, "10.0.0." + std::to_string(rank + 1), 0};
}

std::future<Meeting> come(SharedValues& shared, int rank, int size = 2, std::chrono::seconds timeout = 30s) {
  return std::async(std::launch::async, [&shared, rank, size, timeout] {
    FakeBoard board(shared);
    return meet(board, launch_of(rank, size), place_of(rank), timeout);
  });
}

TEST(Meet, AllKnowWhereTheOthersAre) {
  SharedValues shared;
  auto first = come(shared, 0), second = come(shared, 1);
  const Meeting found = second.get();
  EXPECT_EQ(first.get().name, found.name);
  ASSERT_EQ(found.places.size(), 2u);
  EXPECT_EQ(found.places[0].host, "host0");
  EXPECT_EQ(found.places[1].address, "10.0.0.2");
}

TEST(Meet, WhoHasAnsweredHearsWhoDidNotCome) {
  SharedValues shared;
  auto third = come(shared, 2, 3), first = come(shared, 0, 3, 1s);
  const std::string why = "rank 1 of 3 did not come within 1 s";
  EXPECT_THAT(albert::testing::refusal<RanksError>([&] { first.get(); }), HasSubstr(why));
  EXPECT_THAT(albert::testing::refusal<RanksError>([&] { third.get(); }), HasSubstr(why));
}

TEST(Meet, RanksOfAnotherNumberAreNamed) {
  SharedValues shared;
  auto first = come(shared, 0, 2), second = come(shared, 1, 3);
  const std::string why = "rank 1 on host1 was started as one of 3 ranks, rank 0 on host0 as one of 2";
  EXPECT_THAT(albert::testing::refusal<RanksError>([&] { first.get(); }), HasSubstr(why));
  EXPECT_THAT(albert::testing::refusal<RanksError>([&] { second.get(); }), HasSubstr(why));
}

/// The store of torchrun's agent outlives a start that failed.
TEST(Meet, ACallThatWasGivenUpBeforeIsNotTheNextStarts) {
  SharedValues shared;
  EXPECT_THROW(come(shared, 0, 2, 0s).get(), RanksError);
  auto second = come(shared, 1);
  EXPECT_EQ(second.wait_for(std::chrono::milliseconds(300)), std::future_status::timeout);
  auto first = come(shared, 0);
  EXPECT_EQ(first.get().name, second.get().name);
}

TEST(CoresFor, RanksOnTheSameCoresShareThem) {
  Meeting meeting{{place_of(0), place_of(0), place_of(1)}, "name"};
  EXPECT_EQ(cores_for(meeting, 0), 1);
  EXPECT_EQ(cores_for(meeting, 2), 2);
}

}  // namespace
}  // namespace albert::parallel
