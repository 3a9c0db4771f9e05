#include "parallel/group.h"

#include <functional>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include "parallel/distributed_optimizer.h"
#include "parallel/gradient_sum.h"
#include "parallel/served_store.h"

namespace albert::parallel {
namespace {

constexpr int kSize = 3;

/// Does something as each of several ranks, in processes of their own.
/// \param body false if what it saw was wrong
void as_ranks(const std::function<bool(Group&)>& body) {
  const ServedStore store;
  std::vector<pid_t> processes;
  for (int rank = 0; rank < kSize; ++rank) {
    processes.push_back(::fork());
    if (processes.back() != 0) continue;
    bool is_right = false;
    try {
      Launch launch;
      launch.launcher = "a test";
      launch.rank = launch.local_rank = rank;
      launch.size = launch.local_size = kSize;
      launch.address = "127.0.0.1";
      launch.port = store.port();
      launch.has_agent = true;
      Group group(launch, {});
      is_right = body(group);
      group.leave();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "rank %d: %s\n", rank, error.what());
    }
    ::_exit(is_right ? 0 : 1);
  }
  for (std::size_t rank = 0; rank < processes.size(); ++rank) {
    int status = 0;
    ::waitpid(processes[rank], &status, 0);
    EXPECT_EQ(status, 0) << "rank " << rank;
  }
}

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

/// A model of four parameters, of which each rank uses some; the last one is used by none.
bool sums_gradients(Group& group, const GradientSumOptions& options) {
  optim::NamedTensors parameters;
  for (int i = 0; i < 4; ++i) {
    parameters.push_back({std::to_string(i), filled({5, i + 1}, i + 1).set_requires_grad(true)});
  }
  GradientSum gradients(parameters, group, options);
  for (int update = 1; update <= 3; ++update) {
    for (const auto& [name, tensor] : parameters) tensor.mutable_grad().reset();
    constexpr int kPasses = 2;
    for (int pass = 1; pass <= kPasses; ++pass) {
      at::Tensor loss = parameters[0].tensor.sum() * update;
      if (group.rank() != 1) loss = loss + parameters[1].tensor.square().sum();
      if (group.rank() == 2) loss = loss + parameters[2].tensor.sum();
      if (pass == kPasses) gradients.expect_last_pass();
      loss.backward();
    }
    gradients.run();
    const bool is_right = parameters[0].tensor.grad().equal(filled({5, 1}, kSize * kPasses * update)) &&
                          parameters[1].tensor.grad().equal(filled({5, 2}, 2 * kPasses * 2 * 2)) &&
                          parameters[2].tensor.grad().equal(filled({5, 3}, kPasses)) &&
                          !parameters[3].tensor.grad().defined();
    if (!is_right) return false;
  }
  return true;
}

TEST(Ranks, GradientsAreThoseOfAllRanksAndPasses) {
  as_ranks([](Group& group) { return sums_gradients(group, {}); });
}

TEST(Ranks, GradientsThatLeaveDuringThePassAreTheSame) {
  as_ranks([](Group& group) { return sums_gradients(group, {.bucket_elements = 6}); });
  as_ranks([](Group& group) { return sums_gradients(group, {.overlaps = false, .bucket_elements = 6}); });
}

TEST(Ranks, GradientsMayTravelRounded) {
  as_ranks([](Group& group) { return sums_gradients(group, {.type = GradientType::kBFloat16, .bucket_elements = 6}); });
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
    for (std::size_t i = 0; i < expected.size(); ++i) {
      if (expected[i].name != found[i].name || !expected[i].tensor.equal(found[i].tensor)) return false;
    }
    return true;
  });
}

}  // namespace
}  // namespace albert::parallel
