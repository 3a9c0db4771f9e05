#include <algorithm>
#include <set>

#include "metrics/entities.h"
#include "report/chart.h"
#include "report/html.h"
#include "report/sections/parts.h"
#include "report/sections/sections.h"

namespace albert::report {

namespace {

using tasks::TagFindings;

/// Colours of the types of entities, or of tags, in the order of their names.
class TagColours {
 public:
  explicit TagColours(const TagFindings& findings) : are_entities_(findings.are_entities) {
    for (const TagFindings::Example& example : findings.examples) {
      for (const std::string& tag : example.gold) names_.insert(name_of(tag));
      for (const std::string& tag : example.predicted) names_.insert(name_of(tag));
    }
    names_.erase("");
  }

  /// Empty for what is outside of entities, and for a tag that is not known.
  std::string name_of(const std::string& tag) const {
    return are_entities_ ? std::string(metrics::entity_type(tag)) : tag;
  }
  std::size_t colour_of(const std::string& name) const {
    return static_cast<std::size_t>(std::distance(names_.begin(), names_.find(name))) % kNumColours;
  }

 private:
  bool are_entities_;
  std::set<std::string> names_;
};

/// The parts of a sentence that have a name: entities, or each word.
std::vector<metrics::Entity> parts_with_names(const std::vector<std::string>& tags, bool are_entities) {
  if (are_entities) return metrics::find_entities(tags);
  std::vector<metrics::Entity> parts;
  for (std::size_t word = 0; word < tags.size(); ++word) {
    if (!tags[word].empty()) parts.push_back({tags[word], word, word + 1});
  }
  return parts;
}

std::string joined(const std::vector<std::string>& words, std::size_t begin, std::size_t end) {
  std::string text;
  for (std::size_t i = begin; i < end; ++i) text += (i == begin ? "" : " ") + words[i];
  return escaped_passage(text);
}

/// A sentence with its parts underlined in the colours of their names.
std::string coloured(const std::vector<std::string>& words, const std::vector<metrics::Entity>& parts,
                     const TagColours& colours) {
  std::string html;
  std::size_t taken = 0;
  for (const metrics::Entity& part : parts) {
    html += joined(words, taken, part.begin);
    html += fmt::format(R"( <mark class="tag c{}">{}<sub>{}</sub></mark> )", colours.colour_of(part.type),
                        joined(words, part.begin, part.end), escaped(part.type));
    taken = part.end;
  }
  return html + joined(words, taken, words.size());
}

std::size_t count_wrong_words(const TagFindings::Example& example) {
  std::size_t wrong = 0;
  for (std::size_t word = 0; word < example.words.size(); ++word)
    wrong += !example.gold[word].empty() && example.gold[word] != example.predicted[word];
  return wrong;
}

/// Of the words that are wrong, how sure the model was of the surest one.
double surest_wrong(const TagFindings::Example& example) {
  double surest = 0;
  for (std::size_t word = 0; word < example.words.size(); ++word) {
    if (example.gold[word].empty() || example.gold[word] == example.predicted[word]) continue;
    surest = std::max(surest, example.probabilities[word].value_or(0));
  }
  return surest;
}

std::string case_of_sentence(const TagFindings::Example& example, bool are_entities, const TagColours& colours) {
  // In a tagged sentence the words that are right are of no interest.
  std::vector<std::string> gold = example.gold, predicted = example.predicted;
  for (std::size_t word = 0; !are_entities && word < gold.size(); ++word) {
    if (gold[word] == predicted[word]) gold[word] = predicted[word] = "";
  }
  const auto line = [&](std::string_view name, const std::vector<std::string>& tags) {
    return fmt::format("<p class=\"tags\"><b>{}</b>{}</p>\n", name,
                       coloured(example.words, parts_with_names(tags, are_entities), colours));
  };
  return case_html(count_wrong_words(example) == 0,
                   line("right", gold) + line("predicted", predicted) + shown_place(example.place));
}

}  // namespace

std::string show(const TagFindings& findings, const EvaluationView& view) {
  const auto& examples = findings.examples;
  const TagColours colours(findings);
  const auto list = [&](std::string_view title, std::string_view note, const std::vector<std::size_t>& numbers) {
    std::vector<std::string> cases;
    for (const std::size_t i : numbers) cases.push_back(case_of_sentence(examples[i], findings.are_entities, colours));
    return case_list(title, note, cases);
  };
  const auto is_wrong = [&](std::size_t i) { return count_wrong_words(examples[i]) > 0; };
  const auto has_entity = [&](std::size_t i) {
    return findings.are_entities && !is_wrong(i) && !metrics::find_entities(examples[i].gold).empty();
  };
  const auto surest = [&](std::size_t i) { return surest_wrong(examples[i]); };
  const auto longest = [&](std::size_t i) {
    return static_cast<double>(metrics::find_entities(examples[i].gold).size());
  };
  std::string html = "<div class=\"charts\">\n" + calibration_chart(view) + "</div>\n";
  html +=
      list("The worst mistakes",
           findings.are_entities ? "Sentences with the wrong tag of which the model was surest come first."
                                 : "Sentences with the wrong tag of which the model was surest come first; only wrong "
                                   "words have their tags.",
           ranked(examples.size(), kMaxCases, is_wrong, surest));
  return html + list("Sentences that are right", "Those with most entities come first.",
                     ranked(examples.size(), kMaxCases / 2, has_entity, longest));
}

}  // namespace albert::report
