#include "corpus/reading/input_check.h"

#include <exception>
#include <optional>
#include <string>

#include "base/counted.h"
#include "base/error.h"
#include "base/log.h"
#include "corpus/files/byte_source.h"
#include "corpus/reading/line_reader.h"

namespace albert::corpus {

namespace {

struct Unreadable {
  std::string reason;
  std::exception_ptr error;
};

/// What is wrong with the beginning of a file, if anything is.
std::optional<Unreadable> look_at(const std::filesystem::path& path, InputFormat format) {
  try {
    LineReader reader(open_byte_source(path));
    check_content(reader.head(), path, format);
    return std::nullopt;
  } catch (const DataError& error) {
    return Unreadable{error.what(), std::current_exception()};
  } catch (const IoError& error) {
    return Unreadable{error.what(), std::current_exception()};
  }
}

}  // namespace

void check_content(const Head& head, const std::filesystem::path& path, InputFormat format) {
  if (const std::optional<Finding> binary = find_binary(head))
    throw DataError("{}: expected text, found {}; {}", path.string(), binary->name, binary->advice);
  const std::optional<Finding> layout = find_layout(head, path);
  if (!layout) return;
  switch (format) {
    case InputFormat::kAuto:
      throw DataError("{}: expected running text, found {}; {}, or learn it as it is with --format text", path.string(),
                      layout->name, layout->advice);
    case InputFormat::kLines:
      if (!layout->is_table) {
        throw DataError("{}: expected a sentence a line, found {}; {}, or learn it as it is with --format text",
                        path.string(), layout->name, layout->advice);
      }
      [[fallthrough]];
    case InputFormat::kText:
      log_warning("{}: read as --format says, but it looks like something else: {}", path.string(), layout->name);
      return;
    case InputFormat::kJsonl:
      if (layout->is_json_lines) return;
      throw DataError("{}: expected JSON lines, found {}; {}", path.string(), layout->name, layout->advice);
  }
}

std::vector<InputFile> select_readable(const std::vector<InputFile>& files, const ReaderOptions& options) {
  std::vector<InputFile> readable;
  std::vector<Unreadable> unreadable;
  for (const InputFile& file : files) {
    std::optional<Unreadable> problem;
    if (file.size_bytes) problem = look_at(file.path, options.format);
    if (problem) {
      unreadable.push_back(*problem);
    } else {
      readable.push_back(file);
    }
  }
  if (unreadable.empty()) return readable;
  if (!options.skip_unreadable && unreadable.size() == 1) std::rethrow_exception(unreadable.front().error);
  for (const Unreadable& each : unreadable) log_warning("{}", each.reason);
  const std::string count = fmt::format("{} of {}", unreadable.size(), counted(files.size(), "input file"));
  if (!options.skip_unreadable) {
    throw DataError(
        "{} cannot be read, for the reasons above; fix them, leave them out (--exclude), or go on without them "
        "(--skip-unreadable)",
        count);
  }
  log_warning("{} skipped, for the reasons above", count);
  return readable;
}

}  // namespace albert::corpus
