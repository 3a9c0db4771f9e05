#include "train/stages.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

#include <spdlog/fmt/fmt.h>

#include "base/counted.h"
#include "base/error.h"
#include "train/pretrain_config.h"

namespace albert::train {

namespace {

/// What a setting is at a place: of its timeline if it has one, else the number that stays.
std::int64_t value_at(const config::Timeline& timeline, std::int64_t otherwise, std::int64_t place,
                      std::int64_t length) {
  return timeline.is_empty() ? otherwise : std::llround(timeline.stage_at(place, length));
}

bool same_shape(const Stages::Stage& one, const Stages::Stage& other) {
  return one.num_layers == other.num_layers && one.sequence_length == other.sequence_length &&
         one.batch_size == other.batch_size;
}

}  // namespace

Stages::Stages(const PretrainConfig& config)
    : length_(config.training.train.length()), masking_rate_(config.data.examples.masking_rate) {
  const TrainConfig& train = config.training.train;
  const config::Timeline& length = config.data.length_schedule;
  const config::Timeline depth = train.depth_schedule.value_or(config::Timeline());
  const config::Timeline batch = train.batch_schedule.value_or(config::Timeline());
  std::set<std::int64_t> begins = {0};
  for (const config::Timeline* timeline : {&length, &depth, &batch}) {
    for (const auto& point : timeline->points()) begins.insert(config::Timeline::step_of(point, length_.count));
  }
  for (const std::int64_t begin : begins) {
    Stage stage{.begin = begin,
                .num_layers = value_at(depth, config.model.num_hidden_layers, begin, length_.count),
                .sequence_length = value_at(length, config.data.examples.max_sequence_length, begin, length_.count),
                .batch_size = value_at(batch, train.batch_size, begin, length_.count)};
    stage.micro_batch_size = train.micro_batch_size * config.data.examples.max_sequence_length / stage.sequence_length;
    if (stages_.empty() || (begin < length_.count && !same_shape(stages_.back(), stage))) stages_.push_back(stage);
  }
  const Stage last{.num_layers = config.model.num_hidden_layers,
                   .sequence_length = config.data.examples.max_sequence_length,
                   .batch_size = train.batch_size};
  if (!same_shape(stages_.back(), last)) {
    throw UsageError(
        "a run of {} ends before its model has grown: the last update would have {} layers, {} tokens a sequence and "
        "{} sequences; give it more",
        length_.stretch(length_.count), stages_.back().num_layers, stages_.back().sequence_length,
        stages_.back().batch_size);
  }
}

const Stages::Stage& Stages::at(std::int64_t place) const {
  return *std::prev(std::ranges::upper_bound(stages_, place, {}, &Stage::begin));
}

bool Stages::has_one_length() const {
  return std::ranges::all_of(
      stages_, [&](const Stage& stage) { return stage.sequence_length == stages_.front().sequence_length; });
}

std::optional<std::int64_t> Stages::num_sequences() const {
  if (length_.is_time()) return std::nullopt;
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    const std::int64_t end = i + 1 < stages_.size() ? stages_[i + 1].begin : length_.count;
    sum += (end - stages_[i].begin) * stages_[i].batch_size;
  }
  return sum;
}

std::vector<std::int64_t> Stages::borders() const {
  std::vector<std::int64_t> borders;
  for (std::size_t i = 1; i < stages_.size(); ++i) {
    if (stages_[i].num_layers != stages_[i - 1].num_layers ||
        stages_[i].sequence_length != stages_[i - 1].sequence_length) {
      borders.push_back(stages_[i].begin);
    }
  }
  return borders;
}

std::string describe(const Stages& stages) {
  const double first_rate = stages.masking_rate(0), last_rate = stages.masking_rate(stages.length().count);
  if (stages.all().size() == 1 && first_rate == last_rate) return "";
  const optim::RunLength& length = stages.length();
  std::string text = fmt::format("{:>21}  {:>6}  {:>6}  {:>9}  {:>14}\n", length.is_time() ? "minutes" : "updates",
                                 "layers", "tokens", "sequences", "to predict");
  for (std::size_t i = 0; i < stages.all().size(); ++i) {
    const Stages::Stage& stage = stages.all()[i];
    const std::int64_t end = i + 1 < stages.all().size() ? stages.all()[i + 1].begin : length.count;
    text += fmt::format(
        "{:>21}  {:>6}  {:>6}  {:>9}  {:>14}\n",
        length.is_time() ? fmt::format("{} to {}", length.mark(stage.begin), length.mark(end))
                         : fmt::format("{} to {}", grouped(stage.begin + 1), grouped(end)),
        stage.num_layers, stage.sequence_length, grouped(stage.batch_size),
        fmt::format("{:.1f} to {:.1f}%", 100 * stages.masking_rate(stage.begin), 100 * stages.masking_rate(end - 1)));
  }
  return text;
}

}  // namespace albert::train
