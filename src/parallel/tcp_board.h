#pragma once

#include <chrono>
#include <memory>
#include <string>

#include <torch/csrc/distributed/c10d/Store.hpp>

#include "parallel/launch.h"
#include "parallel/watch.h"

namespace albert::parallel {

/// A connection to the store of a launch, whose keys are those of this run alone. On rank 0 of a launch
/// without an agent it serves the store, too.
/// \param serves whether to serve it where that is this rank's part; else a connection to one that is served
/// Throws RanksError if the store cannot be reached, or its port is taken.
c10::intrusive_ptr<c10d::Store> open_store(const Launch& launch, std::chrono::milliseconds timeout, bool serves);

/// A board over a store.
std::unique_ptr<Board> make_board(c10::intrusive_ptr<c10d::Store> store);

}  // namespace albert::parallel
