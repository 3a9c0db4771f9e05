#include "parallel/tcp_board.h"

#include <chrono>
#include <cstdlib>
#include <exception>
#include <future>
#include <thread>
#include <utility>
#include <vector>

#include <c10/util/Logging.h>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include "base/error.h"
#include "parallel/libtorch_message.h"
#include "parallel/meeting.h"

namespace albert::parallel {

namespace {

class StoreBoard : public Board {
 public:
  explicit StoreBoard(c10::intrusive_ptr<c10d::Store> store) : store_(std::move(store)) {}

  void write(const std::string& key, const std::string& value) override {
    store_->set(key, std::vector<std::uint8_t>(value.begin(), value.end()));
  }

  std::optional<std::string> read(const std::string& key) override {
    if (!store_->check({key})) return std::nullopt;
    const std::vector<std::uint8_t> value = store_->get(key);
    return std::string(value.begin(), value.end());
  }

 private:
  c10::intrusive_ptr<c10d::Store> store_;
};

/// Whoever listens at the port may be no store, and never answer: then the thread that waits for it is left behind.
c10::intrusive_ptr<c10d::Store> connect(const std::string& host, const c10d::TCPStoreOptions& options) {
  constexpr std::chrono::seconds kMore{5};
  ::setenv("TORCH_CPP_LOG_LEVEL", "FATAL", /*overwrite=*/0);  // what c10d says in many lines is said here, in one
  c10::initLogging();
  std::promise<c10::intrusive_ptr<c10d::Store>> promise;
  auto opened = promise.get_future();
  std::thread([host, options, given = std::move(promise)]() mutable {
    try {
      given.set_value(c10::make_intrusive<c10d::TCPStore>(host, options));
    } catch (...) {
      given.set_exception(std::current_exception());
    }
  }).detach();
  if (opened.wait_for(options.timeout + kMore) != std::future_status::ready) {
    throw RanksError("what listens there gives no answer");
  }
  return opened.get();
}

}  // namespace

c10::intrusive_ptr<c10d::Store> open_store(const Launch& launch, std::chrono::milliseconds timeout, bool serves) {
  c10d::TCPStoreOptions options;
  options.port = launch.port;
  options.isServer = serves && launch.rank == 0 && !launch.has_agent;
  options.waitWorkers = false;
  options.timeout = timeout;
  const auto refuse = [&](const std::string& reason) {
    const char* advice =
        "MASTER_ADDR is to name the host of rank 0, which must have been started, and let connections to MASTER_PORT "
        "through";
    if (options.isServer) {
      advice = is_of_this_host(launch.address)
                   ? "set MASTER_PORT to a port that is free"
                   : "MASTER_ADDR is no address of this host, on which rank 0 runs; set it to one";
    }
    throw RanksError("{} at {}:{}: {}; {}",
                     options.isServer ? "cannot serve the store of the ranks" : "cannot reach the store of the ranks",
                     launch.address, launch.port, reason, advice);
  };
  try {
    auto store = c10::make_intrusive<c10d::PrefixStore>(fmt::format("albert/{}", launch.run_id),
                                                        connect(launch.address, options));
    return store;
  } catch (const std::exception& error) {
    refuse(libtorch_message(error));
  }
  return nullptr;
}

std::unique_ptr<Board> make_board(c10::intrusive_ptr<c10d::Store> store) {
  return std::make_unique<StoreBoard>(std::move(store));
}

}  // namespace albert::parallel
