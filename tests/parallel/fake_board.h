#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "parallel/watch.h"

namespace albert::parallel::testing {

/// What several boards in one process share.
struct SharedValues {
  std::mutex mutex;
  std::map<std::string, std::string> values;
};

class FakeBoard : public Board {
 public:
  explicit FakeBoard(SharedValues& shared) : shared_(shared) {}
  void write(const std::string& key, const std::string& value) override {
    const std::scoped_lock lock(shared_.mutex);
    shared_.values[key] = value;
  }
  std::optional<std::string> read(const std::string& key) override {
    const std::scoped_lock lock(shared_.mutex);
    const auto found = shared_.values.find(key);
    return found == shared_.values.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  SharedValues& shared_;
};

}  // namespace albert::parallel::testing
