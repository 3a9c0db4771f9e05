#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/shown.h"
#include "tasks/choice/readers.h"
#include "tasks/common/decoding.h"

namespace albert::tasks {

namespace {

using nlohmann::json;

constexpr std::string_view kLevels[] = {"middle", "high"};

std::vector<fs::path> articles_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path().extension() == ".txt") files.push_back(entry.path());
  }
  // "95.txt" before "1024.txt".
  const auto key = [](const fs::path& file) {
    const std::string name = file.filename().string();
    return std::pair(name.size(), name);
  };
  std::ranges::sort(files, {}, key);
  return files;
}

/// Of a folder, however it is written.
std::string name_of(const fs::path& folder) {
  return (folder.has_filename() ? folder : folder.parent_path()).filename().string();
}

/// A member of an article.
template <typename Value>
Value member(const json& article, const char* name) {
  return json_value<Value>(json_member(article, name), name);
}

/// For each question its options.
std::vector<std::vector<std::string>> options_of(const json& article) {
  constexpr const char* kOptions = "options";
  std::vector<std::vector<std::string>> options;
  for (const json& list : json_list(json_member(article, kOptions), kOptions)) {
    options.push_back(json_value<std::vector<std::string>>(list, fmt::format("{}[{}]", kOptions, options.size())));
  }
  return options;
}

void add_article(const json& article, const std::string& file, const std::string& level, ChoiceFile& out) {
  Place place{.file = file, .line = 0, .id = {}};
  const auto id = member<std::string>(article, "id");
  const auto text = member<std::string>(article, "article");
  const auto questions = member<std::vector<std::string>>(article, "questions");
  const auto options = options_of(article);
  const bool is_labelled = article.contains("answers");
  const auto answers = is_labelled ? member<std::vector<std::string>>(article, "answers") : std::vector<std::string>();
  if (options.size() != questions.size() || (is_labelled && answers.size() != questions.size())) {
    throw DataError("{}: {} questions, but {} lists of options and {} answers", place.to_string(), questions.size(),
                    options.size(), answers.size());
  }
  for (std::size_t i = 0; i < questions.size(); ++i) {
    place.id = fmt::format("question {}", i);
    ChoiceQuestion question{
        .place = place, .id = fmt::format("{}-{}", id, i), .context = text, .question = questions[i]};
    question.choices = options[i];
    question.group = level;
    question.form = ChoiceForm::kLetter;
    if (is_labelled) {
      question.label = choice_of_letter(answers[i], question.choices.size());
      if (!question.label) {
        throw DataError("{}: expected the letter of one of {} options as the answer, found '{}'", place.to_string(),
                        question.choices.size(), shortened(answers[i]));
      }
    }
    out.records.push_back(std::move(question));
  }
}

void add_file(const fs::path& path, const std::string& level, ChoiceFile& out) {
  const std::string content = decode_file(read_file(path), "utf-8", path.string());
  try {
    for (const json& article : read_json_values(content)) add_article(article, path.string(), level, out);
  } catch (const json::exception& error) {
    throw DataError("{}: expected JSON objects, each an article of RACE: {}", path.string(), json_problem(error));
  }
}

}  // namespace

bool is_race_folder(const fs::path& folder) {
  if (!fs::is_directory(folder)) return false;
  const auto is_level = [&](std::string_view level) { return fs::is_directory(folder / level); };
  const bool is_named_so = std::ranges::find(kLevels, name_of(folder)) != std::end(kLevels);
  return std::ranges::any_of(kLevels, is_level) || (is_named_so && !articles_in(folder).empty());
}

ChoiceFile read_race(const fs::path& folder) {
  ChoiceFile file;
  bool has_levels = false;
  for (const std::string_view level : kLevels) {
    if (!fs::is_directory(folder / level)) continue;
    has_levels = true;
    for (const fs::path& article : articles_in(folder / level)) add_file(article, std::string(level), file);
  }
  if (!has_levels) {
    for (const fs::path& article : articles_in(folder)) add_file(article, name_of(folder), file);
  }
  if (file.records.empty()) {
    throw DataError("{}: expected a part of RACE: folders middle and high of .txt files; found no question",
                    folder.string());
  }
  return file;
}

}  // namespace albert::tasks
