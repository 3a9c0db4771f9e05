#include <algorithm>
#include <map>

#include "base/counted.h"
#include "report/html.h"
#include "report/sections/explanations.h"
#include "report/sections/parts.h"
#include "report/sections/sections.h"

namespace albert::report {

namespace {

using tasks::ClassFindings;

constexpr std::size_t kMostClassesOfMatrix = 25;
constexpr std::size_t kMostConfusions = 20;
constexpr std::size_t kShownClasses = 3;  // of an example

using Pairs = std::map<std::pair<std::size_t, std::size_t>, std::size_t>;  // how often gold, predicted

Pairs count_pairs(const ClassFindings& findings) {
  Pairs pairs;
  for (const ClassFindings::Example& example : findings.examples) ++pairs[{example.gold, example.predicted}];
  return pairs;
}

/// A cell is the darker, the larger its share of the examples of its row.
std::string whole_matrix(const ClassFindings& findings, const Pairs& pairs) {
  std::vector<std::size_t> sums(findings.labels.size());
  for (const auto& [pair, count] : pairs) sums[pair.first] += count;
  std::string html =
      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Confusion matrix\">\n<table>"
      "<caption>Confusion matrix</caption>\n<thead><tr><th scope=\"col\">right ↓ predicted →</th>";
  for (const std::string& label : findings.labels)
    html += fmt::format(R"(<th scope="col" class="cell">{}</th>)", escaped(label));
  html += "</tr></thead>\n<tbody>\n";
  for (std::size_t gold = 0; gold < findings.labels.size(); ++gold) {
    html += fmt::format(R"(<tr><th scope="row">{}</th>)", escaped(findings.labels[gold]));
    for (std::size_t predicted = 0; predicted < findings.labels.size(); ++predicted) {
      const auto found = pairs.find({gold, predicted});
      const std::size_t count = found == pairs.end() ? 0 : found->second;
      const double share = sums[gold] == 0 ? 0 : static_cast<double>(count) / static_cast<double>(sums[gold]);
      html += fmt::format(R"(<td class="cell{}" style="--v:{:.3f}">{}</td>)", gold == predicted ? " same" : "", share,
                          grouped(count));
    }
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

std::string frequent_confusions(const ClassFindings& findings, const Pairs& pairs) {
  std::vector<std::pair<std::pair<std::size_t, std::size_t>, std::size_t>> wrong;
  for (const auto& pair : pairs) {
    if (pair.first.first != pair.first.second) wrong.emplace_back(pair);
  }
  std::ranges::stable_sort(wrong, std::ranges::greater(), [](const auto& pair) { return pair.second; });
  Table table("The most frequent confusions");
  table.add_column("gold").add_column("predicted").add_column("examples", Table::Column::kNumber);
  for (std::size_t i = 0; i < std::min(wrong.size(), kMostConfusions); ++i) {
    const auto& [pair, count] = wrong[i];
    table.add_row({escaped(findings.labels[pair.first]), escaped(findings.labels[pair.second]), grouped(count)});
  }
  return table.to_html();
}

std::string confusion_matrix(const ClassFindings& findings) {
  const Pairs pairs = count_pairs(findings);
  return findings.labels.size() > kMostClassesOfMatrix ? frequent_confusions(findings, pairs)
                                                       : whole_matrix(findings, pairs);
}

/// Of two classes the guesses are that an example is of the second one; of more, the likeliest class of each.
std::string class_thresholds(const ClassFindings& findings, std::size_t num_known) {
  std::vector<metrics::ScoredGuess> guesses;
  std::size_t num_to_find = findings.examples.size();
  if (num_known == 2)
    num_to_find =
        static_cast<std::size_t>(std::ranges::count(findings.examples, std::size_t{1}, &ClassFindings::Example::gold));
  for (const ClassFindings::Example& example : findings.examples) {
    const std::size_t guess = num_known == 2 ? 1 : example.predicted;
    guesses.push_back({example.probabilities.at(guess), example.gold == guess});
  }
  const std::string of_what =
      num_known == 2 ? fmt::format("the class '{}'", findings.labels[1]) : "the likeliest class";
  return threshold_chart(guesses, num_to_find, of_what);
}

/// The likeliest classes, and the right one wherever it is.
std::string likeliest(const ClassFindings::Example& example, const std::vector<std::string>& labels) {
  const auto always = [](std::size_t) { return true; };
  auto order = ranked(example.probabilities.size(), kShownClasses, always,
                      [&](std::size_t i) { return example.probabilities[i]; });
  if (example.gold < example.probabilities.size() && std::ranges::find(order, example.gold) == order.end())
    order.push_back(example.gold);
  std::string html;
  for (const std::size_t label : order)
    html += fmt::format("<p>{} {}</p>\n", share_with_bar(example.probabilities[label]), escaped(labels[label]));
  return html;
}

std::string case_of(const ClassFindings::Example& example, const std::vector<std::string>& labels) {
  return case_html(example.gold == example.predicted,
                   shown(example.texts) +
                       fmt::format("<p>right: <b>{}</b>, predicted: <b>{}</b></p>\n", escaped(labels[example.gold]),
                                   escaped(labels[example.predicted])) +
                       likeliest(example, labels) + shown_place(example.place));
}

std::string worst_classes(const ClassFindings& findings) {
  const auto& examples = findings.examples;
  const auto is_wrong = [&](std::size_t i) { return examples[i].gold != examples[i].predicted; };
  const auto by_sureness = [&](std::size_t i) { return examples[i].probabilities.at(examples[i].predicted); };
  std::vector<std::string> cases;
  for (const std::size_t i : ranked(examples.size(), kMaxCases, is_wrong, by_sureness))
    cases.push_back(case_of(examples[i], findings.labels));
  return case_list("The worst mistakes", "Those of which the model was surest come first.", cases);
}

}  // namespace

std::string show(const ClassFindings& findings, const EvaluationView& view) {
  const bool has_probabilities = !findings.examples.empty() && !findings.examples.front().probabilities.empty();
  std::string html = confusion_matrix(findings);
  if (!has_probabilities) return html;
  html += "<div class=\"charts\">\n" + calibration_chart(view) +
          class_thresholds(findings, findings.examples.front().probabilities.size()) + "</div>\n";
  return html + worst_classes(findings) + explanations(findings, view);
}

}  // namespace albert::report
