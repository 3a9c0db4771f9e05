#include "parallel/group.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <functional>
#include <future>
#include <thread>
#include <utility>

#include <ATen/ATen.h>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#ifdef USE_C10D_NCCL
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif

#include "base/descriptor.h"
#include "base/error.h"
#include "base/live_temporaries.h"
#include "base/log.h"
#include "parallel/libtorch_message.h"
#include "parallel/meeting.h"
#include "parallel/tcp_board.h"
#include "parallel/watch.h"

namespace albert::parallel {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

/// Between signs of life: a few of them may be late before a rank is given up, also where that is soon.
milliseconds interval_for(seconds timeout) {
  return std::clamp(milliseconds(timeout) / 16, milliseconds(250), milliseconds(1000));
}

/// For a thread that is not the one that ends the process.
[[noreturn]] void wait_for_end() {
  while (true) std::this_thread::sleep_for(seconds(1));
}

}  // namespace

/// What ranks of several processes have, beside one another's numbers.
class Group::Connection {
 public:
  Connection(const Launch& launch, const GroupOptions& options);

  const std::string& host(int rank) const { return meeting_.places.at(static_cast<std::size_t>(rank)).host; }
  int num_cores() const { return cores_for(meeting_, launch_.rank); }
  std::int64_t restarts() const { return num_restarts(meeting_); }
  c10d::Backend& backend() { return *backend_; }
  /// A tensor where the backend takes it from: NCCL knows memory of the GPU only.
  at::Tensor on_device(const at::Tensor& values) const {
    if (!options_.device.is_cuda() || values.is_cuda()) return values;
    return values.to(options_.device);
  }
  std::vector<std::string> gather(const std::string& text);
  std::string broadcast(const std::string& text);
  void leave();
  void fail(const std::string& why);

  /// Waits for a collective; does not return if a rank is lost.
  void finish(c10d::Work& work);
  /// Whether the host waits for a collective, and not the device alone.
  bool waits_on_host() const { return !options_.device.is_cuda(); }

 private:
  static constexpr milliseconds kLook{10};  ///< between the first two looks for a value

  std::string key(const std::string& name) { return fmt::format("{}/{}", name, num_exchanges_); }
  /// These three do not return if the store is lost.
  void write(const std::string& key, const std::string& value);
  std::string read(const std::string& key);
  bool has(const std::string& key);
  void set(const std::string& key, const std::string& value);
  void connect();
  void let_others_hear() const;
  /// A connection broke. Leaves it to the watch to find out which rank is lost, and ends the process.
  [[noreturn]] void end_unconnected(const std::string& what, const std::exception& error);
  /// Says what happened, and ends the process.
  [[noreturn]] void end(const std::string& problem);
  std::string with_host(std::string problem) const;

  Launch launch_;
  GroupOptions options_;
  milliseconds interval_;
  c10::intrusive_ptr<c10d::Store> store_;
  Meeting meeting_;
  std::atomic<bool> ends_ = false;
  std::int64_t num_exchanges_ = 0;
  std::unique_ptr<Watch> watch_;
  c10::intrusive_ptr<c10d::Backend> backend_;
};

Group::Connection::Connection(const Launch& launch, const GroupOptions& options)
    : launch_(launch), options_(options), interval_(interval_for(options.timeout)) {
  const Place place = own_place(launch, options.join_timeout);
  const auto whole_store = open_store(launch, options.join_timeout, /*serves=*/true);
  meeting_ = meet(*make_board(whole_store), launch, place, options.join_timeout);
  store_ = c10::make_intrusive<c10d::PrefixStore>(meeting_.name, whole_store);
  // Its own connection: the other one may be waiting for somebody.
  const auto board =
      c10::make_intrusive<c10d::PrefixStore>(meeting_.name, open_store(launch, options.timeout, /*serves=*/false));
  watch_ = std::make_unique<Watch>(
      make_board(board),
      WatchOptions{.rank = launch.rank, .size = launch.size, .interval = interval_, .timeout = options.timeout},
      [this](const std::string& problem) { end(with_host(problem)); });
  connect();
}

void Group::Connection::set(const std::string& key, const std::string& value) {
  store_->set(key, std::vector<std::uint8_t>(value.begin(), value.end()));
}

void Group::Connection::write(const std::string& key, const std::string& value) try {
  set(key, value);
} catch (const std::exception& error) {
  end_unconnected("the store of the ranks", error);
}

/// Waits for a value as long as the ranks live: the watch ends this process if one does not. Most come at once; where many
/// ranks wait for one that saves or evaluates, they do not keep the store busy.
std::string Group::Connection::read(const std::string& key) {
  constexpr milliseconds kLongest{320};
  for (milliseconds look = kLook; !has(key); look = std::min(2 * look, kLongest)) std::this_thread::sleep_for(look);
  try {
    const std::vector<std::uint8_t> value = store_->get(key);
    return {value.begin(), value.end()};
  } catch (const std::exception& error) {
    end_unconnected("the store of the ranks", error);
  }
}

bool Group::Connection::has(const std::string& key) try {
  return store_->check({key});
} catch (const std::exception& error) {
  end_unconnected("the store of the ranks", error);
}

void Group::Connection::connect() try {
  const auto store = c10::make_intrusive<c10d::PrefixStore>("group", store_);
  // The watch says when a rank is lost. This is for one that lives and hangs.
  constexpr std::chrono::hours kLongestCollective{1};
  if (options_.device.is_cuda()) {
#ifdef USE_C10D_NCCL
    const auto options = c10d::ProcessGroupNCCL::Options::create();
    options->timeout = kLongestCollective;
    backend_ = c10::make_intrusive<c10d::ProcessGroupNCCL>(store, launch_.rank, launch_.size, options);
    return;
#else
    throw RanksError(
        "several ranks on GPUs need NCCL, which this program was built without: build it with the preset 'cuda'");
#endif
  }
  // Gloo was seen to wait five times as long for the first connections.
  const milliseconds connecting = std::max(milliseconds(options_.join_timeout) / 5, milliseconds(3000));
  auto options = c10d::ProcessGroupGloo::Options::create(connecting);
  if (environment("GLOO_SOCKET_IFNAME")) {
    options = c10d::ProcessGroupGloo::Options::create_default(connecting);
  } else {
    options->devices = {c10d::ProcessGroupGloo::createDeviceForHostname(reachable_address(meeting_, launch_.rank))};
  }
  backend_ = c10::make_intrusive<c10d::ProcessGroupGloo>(store, launch_.rank, launch_.size, options);
  backend_->setTimeout(kLongestCollective);
} catch (const Error&) {
  throw;
} catch (const std::exception& error) {
  throw RanksError(
      "rank {} on {} cannot connect to the others: {}; set GLOO_SOCKET_IFNAME to the interface by which "
      "the hosts reach one another, and let connections between them through",
      launch_.rank, host(launch_.rank), libtorch_message(error));
}

/// What happened, with the host of the rank that it names.
std::string Group::Connection::with_host(std::string problem) const {
  for (int rank = launch_.size - 1; rank >= 0; --rank) {
    const std::string name = fmt::format("rank {} ", rank);
    if (!problem.starts_with(name)) continue;
    return fmt::format("rank {} on {} {}", rank, host(rank), problem.substr(name.size()));
  }
  if (launch_.has_agent)
    return fmt::format("{}; it is served on the launcher's host ({}:{})", problem, launch_.address, launch_.port);
  return fmt::format("rank 0 on {} is lost, which serves the store of the ranks at {}:{}: {}", host(0), launch_.address,
                     launch_.port, problem);
}

void Group::Connection::end(const std::string& problem) {
  if (ends_.exchange(true)) wait_for_end();
  log_error("{}; this rank ends, too. The last checkpoint stays: --resume goes on from it", problem);
  write_error_file(problem);
  remove_live_temporaries();
  let_others_hear();
  std::_Exit(static_cast<int>(ExitCode::kRanks));
}

/// Whoever serves the store goes last, so that the others hear what happened.
void Group::Connection::let_others_hear() const {
  if (launch_.rank == 0 && !launch_.has_agent) std::this_thread::sleep_for(3 * interval_);
}

void Group::Connection::finish(c10d::Work& work) try { work.wait(); } catch (const std::exception& error) {
  end_unconnected("its connection to another rank", error);
}

void Group::Connection::end_unconnected(const std::string& what, const std::exception& error) {
  const std::string problem =
      fmt::format("rank {} on {} lost {}: {}", launch_.rank, host(launch_.rank), what, libtorch_message(error));
  watch_->suspect();
  std::this_thread::sleep_for(options_.timeout);  // by then the watch has found the rank that is lost, if one is
  end(problem);
}

std::vector<std::string> Group::Connection::gather(const std::string& text) {
  ++num_exchanges_;
  write(key(fmt::format("report/{}", launch_.rank)), text);
  std::vector<std::string> texts;
  for (int rank = 0; rank < launch_.size; ++rank) texts.push_back(read(key(fmt::format("report/{}", rank))));
  return texts;
}

std::string Group::Connection::broadcast(const std::string& text) {
  ++num_exchanges_;
  if (launch_.rank == 0) write(key("text"), text);
  return read(key("text"));
}

void Group::Connection::leave() {
  const auto gone_key = [](int rank) { return fmt::format("gone/{}", rank); };
  write(Watch::left_key(launch_.rank), "");
  if (launch_.rank > 0) {
    read(Watch::left_key(0));
    watch_.reset();  // before rank 0 may go: the store may go with it, which is no loss any more
    try {
      set(gone_key(launch_.rank), "");
    } catch (const std::exception& error) {
      log_debug("the store of the ranks went first: {}", libtorch_message(error));
    }
  } else if (!launch_.has_agent) {  // whoever serves the store goes last; one that died meanwhile is not missed
    const auto end = steady_clock::now() + options_.timeout;
    for (int rank = 1; rank < launch_.size; ++rank) {
      while (!has(gone_key(rank)) && steady_clock::now() < end) std::this_thread::sleep_for(kLook);
    }
  }
  watch_.reset();
  backend_.reset();
}

void Group::Connection::fail(const std::string& why) {
  // Where another rank failed first, what this one found may follow from that.
  if (ends_.exchange(true)) wait_for_end();
  // The store may be what is lost.
  constexpr seconds kPatience{5};
  std::promise<void> written;
  std::future<void> done = written.get_future();
  std::thread([this, why, told = std::move(written)]() mutable {
    try {
      set(Watch::kFailureKey, fmt::format("rank {} ended: {}", launch_.rank, why));
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): then the others miss this rank
    }
    told.set_value();
  }).detach();
  done.wait_for(kPatience);
  let_others_hear();
}

Group::Group() = default;

Group::Group(const Launch& launch, const GroupOptions& options) : launch_(launch) {
  if (launch.size == 1) return;
  require_descriptors(descriptors_for(launch.size));
  connection_ = std::make_unique<Connection>(launch, options);
  launch_.restarts = connection_->restarts();
  if (launch.rank > 0) return;
  log_info("{} ranks, started by {}: this is rank 0, on {}", launch.size, launch.launcher, connection_->host(0));
  if (launch_.restarts == 0) return;
  log_warning("{} has started the ranks anew ({} times so far): they go on from the latest checkpoint", launch.launcher,
              launch_.restarts);
}

Group::~Group() {
  // Its threads wait for ranks that may not be there any more; the process is about to end.
  [[maybe_unused]] const Connection* const left_behind = connection_.release();
}

int Group::num_cores() const {
  return connection_ ? connection_->num_cores() : 0;
}

std::string Group::name_of(int rank) const {
  return connection_ ? fmt::format("rank {} on {}", rank, connection_->host(rank)) : fmt::format("rank {}", rank);
}

namespace {

class Nothing : public Pending {
 public:
  void wait() override {}
};

class Collective : public Pending {
 public:
  /// \param values where the result is wanted
  /// \param sent what the work is done on: the same, or a copy on another device
  Collective(at::Tensor values, at::Tensor sent, c10::intrusive_ptr<c10d::Work> work,
             std::function<void(c10d::Work&)> finish)
      : values_(std::move(values)), sent_(std::move(sent)), work_(std::move(work)), finish_(std::move(finish)) {}

  void wait() override {
    finish_(*work_);
    if (!sent_.is_same(values_)) values_.copy_(sent_);
  }

 private:
  at::Tensor values_, sent_;
  c10::intrusive_ptr<c10d::Work> work_;
  std::function<void(c10d::Work&)> finish_;
};

}  // namespace

/// Begins a collective.
struct Group::Beginning {
  std::function<c10::intrusive_ptr<c10d::Work>(c10d::Backend& backend, std::vector<at::Tensor>& sent)> start;
};

std::unique_ptr<Pending> Group::begin(const at::Tensor& values, const Beginning& beginning) {
  std::vector<at::Tensor> sent = {connection_->on_device(values)};
  const auto finish = [this](c10d::Work& work) {
    const auto begin = steady_clock::now();
    connection_->finish(work);
    if (connection_->waits_on_host()) {
      waited_s_ += std::chrono::duration<double>(steady_clock::now() - begin).count();
    }
  };
  return std::make_unique<Collective>(values, sent.front(), beginning.start(connection_->backend(), sent), finish);
}

std::unique_ptr<Pending> Group::begin_sum(const at::Tensor& values) {
  if (!connection_) return std::make_unique<Nothing>();
  return begin(values, {[](auto& backend, auto& sent) { return backend.allreduce(sent); }});
}

void Group::sum(const at::Tensor& values) {
  begin_sum(values)->wait();
}

void Group::broadcast(const at::Tensor& values, int root) {
  if (!connection_) return;
  c10d::BroadcastOptions options;
  options.rootRank = root;
  begin(values, {[&](auto& backend, auto& sent) { return backend.broadcast(sent, options); }})->wait();
}

std::string Group::broadcast(const std::string& text) {
  return connection_ ? connection_->broadcast(text) : text;
}

std::vector<std::string> Group::gather(const std::string& text) {
  return connection_ ? connection_->gather(text) : std::vector<std::string>{text};
}

void Group::leave() {
  if (!connection_) return;
  connection_->leave();
  connection_.reset();
}

void Group::fail(const std::string& why) noexcept try {
  if (connection_) connection_->fail(why);
} catch (const std::exception& error) {
  log_error("the other ranks could not be told: {}", error.what());
}

}  // namespace albert::parallel
