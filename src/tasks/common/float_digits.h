#pragma once

namespace albert::tasks {

/// The number that is written with the fewest digits among those that are the same float: 7.1, where the float next to
/// it is 7.099999904632568. What is printed of it, in JSON and elsewhere, reads back as the same number: whoever judges
/// it from a file gets the same figures as whoever judged it before.
/// \param value of a computation in floats
double float_digits(double value);

}  // namespace albert::tasks
