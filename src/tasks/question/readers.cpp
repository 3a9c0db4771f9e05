#include "tasks/question/readers.h"

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "tasks/common/decoding.h"
#include "text/whitespace.h"

namespace albert::tasks {

namespace {

/// Whether what is in a file called .json, as a file of SQuAD is, are JSON lines. SQuAD's may be a single line too.
bool holds_lines(std::string_view content) {
  content = text::trim(content);
  const std::string_view first = content.substr(0, content.find('\n'));
  const bool may_be_squad = first.size() == content.size() && first.find("\"data\"") != std::string_view::npos;
  return !may_be_squad && nlohmann::json::accept(first);
}

}  // namespace

QuestionFile read_questions(const fs::path& file, MisplacedAnswers misplaced) {
  const std::string content = decode_file(read_file(file), "utf-8", file.string());
  const bool is_lines = file.extension() == ".jsonl" || file.extension() == ".ndjson" || holds_lines(content);
  return is_lines ? parse_question_lines(content, file.string(), misplaced)
                  : parse_squad(content, file.string(), misplaced);
}

}  // namespace albert::tasks
