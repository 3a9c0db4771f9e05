#include "parallel/served_store.h"

#include <torch/csrc/distributed/c10d/TCPStore.hpp>

namespace albert::parallel {

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
