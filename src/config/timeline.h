#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace albert::config {

/// A number that changes over a run: what it is at some shares of the run's length. In YAML a number that stays, or
/// `{0: 3, 0.35: 6, 0.7: 12}`.
///
/// What lies between two points is for the owner to say: value_at() goes from one to the next in a straight line,
/// stage_at() jumps there.
class Timeline {
 public:
  struct Point {
    double share = 0;  ///< of the run's updates, from 0 (before the first one) to 1 (the end)
    double value = 0;

    bool operator==(const Point&) const = default;
  };

  /// Nothing: the owner has another setting for a number that stays.
  Timeline() = default;
  Timeline(double value) : points_{{0, value}} {}  // NOLINT(google-explicit-constructor): a number is a timeline
  explicit Timeline(std::vector<Point> points) : points_(std::move(points)) {}

  bool is_empty() const { return points_.empty(); }
  bool is_constant() const { return points_.size() < 2; }
  const std::vector<Point>& points() const { return points_; }
  /// Of a timeline that is not empty: what it is at the end of the run.
  double last() const { return points_.back().value; }

  /// What is wrong with the points, empty if nothing is: they begin at 0, and their shares rise and are at most 1.
  std::string mistake() const;

  /// \param share of the run that is over
  double value_at(double share) const;
  /// \param step updates done before
  /// \param num_steps of the whole run
  double value_at(std::int64_t step, std::int64_t num_steps) const {
    return value_at(static_cast<double>(step) / static_cast<double>(num_steps));
  }
  double stage_at(std::int64_t step, std::int64_t num_steps) const;

  /// The first update, as the number done before it, at which a point counts.
  static std::int64_t step_of(const Point& point, std::int64_t num_steps);

  bool operator==(const Timeline&) const = default;

 private:
  std::vector<Point> points_;
};

}  // namespace albert::config
