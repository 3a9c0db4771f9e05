#include "tasks/common/json_records.h"

#include <utility>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include "tasks/common/json_object.h"
#include "text/whitespace.h"

namespace albert::tasks {

JsonRecords::JsonRecords(std::string_view content, std::string file) : lines_(content, file) {
  place_.file = std::move(file);
  const std::string_view bare = text::trim(content);
  is_array_ = bare.starts_with('[');
  if (!is_array_) return;
  parse_json(bare, place_);
  elements_ = json_parts(bare);
}

bool JsonRecords::next(std::string_view& record) {
  if (is_array_) {
    if (next_element_ == elements_.size()) return false;
    record = elements_[next_element_++];
    if (record.find_first_of("\r\n") != std::string_view::npos) {  // which stand between the parts of valid JSON only
      element_ = record;
      std::erase_if(element_, [](char c) { return c == '\r' || c == '\n'; });
      record = element_;
    }
    place_.id = fmt::format("record {}", next_element_);
    return true;
  }
  while (lines_.next(record)) {
    place_.line = lines_.number();
    if (!text::trim(record).empty()) return true;
    ++num_empty_lines_;
  }
  return false;
}

}  // namespace albert::tasks
