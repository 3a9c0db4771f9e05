#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "metrics/threshold_curve.h"
#include "report/sections/sections.h"

/// What several sections are made of.
namespace albert::report {

/// The examples that a list shows at most.
inline constexpr std::size_t kMaxCases = 20;

/// Precision, recall, F1 and support of each class or type, and other lists of figures that the judgement has.
std::string detail_tables(const metrics::Report& judgement);

/// How often answers are right by how sure the model is of them, with the calibration error; empty where answers have no
/// probabilities.
std::string calibration_chart(const EvaluationView& view);

/// Precision and recall if only guesses of at least a probability are said.
/// \param of_what what a guess is: "the class 'yes'"
std::string threshold_chart(std::span<const metrics::ScoredGuess> guesses, std::size_t num_to_find,
                            std::string_view of_what);

/// A text with its marks.
std::string shown(const tasks::ShownText& text);
std::string shown(const std::vector<tasks::ShownText>& texts);

/// A number from 0 to 1 as a bar and in percent.
std::string share_with_bar(double share);

/// Where an example stands: "dev.tsv:12".
std::string shown_place(const tasks::Place& place);

/// An example of a list: HTML in its frame.
std::string case_html(bool is_right, const std::string& html);
/// A list of examples under a heading; empty if there are none.
/// \param note plain text below the heading
std::string case_list(std::string_view title, std::string_view note, const std::vector<std::string>& cases);

/// The numbers from 0 to count - 1 of the things that are kept, by how much they rank, the largest first, of equals the
/// earlier one; at most `limit` of them.
std::vector<std::size_t> ranked(std::size_t count, std::size_t limit, const std::function<bool(std::size_t)>& is_kept,
                                const std::function<double(std::size_t)>& rank);

}  // namespace albert::report
