#include "parallel/group.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>

#include "parallel/distributed_optimizer.h"
#include "parallel/gradient_sum.h"
#include "support/ranks.h"
#include "support/temporary_folder.h"

namespace albert::parallel {
namespace {

using albert::testing::as_ranks;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

constexpr int kSize = 3;

at::Tensor filled(const std::vector<std::int64_t>& shape, double value) {
  return at::full(shape, value, at::kFloat);
}

TEST(Ranks, SumsBroadcastsAndReports) {
  as_ranks([](Group& group) {
    at::Tensor values = filled({2}, group.rank() + 1);
    group.sum(values);
    at::Tensor exact = at::full({1}, 1e300 * group.rank(), at::kDouble);
    group.broadcast(exact, 2);
    return values.equal(filled({2}, 1 + 2 + 3)) && exact.item<double>() == 2e300 &&
           group.broadcast("from " + std::to_string(group.rank())) == "from 0" &&
           group.gather(std::to_string(group.rank())) == std::vector<std::string>{"0", "1", "2"} &&
           group.num_cores() >= 1;
  });
}

/// A model of four parameters, of which each rank uses some; the first one is used by none. A pass comes to the last ones
/// first.
/// \param num_early buffers that are to leave during the pass on a rank that uses all but the first one
bool sums_gradients(Group& group, const GradientSumOptions& options, std::size_t num_early = 0) {
  optim::NamedTensors parameters;
  for (int i = 0; i < 4; ++i) {
    parameters.push_back({std::to_string(i), filled({5, i + 1}, i + 1).set_requires_grad(true)});
  }
  GradientSum gradients(parameters, group, options);
  for (int update = 1; update <= 3; ++update) {
    for (const auto& [name, tensor] : parameters) tensor.mutable_grad().reset();
    constexpr int kPasses = 2;
    for (int pass = 1; pass <= kPasses; ++pass) {
      at::Tensor loss = parameters[3].tensor.sum() * update;
      if (group.rank() != 1) loss = loss + parameters[2].tensor.square().sum();
      if (group.rank() == 2) loss = loss + parameters[1].tensor.sum();
      if (pass == kPasses) gradients.expect_last_pass();
      loss.backward();
    }
    gradients.run();
    const bool is_right = parameters[3].tensor.grad().equal(filled({5, 4}, kSize * kPasses * update)) &&
                          parameters[2].tensor.grad().equal(filled({5, 3}, 2 * kPasses * 2 * 3)) &&
                          parameters[1].tensor.grad().equal(filled({5, 2}, kPasses)) &&
                          !parameters[0].tensor.grad().defined();
    if (!is_right || (group.rank() == 2 && gradients.num_early() != num_early)) return false;
  }
  return true;
}

TEST(Ranks, GradientsAreThoseOfAllRanksAndPasses) {
  as_ranks([](Group& group) { return sums_gradients(group, {}); });
}

TEST(Ranks, GradientsThatLeaveDuringThePassAreTheSame) {
  as_ranks([](Group& group) { return sums_gradients(group, {.bucket_elements = 6}, 3); });
  as_ranks([](Group& group) { return sums_gradients(group, {.overlaps = false, .bucket_elements = 6}); });
}

TEST(Ranks, GradientsMayTravelRounded) {
  as_ranks(
      [](Group& group) { return sums_gradients(group, {.type = GradientType::kBFloat16, .bucket_elements = 6}, 3); });
}

TEST(Ranks, AShardedOptimizerDoesWhatAWholeOneDoes) {
  as_ranks([](Group& group) {
    const auto make = [] {
      optim::NamedTensors parameters;
      for (int i = 0; i < 5; ++i) {
        parameters.push_back({"layer." + std::to_string(i) + ".weight", at::arange(1, 8 + i).to(at::kFloat)});
        parameters.back().tensor.set_requires_grad(true);
      }
      return parameters;
    };
    const optim::OptimizerConfig config{.name = optim::Rule::kLamb, .learning_rate = 0.1};
    const optim::NamedTensors whole = make(), sharded = make(), resumed = make();
    DistributedOptimizer one(config, whole, group, false), two(config, sharded, group, true),
        three(config, resumed, group, true);
    const auto step = [](DistributedOptimizer& optimizer, int number) {
      for (const auto& [name, tensor] : optimizer.parameters()) tensor.mutable_grad() = tensor.detach() * number;
      optimizer.step(0.1, 0.5);
    };
    for (int i = 1; i <= 3; ++i) {
      step(one, i);
      step(two, i);
    }
    const optim::NamedTensors state = two.state();
    for (std::size_t i = 0; i < whole.size(); ++i) resumed[i].tensor.detach().copy_(sharded[i].tensor.detach());
    three.load_state(group.is_first() ? state : optim::NamedTensors{});
    step(one, 4);
    step(three, 4);
    for (std::size_t i = 0; i < whole.size(); ++i) {
      if (!whole[i].tensor.equal(resumed[i].tensor)) return false;
    }
    const optim::NamedTensors expected = one.state(), found = three.state();
    if (!group.is_first()) return found.empty();  // it keeps no more than its share
    if (expected.size() != found.size()) return false;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      if (expected[i].name != found[i].name || !expected[i].tensor.equal(found[i].tensor)) return false;
    }
    return true;
  });
}

/// Each matrix of Muon is updated by one rank, whose bits all get: here the ranks have gradients of their own.
TEST(Ranks, HaveTheSameMatricesByMuon) {
  as_ranks([](Group& group) {
    optim::NamedTensors parameters;
    for (int i = 0; i < 3; ++i) {
      parameters.push_back({"encoder." + std::to_string(i) + ".weight", at::arange(1, 13).to(at::kFloat).view({3, 4})});
      parameters.back().tensor.set_requires_grad(true);
      parameters.back().tensor.mutable_grad() =
          at::sin(at::arange(12).to(at::kFloat) * (1 + group.rank())).view({3, 4});
    }
    DistributedOptimizer optimizer({.name = optim::Rule::kMuon, .learning_rate = 0.1}, parameters, group, false);
    optimizer.step(0.1, 1.0);
    std::string bits;
    for (const auto& [name, tensor] : parameters) {
      const at::Tensor own = tensor.detach().contiguous();
      if (own.equal(at::arange(1, 13).to(at::kFloat).view({3, 4}))) return false;
      for (std::int64_t k = 0; k < own.numel(); ++k) bits += std::to_string(own.const_data_ptr<float>()[k]) + " ";
    }
    for (const std::string& other : group.gather(bits)) {
      if (other != bits) return false;
    }
    return true;
  });
}

TEST(Ranks, AreDoneWhenRank0Is) {
  const albert::testing::TemporaryFolder folder;
  const auto saved = folder / "saved";
  as_ranks(
      [&](Group& group) {
        if (!group.is_first()) return true;
        std::this_thread::sleep_for(500ms);
        std::ofstream(saved) << "state";
        return true;
      },
      {.afterwards = [&](int /*rank*/) { return std::filesystem::exists(saved); }});
}

TEST(Ranks, EndWhereTheStoreIsLostDuringAText) {
  as_ranks(
      [](Group& group) {
        group.gather("all are there");
        if (group.is_first()) ::_exit(9);
        group.broadcast("that never comes");
        return true;
      },
      {.size = 2, .has_agent = false, .group = {.timeout = 4s}, .codes = {9, static_cast<int>(ExitCode::kRanks)}});
}

TEST(Ranks, DoNotTellWhatFollowsFromALossAsItsReason) {
  const albert::testing::TemporaryFolder folder;
  const auto told = folder / "error.json";
  as_ranks(
      [&](Group& group) {
        ::setenv("TORCHELASTIC_ERROR_FILE", told.c_str(), 1);
        if (!group.is_first()) throw DataError("a flipped bit");
        while (!std::filesystem::exists(told)) std::this_thread::sleep_for(5ms);
        throw IoError("what was being written is removed");
        return true;
      },
      {.size = 2,
       .has_agent = false,
       .group = {.timeout = 4s},
       .codes = {static_cast<int>(ExitCode::kRanks), static_cast<int>(ExitCode::kData)}});
}

TEST(Ranks, EndWithTheirOwnCodeWhereAllFindThatANumberIsNone) {
  constexpr int kCode = static_cast<int>(ExitCode::kNumerical);
  as_ranks(
      [](Group& group) {
        if (group.is_first()) std::this_thread::sleep_for(1s);
        throw NumericalError("the loss is NaN");
        return true;
      },
      {.group = {.timeout = 4s}, .codes = {kCode, kCode, kCode}});
}

}  // namespace
}  // namespace albert::parallel
