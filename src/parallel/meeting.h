#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "parallel/launch.h"
#include "parallel/watch.h"

/// How the ranks of a launch find each other at the start.
namespace albert::parallel {

/// Where a rank runs.
struct Place {
  std::string host;
  std::vector<int> cores;     ///< that it may run on
  std::string address;        ///< of its host, on the way to the store's
  std::int64_t restarts = 0;  ///< as its launcher counts them: the agents of several hosts count for themselves
};

struct Meeting {
  std::vector<Place> places;  ///< by rank
  std::string name;           ///< that no other start of this run or of another has: what keys begin with
};

/// Waits for all ranks. A store may hold what earlier starts left there, and ranks of an earlier start may still be
/// ending, or be restarted apart from each other: rank 0 calls, the others answer, and only those that rank 0 has heard
/// go on.
/// \param board of the launch's store
/// Throws RanksError, naming a rank that did not come in time.
Meeting meet(Board& board, const Launch& launch, const Place& own, std::chrono::seconds timeout);

/// Whether a name or an address is of this host: something can be bound to it.
bool is_of_this_host(const std::string& host);

/// This process's, with the address by which packets to the store's host leave: what the own name resolves to is often
/// a loopback address, to which no other host can connect.
/// \param timeout so long the name of the store's host may not be known yet
/// Throws RanksError if there is no way to it.
Place own_place(const Launch& launch, std::chrono::seconds timeout);

/// By which address of its host the others reach a rank: that of its place; or if that is a loopback address, as
/// Debian gives the own name, and there are other hosts, the one on the way to them.
/// Throws RanksError if there is none.
std::string reachable_address(const Meeting& meeting, int rank);

/// How often the ranks have been started anew, by the agent that counted most.
std::int64_t num_restarts(const Meeting& meeting);

/// How many cores of its host are for a rank: those that it may run on, shared evenly with the other ranks that may run
/// on the same ones; at least one.
int cores_for(const Meeting& meeting, int rank);

}  // namespace albert::parallel
