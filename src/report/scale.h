#pragma once

#include <string>
#include <vector>

namespace albert::report {

/// How the numbers of an axis are written.
enum class Unit {
  kNumber,
  kWhole,  ///< no marks between whole numbers
  kShare   ///< of 1, in percent
};

/// The numbers of one axis of a chart: from which to which, and where the marks stand.
class Scale {
 public:
  /// Marks at round numbers (1, 2 or 5 times a power of 10), about `max_ticks` of them at most.
  /// \param low, high what is to be shown; widened to the marks around it where `reaches_ticks`
  static Scale linear(double low, double high, int max_ticks, bool reaches_ticks, Unit unit = Unit::kNumber);
  /// The logarithm counts; marks at powers of 10, and where these are few at 2 and 5 times them.
  /// \param low, high above 0
  static Scale logarithmic(double low, double high, int max_ticks);

  /// The same scale for an axis that has other marks.
  Scale without_ticks() const;
  /// From 0 at the low end to 1 at the high one.
  double position(double value) const;
  const std::vector<double>& ticks() const { return ticks_; }
  /// As short as the distance of the marks allows: "0.25", "25%", "20k", "1e-4".
  std::string label(double tick) const;
  double low() const { return low_; }
  double high() const { return high_; }
  bool is_logarithmic() const { return is_logarithmic_; }

 private:
  Scale(double low, double high) : low_(low), high_(high) {}

  double low_;
  double high_;
  bool is_logarithmic_ = false;
  Unit unit_ = Unit::kNumber;
  double step_ = 0;  ///< between marks
  std::vector<double> ticks_;
};

}  // namespace albert::report
