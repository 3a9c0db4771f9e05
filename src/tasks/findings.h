#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "tasks/common/place.h"

/// The examples of a data set beside what is right and what a model answered, for people to look at: one form for each
/// shape that answers have. Kinds of tasks whose answers have the same shape share a form.
namespace albert::tasks {

/// A text with what stands out in it.
struct ShownText {
  /// Bytes, the end excluded.
  struct Mark {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string name;
  };

  std::string text;
  std::vector<Mark> marks = {};  ///< in the order of the text, none within another
};

/// Each example is of one class.
struct ClassFindings {
  struct Example {
    Place place;
    std::vector<ShownText> texts;
    std::size_t gold = 0;
    std::size_t predicted = 0;
    std::vector<double> probabilities;  ///< of the classes that the model knows: the first of the labels
  };

  std::vector<std::string> labels;  ///< by class; behind those of the model those that only the file has
  std::vector<Example> examples;    ///< the i-th is the i-th item of the data set
};

/// Each example has any number of labels.
struct LabelSetFindings {
  struct Example {
    Place place;
    std::vector<ShownText> texts;
    std::vector<bool> gold;             ///< [labels]
    std::vector<bool> predicted;        ///< [labels]
    std::vector<double> probabilities;  ///< of the labels that the model knows: the first ones
  };

  std::vector<std::string> labels;
  std::vector<Example> examples;
};

/// Each example has a number.
struct NumberFindings {
  struct Example {
    Place place;
    std::vector<ShownText> texts;
    double gold = 0;
    double predicted = 0;
  };

  std::vector<Example> examples;
};

/// Each word of an example has a tag.
struct TagFindings {
  struct Example {
    Place place;
    std::vector<std::string> words;
    std::vector<std::string> gold;  ///< [words]; empty where it is not known
    std::vector<std::string> predicted;
    std::vector<std::optional<double>> probabilities;  ///< of the predicted tags; nothing where the model saw no word
  };

  bool are_entities = true;  ///< the tags are those of a scheme for spans, which are judged
  std::vector<Example> examples;
};

/// Each example is a question about a text.
struct QuestionFindings {
  struct Example {
    std::string id;
    std::string question;
    std::shared_ptr<const std::string> context;
    std::vector<std::string> gold;  ///< none: there is no answer
    std::string predicted;          ///< what is judged; empty: no answer
    std::size_t begin = 0;          ///< of `predicted` in the context, in bytes
    double probability = 0;         ///< of `predicted` among the likeliest answers
    double exact_match = 0;         ///< 0 or 1
    double f1 = 0;                  ///< of the words, in [0, 1]
  };

  std::vector<Example> examples;
};

/// Each example has choices, of which one is right.
struct ChoiceFindings {
  struct Example {
    Place place;
    std::string context;
    std::string question;
    std::vector<std::string> choices;
    std::size_t gold = 0;
    std::size_t predicted = 0;
    std::vector<double> probabilities;  ///< [choices]
  };

  std::vector<Example> examples;
};

/// Each example is a pair of texts with a vector each.
struct PairFindings {
  struct Example {
    Place place;
    std::string first;
    std::string second;
    double cosine = 0;
    std::optional<double> gold;             ///< the cosine that the pair should have; nothing where it says none
    std::vector<float> first_vector = {};   ///< [H], of length 1
    std::vector<float> second_vector = {};  ///< [H]
  };

  std::vector<Example> examples;
};

using Findings = std::variant<ClassFindings, LabelSetFindings, NumberFindings, TagFindings, QuestionFindings,
                              ChoiceFindings, PairFindings>;

}  // namespace albert::tasks
