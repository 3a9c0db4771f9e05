#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "report/chart.h"
#include "report/html.h"
#include "report/sections/parts.h"
#include "report/sections/sections.h"

namespace albert::report {

namespace {

using tasks::PairFindings;

constexpr std::size_t kMaxQueries = 10;
constexpr std::size_t kNeighbours = 5;

/// A text of the data set with its vector.
struct VectorOfText {
  const std::string* text = nullptr;
  const std::vector<float>* vector = nullptr;
};

/// Each text once.
std::vector<VectorOfText> different_texts(const PairFindings& findings) {
  std::map<std::string_view, VectorOfText> texts;
  for (const PairFindings::Example& example : findings.examples) {
    texts.try_emplace(example.first, VectorOfText{&example.first, &example.first_vector});
    texts.try_emplace(example.second, VectorOfText{&example.second, &example.second_vector});
  }
  std::vector<VectorOfText> list;
  for (const auto& [ignored, text] : texts) list.push_back(text);
  return list;
}

double cosine(const std::vector<float>& a, const std::vector<float>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// The texts that a model holds nearest to another one.
std::string neighbours_of(const PairFindings::Example& query, const std::vector<VectorOfText>& texts) {
  const auto nearest = ranked(
      texts.size(), kNeighbours, [&](std::size_t i) { return *texts[i].text != query.first; },
      [&](std::size_t i) { return cosine(query.first_vector, *texts[i].vector); });
  std::string html = fmt::format("<p><b>{}</b></p>\n", escaped_passage(query.first));
  for (const std::size_t i : nearest) {
    const bool is_partner = *texts[i].text == query.second;
    html += fmt::format("<p>{} {}{}</p>\n", figure(cosine(query.first_vector, *texts[i].vector)),
                        escaped_passage(*texts[i].text), is_partner ? R"( <b class="good">its partner</b>)" : "");
  }
  return case_html(true, html + shown_place(query.place));
}

std::string nearest_neighbours(const PairFindings& findings) {
  const std::vector<VectorOfText> texts = different_texts(findings);
  const std::size_t count = std::min(findings.examples.size(), kMaxQueries);
  std::vector<std::string> cases;
  for (std::size_t i = 0; i < count; ++i)
    cases.push_back(neighbours_of(findings.examples[i * findings.examples.size() / count], texts));
  return case_list(
      "Nearest neighbours",
      fmt::format("Of some texts those of all {} that the model holds nearest, with their cosines.", texts.size()),
      cases);
}

std::string scatter_of_cosines(const PairFindings& findings) {
  ScatterChart chart{.title = "Cosines of pairs against those that they should have",
                     .x_name = "right",
                     .y_name = "cosine",
                     .points = {}};
  for (const PairFindings::Example& example : findings.examples) {
    if (example.gold) chart.points.push_back({*example.gold, example.cosine});
  }
  return to_html(chart);
}

/// How many pairs have a cosine of about so much.
std::string histogram_of_cosines(const PairFindings& findings) {
  constexpr int kBars = 20;  // of 0.1 each, from -1 to 1
  BarChart chart{.title = "Cosines of the pairs", .x_name = "cosine", .y_name = "pairs", .bars = {}};
  for (int i = 0; i < kBars; ++i) chart.bars.push_back({fmt::format("{:.1f}", -1 + 0.1 * i), 0});
  for (const PairFindings::Example& example : findings.examples) {
    const int bar = static_cast<int>(std::floor((example.cosine + 1) * 10));
    chart.bars[static_cast<std::size_t>(std::clamp(bar, 0, kBars - 1))].value += 1;
  }
  return to_html(chart);
}

/// The pairs by how far their cosines are from those that they should have.
std::string worst_pairs(const PairFindings& findings) {
  const auto& examples = findings.examples;
  const auto is_labelled = [&](std::size_t i) { return examples[i].gold.has_value(); };
  const auto error = [&](std::size_t i) { return std::abs(examples[i].cosine - *examples[i].gold); };
  std::vector<std::string> cases;
  for (const std::size_t i : ranked(examples.size(), kMaxCases, is_labelled, error)) {
    cases.push_back(case_html(
        false, fmt::format("<p>{}</p>\n<p>{}</p>\n<p>right: {}, cosine: {}</p>\n", escaped_passage(examples[i].first),
                           escaped_passage(examples[i].second), figure(*examples[i].gold), figure(examples[i].cosine)) +
                   shown_place(examples[i].place)));
  }
  return case_list("The largest errors", "Pairs whose cosine is farthest from the one that they should have.", cases);
}

}  // namespace

std::string show(const PairFindings& findings, const EvaluationView& /*view*/) {
  return "<div class=\"charts\">\n" + scatter_of_cosines(findings) + histogram_of_cosines(findings) + "</div>\n" +
         nearest_neighbours(findings) + worst_pairs(findings);
}

}  // namespace albert::report
