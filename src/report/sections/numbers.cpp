#include <cmath>

#include "report/chart.h"
#include "report/html.h"
#include "report/sections/parts.h"
#include "report/sections/sections.h"

namespace albert::report {

namespace {

using tasks::NumberFindings;

std::string worst_numbers(const NumberFindings& findings) {
  const auto& examples = findings.examples;
  const auto error = [&](std::size_t i) { return std::abs(examples[i].predicted - examples[i].gold); };
  std::vector<std::string> cases;
  for (const std::size_t i : ranked(
           examples.size(), kMaxCases, [&](std::size_t n) { return error(n) > 0; }, error)) {
    cases.push_back(case_html(false, shown(examples[i].texts) +
                                         fmt::format("<p>right: {}, predicted: {}</p>\n", figure(examples[i].gold),
                                                     figure(examples[i].predicted)) +
                                         shown_place(examples[i].place)));
  }
  return case_list("The largest errors", "Those whose predicted number is farthest from the right one.", cases);
}

}  // namespace

std::string show(const NumberFindings& findings, const EvaluationView& /*view*/) {
  ScatterChart chart{.title = "Predicted numbers against the right ones",
                     .x_name = "right",
                     .y_name = "predicted",
                     .points = {},
                     .has_diagonal = true};
  for (const NumberFindings::Example& example : findings.examples)
    chart.points.push_back({example.gold, example.predicted});
  return "<div class=\"charts\">\n" + to_html(chart) + "</div>\n" + worst_numbers(findings);
}

}  // namespace albert::report
