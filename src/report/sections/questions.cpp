#include <algorithm>

#include "base/utf8.h"
#include "report/html.h"
#include "report/sections/parts.h"
#include "report/sections/sections.h"

namespace albert::report {

namespace {

using tasks::QuestionFindings;

constexpr std::size_t kBytesAround = 260;  // of a context, before and behind an answer

/// A place in a text moved back to where a character begins.
std::size_t begin_of_character(std::string_view text, std::size_t at) {
  while (at > 0 && at < text.size() && continues_character(text[at])) --at;
  return at;
}

/// Where a right answer stands in the context; the end of it if it is not there.
std::size_t place_of_gold(const QuestionFindings::Example& example) {
  for (const std::string& gold : example.gold) {
    if (const std::size_t at = example.context->find(gold); at != std::string::npos && !gold.empty()) return at;
  }
  return example.context->size();
}

struct Highlight {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool is_right = false;
};

std::string excerpt(std::string_view context, const Highlight& highlight) {
  const std::size_t begin = begin_of_character(context, highlight.begin - std::min(highlight.begin, kBytesAround));
  const std::size_t end = begin_of_character(context, std::min(context.size(), highlight.end + kBytesAround));
  const auto part = [&](std::size_t from, std::size_t to) { return escaped_passage(context.substr(from, to - from)); };
  return fmt::format("<p>{}{}<mark{}>{}</mark>{}{}</p>\n", begin > 0 ? "… " : "", part(begin, highlight.begin),
                     highlight.is_right ? "" : R"( class="other")", part(highlight.begin, highlight.end),
                     part(highlight.end, end), end < context.size() ? " …" : "");
}

/// The context around what was predicted, and around the right answer where that stands elsewhere.
std::string excerpts(const QuestionFindings::Example& example) {
  const std::string_view context = *example.context;
  std::string html;
  if (!example.predicted.empty() && example.begin + example.predicted.size() <= context.size())
    html += excerpt(context, {example.begin, example.begin + example.predicted.size(), example.exact_match > 0});
  const std::size_t gold = place_of_gold(example);
  if (example.exact_match > 0 || gold == context.size()) return html;
  const auto found = std::ranges::find_if(
      example.gold, [&](const std::string& text) { return !text.empty() && context.substr(gold).starts_with(text); });
  return html + excerpt(context, {gold, gold + found->size(), true});
}

std::string quoted(const std::string& answer) {
  return answer.empty() ? "<i>no answer</i>" : fmt::format("<b>{}</b>", escaped_passage(answer));
}

std::string gold_answers(const QuestionFindings::Example& example) {
  if (example.gold.empty()) return quoted("");
  std::vector<std::string> different;
  for (const std::string& gold : example.gold) {
    if (std::ranges::find(different, gold) == different.end()) different.push_back(gold);
  }
  std::string html;
  for (const std::string& gold : different) html += (html.empty() ? "" : ", or ") + quoted(gold);
  return html;
}

std::string case_of_question(const QuestionFindings::Example& example) {
  return case_html(
      example.exact_match > 0,
      fmt::format("<p><b>{}</b></p>\n<p>right: {}</p>\n<p>predicted: {} {}</p>\n", escaped_passage(example.question),
                  gold_answers(example), quoted(example.predicted), share_with_bar(example.probability)) +
          excerpts(example) +
          fmt::format("<p class=\"place\">{}, F1 {}</p>\n", escaped(example.id), short_number(example.f1)));
}

}  // namespace

std::string show(const QuestionFindings& findings, const EvaluationView& /*view*/) {
  const auto& examples = findings.examples;
  const auto list = [&](std::string_view title, std::string_view note, bool are_exact) {
    const auto is_kept = [&](std::size_t i) { return (examples[i].exact_match > 0) == are_exact; };
    const auto sureness = [&](std::size_t i) { return examples[i].probability * (are_exact ? 1 : 1 - examples[i].f1); };
    std::vector<std::string> cases;
    for (const std::size_t i : ranked(examples.size(), kMaxCases, is_kept, sureness))
      cases.push_back(case_of_question(examples[i]));
    return case_list(title, note, cases);
  };
  return list("The worst mistakes",
              "Answers that are not exact: those far from the right one of which the model was sure come first.",
              false) +
         list("Questions answered exactly", "Those of which the model was surest come first.", true);
}

}  // namespace albert::report
