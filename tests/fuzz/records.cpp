// Records of a stream, as `albert predict` and the server read them. The first bytes of an input choose the task and the format.

#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "answers.h"
#include "base/error.h"
#include "base/json.h"
#include "fuzz.h"
#include "tasks/common/decoding.h"
#include "tokenizers.h"

namespace albert::fuzz {

namespace {

using tasks::RecordFormat;

/// A window whose records are the lines of a text.
class Stream {
 public:
  Stream(const tasks::Task& task, RecordFormat format, std::string_view text)
      : task_(task), format_(format), rest_(text) {
    if (format == RecordFormat::kTsv) header_ = take_line();
    tasks::check_utf8(header_, place_);
    const bool is_header = format == RecordFormat::kTsv && task.is_header(header_);
    window_ = task.open_window(format, header_, out_header_);
    if (!is_header && format == RecordFormat::kTsv) add(header_);
    while (!rest_.empty()) add(take_line());
    answer(*window_, task_.head());
  }

  void write() const {
    std::string out;
    for (std::size_t i = 0; i < window_->num_records(); ++i) {
      out.clear();
      window_->write(i, out);
      require(out.ends_with('\n') && std::ranges::count(out, '\n') == 1);
      const bool is_json = format_ == RecordFormat::kJsonl || format_ == RecordFormat::kAnswers;
      if (is_json) require(nlohmann::json::accept(out));
    }
  }

 private:
  std::string_view take_line() {
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    ++place_.line;
    return line;
  }

  void add(std::string_view line) {
    bool is_text = false;
    const std::size_t num_records = window_->num_records();
    try {
      tasks::check_utf8(line, place_);
      is_text = true;
      window_->add(line, place_);
    } catch (const DataError&) {
      require(window_->num_records() == num_records);
      std::string out;
      window_->write_empty(is_text ? line : std::string_view(), out);
      require(out.ends_with('\n') && std::ranges::count(out, '\n') == 1);
    }
  }

  const tasks::Task& task_;
  RecordFormat format_;
  std::string_view rest_;
  std::string_view header_;
  std::string out_header_;
  tasks::Place place_{.file = "standard input"};
  std::unique_ptr<tasks::RecordWindow> window_;
};

}  // namespace

void read(std::string_view input) {
  static const auto kTokenizer = letter_tokenizer();
  static const std::array kTasks = {make_task("classification", kTokenizer), make_task("multilabel", kTokenizer),
                                    make_task("regression", kTokenizer),     make_task("mnli", kTokenizer),
                                    make_task("conll", kTokenizer),          make_task("squad1", kTokenizer),
                                    make_task("squad2", kTokenizer),         make_task("race", kTokenizer),
                                    make_task("semeval2010", kTokenizer)};
  constexpr std::array kFormats = {RecordFormat::kText, RecordFormat::kTsv, RecordFormat::kJsonl,
                                   RecordFormat::kAnswers};
  const tasks::Task& task = *kTasks[take_choice(input, kTasks.size())];
  const RecordFormat format = kFormats[take_choice(input, kFormats.size())];
  Stream(task, format, input).write();
}

}  // namespace albert::fuzz
