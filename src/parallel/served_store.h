#pragma once

#include <cstdint>
#include <memory>

namespace albert::parallel {

/// Serves a store on a port of this host that is free, as an agent does for the processes that it starts.
class ServedStore {
 public:
  ServedStore();
  ~ServedStore();
  ServedStore(const ServedStore&) = delete;
  ServedStore& operator=(const ServedStore&) = delete;

  std::uint16_t port() const;

 private:
  class Store;
  std::unique_ptr<Store> store_;
};

}  // namespace albert::parallel
