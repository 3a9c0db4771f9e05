#include "tasks/relation/readers.h"

#include <set>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/file.h"
#include "base/shown.h"
#include "tasks/common/json_object.h"
#include "tasks/common/tab_columns.h"

namespace albert::tasks {

RelationFile read_relations(const fs::path& path) {
  RelationFile file = are_json_lines(path) ? read_relation_lines(path) : read_semeval_relations(path);
  std::set<std::string_view> ids;
  for (const RelationRecord& record : file.records) {
    if (!ids.insert(record.id).second) {
      throw DataError("{}: the id {} occurs twice", record.place.to_string(), shortened(record.id));
    }
    if (record.label.has_value() == file.is_labelled()) continue;
    throw DataError("{}: {} label, but the first sentence of the file has {}; expected labels of all or of none",
                    record.place.to_string(), record.label ? "it has a" : "it has no", record.label ? "none" : "one");
  }
  return file;
}

StreamReader<RelationRecord> open_relation_stream(RecordFormat format, std::string_view header) {
  if (format == RecordFormat::kText) return {.parse = parse_tagged_sentence};
  if (format == RecordFormat::kJsonl) {
    return {
        .parse = [](auto line, const Place& place) { return parse_relation_line(line, place, /*with_label=*/false); }};
  }
  const TabColumns table(header);
  const auto sentence = table.find("sentence");
  if (!sentence) table.refuse("a column named 'sentence'");
  const auto parse = [table, column = *sentence](std::string_view line, const Place& place) {
    return parse_tagged_sentence(table.split(line, place)[column], place);
  };
  return {.parse = parse, .columns = table.names(), .num_columns = table.names().size()};
}

}  // namespace albert::tasks
