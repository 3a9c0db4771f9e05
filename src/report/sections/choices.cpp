#include <algorithm>

#include "base/shown.h"
#include "report/html.h"
#include "report/sections/parts.h"
#include "report/sections/sections.h"

namespace albert::report {

namespace {

using tasks::ChoiceFindings;

constexpr std::size_t kContextCharacters = 600;

std::string case_of_choice(const ChoiceFindings::Example& example) {
  std::string html;
  if (!example.context.empty())
    html += fmt::format("<p class=\"soft\">{}</p>\n", escaped_passage(beginning(example.context, kContextCharacters)));
  if (!example.question.empty()) html += fmt::format("<p><b>{}</b></p>\n", escaped_passage(example.question));
  for (std::size_t i = 0; i < example.choices.size(); ++i) {
    const char* const mark = i == example.gold        ? R"( <b class="good">right</b>)"
                             : i == example.predicted ? R"( <b class="bad">predicted</b>)"
                                                      : "";
    html += fmt::format("<p>{} {}{}</p>\n", share_with_bar(example.probabilities.at(i)),
                        escaped_passage(example.choices[i]), mark);
  }
  return case_html(example.gold == example.predicted, html + shown_place(example.place));
}

std::string choice_thresholds(const ChoiceFindings& findings) {
  std::vector<metrics::ScoredGuess> guesses;
  for (const ChoiceFindings::Example& example : findings.examples)
    guesses.push_back({example.probabilities.at(example.predicted), example.gold == example.predicted});
  return threshold_chart(guesses, guesses.size(), "the likeliest choice");
}

}  // namespace

std::string show(const ChoiceFindings& findings, const EvaluationView& view) {
  const auto& examples = findings.examples;
  std::vector<std::string> cases;
  for (const std::size_t i : ranked(
           examples.size(), kMaxCases, [&](std::size_t n) { return examples[n].gold != examples[n].predicted; },
           [&](std::size_t n) { return examples[n].probabilities.at(examples[n].predicted); }))
    cases.push_back(case_of_choice(examples[i]));
  return "<div class=\"charts\">\n" + calibration_chart(view) + choice_thresholds(findings) + "</div>\n" +
         case_list("The worst mistakes", "Those of which the model was surest come first.", cases);
}

}  // namespace albert::report
