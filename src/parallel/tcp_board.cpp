#include "parallel/tcp_board.h"

#include <exception>
#include <vector>

#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include "base/error.h"
#include "parallel/served_store.h"

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

/// The first line of what LibTorch says, without the places in its sources.
std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

}  // namespace

c10::intrusive_ptr<c10d::Store> open_store(const Launch& launch, std::chrono::milliseconds timeout, bool serves) {
  c10d::TCPStoreOptions options;
  options.port = launch.port;
  options.isServer = serves && launch.rank == 0 && !launch.has_agent;
  options.waitWorkers = false;
  options.timeout = timeout;
  try {
    auto store = c10::make_intrusive<c10d::TCPStore>(launch.address, options);
    const std::string prefix = fmt::format("albert/{}", launch.run_id);
    return c10::make_intrusive<c10d::PrefixStore>(prefix, std::move(store));
  } catch (const std::exception& error) {
    throw RanksError("rank {}: {} at {}:{}: {}; {}", launch.rank,
                     options.isServer ? "cannot serve the store of the ranks" : "cannot reach the store of the ranks",
                     launch.address, launch.port, first_line(error.what()),
                     options.isServer ? "set MASTER_PORT to a port that is free"
                                      : "MASTER_ADDR is to name the host of rank 0, which must have been started, and "
                                        "let connections to MASTER_PORT through");
  }
}

std::unique_ptr<Board> make_board(c10::intrusive_ptr<c10d::Store> store) {
  return std::make_unique<StoreBoard>(std::move(store));
}

class ServedStore::Store : public c10d::TCPStore {
 public:
  using TCPStore::TCPStore;
};

ServedStore::ServedStore() {
  c10d::TCPStoreOptions options;
  options.port = 0;
  options.isServer = true;
  options.waitWorkers = false;
  store_ = std::make_unique<Store>("127.0.0.1", options);
}

ServedStore::~ServedStore() = default;

std::uint16_t ServedStore::port() const {
  return store_->getPort();
}

}  // namespace albert::parallel
