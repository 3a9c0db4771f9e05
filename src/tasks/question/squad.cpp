#include <unordered_set>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "tasks/common/json_object.h"
#include "tasks/question/json.h"
#include "tasks/question/readers.h"
#include "text/whitespace.h"

namespace albert::tasks {

namespace {

using nlohmann::json;

/// Walks over articles, paragraphs and questions.
class SquadReader {
 public:
  SquadReader(std::string file, MisplacedAnswers misplaced) : file_(std::move(file)), misplaced_(misplaced) {}

  QuestionFile read(const json& root) {
    const json& articles = list_member(root, "data", place("the whole"));
    for (std::size_t i = 0; i < articles.size(); ++i) {
      const std::string at = fmt::format("data[{}]", i);
      const json& paragraphs = list_member(articles[i], "paragraphs", place(at));
      for (std::size_t j = 0; j < paragraphs.size(); ++j) {
        read_paragraph(paragraphs[j], fmt::format("{}.paragraphs[{}]", at, j));
      }
    }
    return std::move(result_);
  }

 private:
  Place place(std::string id) const { return {.file = file_, .id = std::move(id)}; }

  void read_paragraph(const json& paragraph, const std::string& at) {
    const std::string& context = nonempty_member(paragraph, "context", place(at));
    if (!context_ || *context_ != context) context_ = std::make_shared<const std::string>(context);
    const json& questions = list_member(paragraph, "qas", place(at));
    for (std::size_t k = 0; k < questions.size(); ++k) {
      read_question(questions[k], fmt::format("{}.qas[{}]", at, k));
    }
  }

  void read_question(const json& object, const std::string& at) {
    Question question{.id = id_member(object, place(at)), .context = context_};
    if (question.id.empty()) throw DataError("{}: expected a member 'id', found none", place(at).to_string());
    const Place here = place("question " + question.id);
    if (!ids_.insert(question.id).second) throw DataError("{}: the id occurs twice", here.to_string());
    question.text = nonempty_member(object, "question", here);
    add_gold_answers(object, misplaced_, here, question);
    result_.num_misplaced += count_misplaced(question);
    result_.records.push_back(std::move(question));
  }

  std::string file_;
  MisplacedAnswers misplaced_;
  std::shared_ptr<const std::string> context_;  ///< of the paragraph
  std::unordered_set<std::string> ids_;
  QuestionFile result_;
};

}  // namespace

QuestionFile parse_squad(std::string_view content, const std::string& file, MisplacedAnswers misplaced) {
  if (!text::trim(content).starts_with('{')) {
    throw DataError(
        "{}: expected questions in SQuAD's layout ({{\"data\": [...]}}), or JSON lines with question, context and "
        "answers, found neither; is it the file of another task?",
        file);
  }
  return SquadReader(file, misplaced).read(parse_json(content, {.file = file, .line = 0, .id = {}}));
}

}  // namespace albert::tasks
