#include <algorithm>

#include "report/html.h"
#include "report/sections/parts.h"
#include "report/sections/sections.h"

namespace albert::report {

namespace {

using tasks::LabelSetFindings;

std::string label_thresholds(const LabelSetFindings& findings) {
  std::vector<metrics::ScoredGuess> guesses;
  std::size_t num_to_find = 0;
  for (const LabelSetFindings::Example& example : findings.examples) {
    num_to_find += static_cast<std::size_t>(std::ranges::count(example.gold, true));
    for (std::size_t label = 0; label < example.probabilities.size(); ++label)
      guesses.push_back({example.probabilities[label], example.gold[label]});
  }
  return threshold_chart(guesses, num_to_find, "all labels together");
}

std::string names_of(const std::vector<bool>& has_label, const std::vector<std::string>& labels) {
  std::string names;
  for (std::size_t label = 0; label < labels.size(); ++label) {
    if (has_label[label]) names += fmt::format("{}<b>{}</b>", names.empty() ? "" : ", ", escaped(labels[label]));
  }
  return names.empty() ? "none" : names;
}

/// How sure the model is of the label of an example that it is most wrong about.
double worst_label(const LabelSetFindings::Example& example) {
  double worst = 0;
  for (std::size_t label = 0; label < example.probabilities.size(); ++label) {
    const double wrong = example.gold[label] ? 1 - example.probabilities[label] : example.probabilities[label];
    if (example.gold[label] != example.predicted[label]) worst = std::max(worst, wrong);
  }
  return worst;
}

/// Of each label that is right or predicted, its probability.
std::string label_probabilities(const LabelSetFindings::Example& example, const std::vector<std::string>& labels) {
  std::string html;
  for (std::size_t label = 0; label < example.probabilities.size(); ++label) {
    if (!example.gold[label] && !example.predicted[label]) continue;
    html += fmt::format("<p>{} {}</p>\n", share_with_bar(example.probabilities[label]), escaped(labels[label]));
  }
  return html;
}

std::string worst_label_sets(const LabelSetFindings& findings) {
  const auto& examples = findings.examples;
  std::vector<std::string> cases;
  for (const std::size_t i : ranked(
           examples.size(), kMaxCases, [&](std::size_t n) { return examples[n].gold != examples[n].predicted; },
           [&](std::size_t n) { return worst_label(examples[n]); })) {
    cases.push_back(case_html(
        false, shown(examples[i].texts) +
                   fmt::format("<p>right: {}; predicted: {}</p>\n", names_of(examples[i].gold, findings.labels),
                               names_of(examples[i].predicted, findings.labels)) +
                   label_probabilities(examples[i], findings.labels) + shown_place(examples[i].place)));
  }
  return case_list("The worst mistakes", "Those with the label of which the model was most wrongly sure come first.",
                   cases);
}

}  // namespace

std::string show(const LabelSetFindings& findings, const EvaluationView& view) {
  return "<div class=\"charts\">\n" + calibration_chart(view) + label_thresholds(findings) + "</div>\n" +
         worst_label_sets(findings);
}

}  // namespace albert::report
