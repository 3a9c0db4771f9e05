#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/config.h"
#include "model/pack.h"

namespace albert::model {

/// Pretraining examples with random content, which they own.
class RandomExamples {
 public:
  /// \param lengths of the sequences, each at least 3
  RandomExamples(const std::vector<std::int64_t>& lengths, const AlbertConfig& config, std::uint64_t seed = 1);

  const std::vector<PretrainingView>& views() const { return views_; }
  std::span<const PretrainingView> views(std::size_t begin, std::size_t count) const {
    return std::span(views_).subspan(begin, count);
  }
  PretrainingBatch batch() const { return pack_pretraining(views_); }

 private:
  struct Content {
    std::vector<std::int32_t> token_ids, segment_ids, masked_positions, labels;
  };
  std::vector<Content> contents_;
  std::vector<PretrainingView> views_;
};

/// Small enough for tests, with every dropout on and groups that are shared.
AlbertConfig small_config();

}  // namespace albert::model
