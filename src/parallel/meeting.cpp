#include "parallel/meeting.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <random>
#include <thread>

#include <netdb.h>
#include <netinet/in.h>
#include <nlohmann/json.hpp>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "parallel/libtorch_message.h"

namespace albert::parallel {

namespace {

using std::chrono::steady_clock;

constexpr auto kLook = std::chrono::milliseconds(50);

std::string random_name() {
  std::random_device device;
  return fmt::format("{:08x}{:08x}", device(), device());
}

using Addresses = std::unique_ptr<addrinfo, void (*)(addrinfo*)>;

/// Those of a host, whose name may become known only when it starts.
Addresses resolve(const std::string& host, std::uint16_t port, std::chrono::seconds timeout) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;
  const auto end = steady_clock::now() + timeout;
  for (bool is_told = false;; is_told = true) {
    addrinfo* found = nullptr;
    const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
    if (error == 0) return {found, ::freeaddrinfo};
    const bool may_come = error == EAI_NONAME || error == EAI_AGAIN || error == EAI_NODATA;
    if (!may_come || steady_clock::now() > end)
      throw RanksError("{}, the host of rank 0 (MASTER_ADDR), cannot be resolved: {}", host, ::gai_strerror(error));
    if (!is_told) {
      log_warning(
          "{}, the host of rank 0 (MASTER_ADDR), cannot be resolved: {}; this is tried for {} s "
          "(parallel.join_timeout_s)",
          host, ::gai_strerror(error), timeout.count());
    }
    std::this_thread::sleep_for(10 * kLook);
  }
}

/// The address of this host on the way to another one.
std::string own_address_towards(const std::string& host, std::uint16_t port, std::chrono::seconds timeout) {
  const Addresses addresses = resolve(host, port, timeout);
  for (const addrinfo* one = addresses.get(); one != nullptr; one = one->ai_next) {
    const Descriptor socket(::socket(one->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (socket.value() < 0 || ::connect(socket.value(), one->ai_addr, one->ai_addrlen) != 0) continue;
    sockaddr_storage own{};
    socklen_t size = sizeof(own);
    auto* const address = reinterpret_cast<sockaddr*>(&own);
    std::array<char, NI_MAXHOST> text{};
    if (::getsockname(socket.value(), address, &size) == 0 &&
        ::getnameinfo(address, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) == 0) {
      return text.data();
    }
  }
  throw RanksError("there is no network by which {} could be reached, the host of rank 0 (MASTER_ADDR)", host);
}

bool is_loopback(const std::string& address) {
  return address.starts_with("127.") || address == "::1";
}

nlohmann::json to_json(const Place& place, const std::string& token, int size) {
  return {{"token", token},           {"size", size},
          {"host", place.host},       {"cores", place.cores},
          {"address", place.address}, {"restarts", place.restarts}};
}

Place to_place(const nlohmann::json& json) {
  return {json.at("host"), json.at("cores"), json.at("address"), json.at("restarts")};
}

std::string answer_key(const std::string& name, int rank) {
  return fmt::format("{}/answer/{}", name, rank);
}

/// Ends the meeting: tells those that have answered, who would wait on, and leaves them a moment to hear it: the store may
/// go with this process. Whoever comes later is of the next start.
[[noreturn]] void give_up(Board& board, const std::string& name, const Launch& launch, const RanksError& error) {
  nlohmann::json tokens = nlohmann::json::array();
  for (int other = 1; other < launch.size; ++other) {
    if (const auto answer = board.read(answer_key(name, other))) tokens.push_back(read_json(*answer).at("token"));
  }
  board.write(name + "/given up", dump_json(nlohmann::json{{"why", error.what()}, {"heard", tokens}}));
  if (!launch.has_agent) std::this_thread::sleep_for(std::chrono::seconds(2));
  throw error;
}

[[noreturn]] void refuse_loopback(const Launch& launch) {
  throw RanksError(
      "MASTER_ADDR is {}, which every host has for itself, but {} of {} ranks are on this host; set MASTER_ADDR to the "
      "address of rank 0's host in the network",
      launch.address, launch.local_size, launch.size);
}

/// Says, once, whom rank 0 waits for.
void tell_of_waiting(int rank, const Launch& launch, steady_clock::time_point begin, bool& is_told) {
  constexpr auto kLong = std::chrono::seconds(10);
  if (is_told || steady_clock::now() - begin < kLong) return;
  is_told = true;
  log_info("waiting for rank {} of {}", rank, launch.size);
}

/// Rank 0: names a meeting, waits for the answers, and says whom it heard.
Meeting call(Board& board, const Launch& launch, const Place& own, std::chrono::seconds timeout) {
  const auto begin = steady_clock::now(), end = begin + timeout;
  const std::string name = random_name();
  bool is_told = false;
  board.write("call", name);
  nlohmann::json heard = {to_json(own, "", launch.size)};
  for (int rank = 1; rank < launch.size; ++rank) {
    std::optional<std::string> answer;
    while (!(answer = board.read(answer_key(name, rank)))) {
      if (steady_clock::now() > end) {
        give_up(
            board, name, launch,
            RanksError("rank {} of {} did not come within {} s (parallel.join_timeout_s): its log says why, if it was "
                       "started",
                       rank, launch.size, timeout.count()));
      }
      tell_of_waiting(rank, launch, begin, is_told);
      std::this_thread::sleep_for(kLook);
    }
    heard.push_back(read_json(*answer));
    if (const int size = heard.back().at("size"); size != launch.size) {
      give_up(
          board, name, launch,
          RanksError("rank {} on {} was started as one of {} ranks, rank 0 on {} as one of {}; start all of them with "
                     "the same number (WORLD_SIZE)",
                     rank, heard.back().at("host").get<std::string>(), size, own.host, launch.size));
    }
  }
  board.write(name + "/heard", dump_json(heard));
  Meeting meeting{{}, name};
  for (const nlohmann::json& one : heard) meeting.places.push_back(to_place(one));
  return meeting;
}

/// Throws RanksError if a call was given up that had heard this process. That of an earlier start may stand there still.
void check_given_up(Board& board, const std::string& name, const std::string& token) {
  const auto text = board.read(name + "/given up");
  if (!text) return;
  const nlohmann::json given_up = read_json(*text);
  const auto heard = given_up.at("heard").get<std::vector<std::string>>();
  if (std::ranges::find(heard, token) != heard.end()) throw RanksError("{}", given_up.at("why").get<std::string>());
}

/// What rank 0 heard from all, this process with them; nothing if it has not come so far, or heard an earlier start.
std::optional<Meeting> find_meeting(Board& board, const std::string& name, const Launch& launch,
                                    const std::string& token) {
  const auto text = board.read(name + "/heard");
  if (!text) return std::nullopt;
  const nlohmann::json heard = read_json(*text);
  if (heard.size() != static_cast<std::size_t>(launch.size) ||
      heard.at(static_cast<std::size_t>(launch.rank)).at("token") != token) {
    return std::nullopt;
  }
  Meeting meeting{{}, name};
  for (const nlohmann::json& one : heard) meeting.places.push_back(to_place(one));
  return meeting;
}

/// Another rank: answers each call, until it is heard.
Meeting answer(Board& board, const Launch& launch, const Place& own, std::chrono::seconds timeout) {
  const auto end = steady_clock::now() + timeout;
  const std::string token = random_name();
  std::string answered;
  while (true) {
    const std::string name = board.read("call").value_or("");
    if (!name.empty() && name != answered) {
      board.write(answer_key(name, launch.rank), dump_json(to_json(own, token, launch.size)));
      answered = name;
    }
    if (!name.empty()) {
      check_given_up(board, name, token);
      if (auto meeting = find_meeting(board, name, launch, token)) return *meeting;
    }
    if (steady_clock::now() > end) {
      throw RanksError(
          "rank {} of {} waited {} s (parallel.join_timeout_s) for rank 0 to have all ranks together: "
          "rank 0 or another one did not come; their logs say why",
          launch.rank, launch.size, timeout.count());
    }
    std::this_thread::sleep_for(kLook);
  }
}

}  // namespace

bool is_of_this_host(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return false;
  const Addresses addresses(found, ::freeaddrinfo);
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    const Descriptor socket(::socket(one->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (socket.value() >= 0 && ::bind(socket.value(), one->ai_addr, one->ai_addrlen) == 0) return true;
  }
  return false;
}

Place own_place(const Launch& launch, std::chrono::seconds timeout) {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  Place place{name.data(), {}, own_address_towards(launch.address, launch.port, timeout), launch.restarts};
  // Under torchrun, the number of local ranks is known: with fewer of them than ranks there are other hosts.
  if (is_loopback(launch.address) && launch.has_agent && launch.local_size < launch.size) refuse_loopback(launch);
  cpu_set_t allowed;
  if (::sched_getaffinity(0, sizeof(allowed), &allowed) != 0) return place;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(core, &allowed)) place.cores.push_back(core);
  }
  return place;
}

Meeting meet(Board& board, const Launch& launch, const Place& own, std::chrono::seconds timeout) {
  try {
    return launch.rank == 0 ? call(board, launch, own, timeout) : answer(board, launch, own, timeout);
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    throw RanksError(
        "the store of the ranks at {}:{} went away before all ranks had come: {}; the log of rank 0 says why",
        launch.address, launch.port, libtorch_message(error));
  }
}

std::string reachable_address(const Meeting& meeting, int rank) {
  const Place& own = meeting.places[static_cast<std::size_t>(rank)];
  const auto is_elsewhere = [&](const Place& place) { return place.host != own.host; };
  if (!is_loopback(own.address) || std::ranges::none_of(meeting.places, is_elsewhere)) return own.address;
  constexpr std::uint16_t kAnyPort = 9;
  for (const Place& place : meeting.places) {
    if (!is_elsewhere(place) || is_loopback(place.address)) continue;
    const std::string address = own_address_towards(place.address, kAnyPort, std::chrono::seconds(0));
    if (!is_loopback(address)) return address;
  }
  throw RanksError(
      "rank {} on {} has no address that the other hosts reach, only {}; set MASTER_ADDR to the address of "
      "rank 0's host in the network, or GLOO_SOCKET_IFNAME to the interface",
      rank, own.host, own.address);
}

std::int64_t num_restarts(const Meeting& meeting) {
  return std::ranges::max(meeting.places, {}, &Place::restarts).restarts;
}

int cores_for(const Meeting& meeting, int rank) {
  const Place& own = meeting.places[static_cast<std::size_t>(rank)];
  const auto sharing = std::ranges::count_if(
      meeting.places, [&](const Place& place) { return place.host == own.host && place.cores == own.cores; });
  return std::max(1, static_cast<int>(own.cores.size()) / static_cast<int>(sharing));
}

}  // namespace albert::parallel
