#include "metrics/threshold.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <numeric>
#include <optional>

#include "metrics/match_scores.h"

namespace albert::metrics {

namespace {

constexpr double kUsual = 0.5;

/// A threshold between two neighbouring probabilities; nothing if there is no number between them.
std::optional<double> between(double low, double high) {
  if (low < kUsual && kUsual < high) return kUsual;
  const double middle = low + (high - low) / 2;
  return low < middle && middle < high ? std::optional(middle) : std::nullopt;
}

double share(std::int64_t part, std::int64_t whole) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

/// Decisions between two classes.
class ClassDecisions {
 public:
  explicit ClassDecisions(const std::vector<bool>& is_second) : total_(static_cast<std::int64_t>(is_second.size())) {
    second_.gold = std::ranges::count(is_second, true);
  }

  void accept(bool is_right) {
    ++second_.predicted;
    second_.correct += is_right ? 1 : 0;
  }

  double value(std::string_view figure) const {
    if (figure == "accuracy" || figure == "micro_f1") return share(first().correct + second_.correct, total_);
    if (figure == "macro_f1") return (scores_of(first()).f1 + scores_of(second_).f1) / 2;
    if (figure == "matthews") return matthews();
    return scores_of(second_).f1;
  }

 private:
  MatchCounts first() const {
    return {.correct = total_ - second_.predicted - second_.gold + second_.correct,
            .predicted = total_ - second_.predicted,
            .gold = total_ - second_.gold};
  }
  double matthews() const {
    const MatchCounts other = first();
    const auto product = [](std::int64_t a, std::int64_t b) { return static_cast<double>(a) * static_cast<double>(b); };
    const double spread =
        std::sqrt(product(second_.gold, other.gold)) * std::sqrt(product(second_.predicted, other.predicted));
    const double agreement = product(second_.correct, other.correct) -
                             product(second_.predicted - second_.correct, other.predicted - other.correct);
    return spread > 0 ? agreement / spread : 0;
  }

  std::int64_t total_;
  MatchCounts second_;
};

/// Decisions whether examples have labels.
class LabelDecisions {
 public:
  LabelDecisions(const std::vector<bool>& has_label, std::size_t num_labels)
      : has_label_(has_label), labels_(num_labels), num_wrong_(has_label.size() / num_labels) {
    for (std::size_t i = 0; i < has_label.size(); ++i) {
      labels_[i % num_labels].gold += has_label[i];
      num_wrong_[i / num_labels] += has_label[i];
      all_.gold += has_label[i];
    }
    num_right_ = std::ranges::count(num_wrong_, 0);
  }

  void accept(std::size_t decision) {
    const MatchCounts added{.correct = has_label_[decision], .predicted = 1};
    MatchCounts& label = labels_[decision % labels_.size()];
    sum_of_f1_ -= scores_of(label).f1;
    label += added;
    all_ += added;
    sum_of_f1_ += scores_of(label).f1;
    std::int64_t& wrong = num_wrong_[decision / labels_.size()];
    num_right_ -= wrong == 0;
    wrong += has_label_[decision] ? -1 : 1;
    num_right_ += wrong == 0;
  }

  double value(std::string_view figure) const {
    if (figure == "accuracy") return share(num_right_, static_cast<std::int64_t>(num_wrong_.size()));
    if (figure == "macro_f1") return sum_of_f1_ / static_cast<double>(labels_.size());
    return scores_of(all_).f1;
  }

 private:
  const std::vector<bool>& has_label_;
  std::vector<MatchCounts> labels_;
  std::vector<std::int64_t> num_wrong_;  ///< labels of each example
  std::int64_t num_right_ = 0;           ///< examples without a wrong label
  MatchCounts all_;
  double sum_of_f1_ = 0;
};

/// The threshold above which to say yes, so that a figure is largest; of equally good ones the nearest to 0.5. It lies
/// midway between two probabilities, so that rounding changes no decision.
/// \param probabilities [N] of yes, in [0, 1]
/// \param accept takes a decision of which yes is said from now on, the most probable first; at first none is
/// \param value the figure as things stand
/// \return in [0, 1]
double best_threshold(std::span<const double> probabilities, const std::function<void(std::size_t)>& accept,
                      const std::function<double()>& value) {
  std::vector<std::size_t> order(probabilities.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, std::ranges::greater(), [&](std::size_t i) { return probabilities[i]; });
  std::optional<double> best_value;
  double best = kUsual;
  const auto consider = [&](std::optional<double> threshold) {
    if (!threshold) return;
    const double found = value();
    const bool is_nearer = std::abs(*threshold - kUsual) < std::abs(best - kUsual);
    if (best_value && !(found > *best_value || (found == *best_value && is_nearer))) return;
    best_value = found;
    best = *threshold;
  };
  consider(between(probabilities.empty() ? 0 : probabilities[order.front()], 1));
  for (std::size_t i = 0; i < order.size(); ++i) {
    accept(order[i]);
    const double low = i + 1 < order.size() ? probabilities[order[i + 1]] : 0;
    consider(between(low, probabilities[order[i]]));
  }
  return best;
}

}  // namespace

double best_class_threshold(std::span<const double> probabilities, const std::vector<bool>& is_second,
                            std::string_view figure) {
  ClassDecisions decisions(is_second);
  return best_threshold(
      probabilities, [&](std::size_t i) { decisions.accept(is_second[i]); }, [&] { return decisions.value(figure); });
}

double best_label_threshold(std::span<const double> probabilities, const std::vector<bool>& has_label,
                            std::size_t num_labels, std::string_view figure) {
  LabelDecisions decisions(has_label, num_labels);
  return best_threshold(
      probabilities, [&](std::size_t i) { decisions.accept(i); }, [&] { return decisions.value(figure); });
}

}  // namespace albert::metrics
