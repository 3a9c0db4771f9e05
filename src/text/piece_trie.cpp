#include "text/piece_trie.h"

#include <algorithm>

namespace albert::text {

/// Places the nodes one after the other, each at the first base where all its children find a free unit.
struct PieceTrie::Builder {
  using Keys = std::vector<std::pair<std::string_view, std::int32_t>>;

  const Keys& keys;  ///< sorted
  std::vector<Unit>& units;
  /// Nothing is placed below 256, so that every byte can lead to the first free unit from a base of at least 1 (base 0
  /// would put a child where the root is).
  Node first_free = 256;

  static unsigned char byte_at(std::string_view key, std::size_t depth) {
    return static_cast<unsigned char>(key[depth]);
  }

  void reserve(Node base) {
    if (units.size() < std::size_t{base} + 256) units.resize(std::size_t{base} + 4096);
  }

  bool fits(Node base, const std::vector<unsigned char>& labels) {
    reserve(base);
    return std::all_of(labels.begin(), labels.end(),
                       [&](unsigned char label) { return units[base + label].parent == kFree; });
  }

  Node find_base(const std::vector<unsigned char>& labels) {
    while (units[first_free].parent != kFree) reserve(++first_free);
    Node base = first_free - labels[0];
    while (!fits(base, labels)) ++base;
    return base;
  }

  /// Adds the children of `node`, whose keys are first .. last-1 and agree in their first `depth` bytes.
  void add(Node node, std::size_t first, std::size_t last, std::size_t depth) {
    if (keys[first].first.size() == depth) units[node].value = keys[first++].second;
    if (first == last) return;
    std::vector<unsigned char> labels;
    std::vector<std::size_t> starts;
    for (std::size_t i = first; i < last; ++i) {
      const unsigned char label = byte_at(keys[i].first, depth);
      if (!labels.empty() && labels.back() == label) continue;
      labels.push_back(label);
      starts.push_back(i);
    }
    starts.push_back(last);
    const Node base = find_base(labels);
    units[node].base = base;
    for (const unsigned char label : labels) units[base + label].parent = node;
    for (std::size_t i = 0; i < labels.size(); ++i) add(base + labels[i], starts[i], starts[i + 1], depth + 1);
  }
};

PieceTrie::PieceTrie(std::vector<std::pair<std::string_view, std::int32_t>> keys) {
  std::sort(keys.begin(), keys.end());
  units_.resize(4096);
  units_[0].parent = 0;  // taken; no byte leads to it, since every base is at least 1
  Builder builder{keys, units_};
  if (!keys.empty()) builder.add(root(), 0, keys.size(), 0);
  // A leaf keeps base 0: its steps land in 0 .. 255, where only the root is.
}

}  // namespace albert::text
