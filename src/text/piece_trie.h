#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace albert::text {

/// A trie of byte strings as a double array: a step to a child is one addition and one comparison (Aoe, "An efficient
/// digital search algorithm by using a double-array structure", 1989).
class PieceTrie {
 public:
  static constexpr std::int32_t kNone = -1;

  /// Bound on a key: building recurses once for each of its bytes.
  static constexpr std::size_t kMaxKeyBytes = 4096;

  /// \param keys distinct strings of 1 to kMaxKeyBytes bytes with their values (>= 0), in any order; others are not
  /// looked for
  explicit PieceTrie(std::vector<std::pair<std::string_view, std::int32_t>> keys);

  /// A place in the trie.
  using Node = std::uint32_t;
  Node root() const { return 0; }
  /// Goes down by one byte; false, and `node` unspecified, if no key continues so.
  bool step(Node& node, unsigned char byte) const {
    const Node child = units_[node].base + byte;
    if (units_[child].parent != node) return false;
    node = child;
    return true;
  }
  /// The value of the key that ends at a node, or kNone.
  std::int32_t value(Node node) const { return units_[node].value; }

 private:
  static constexpr Node kFree = ~Node{0};

  struct Unit {
    Node base = 0;
    Node parent = kFree;
    std::int32_t value = kNone;
  };
  struct Builder;

  std::vector<Unit> units_;
};

}  // namespace albert::text
