#include "input_file.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"
#include "fuzz.h"

namespace albert::fuzz {

std::vector<std::string_view> parts_of(std::string_view input) {
  std::vector<std::string_view> parts;
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = input.find(kSeparator);
    parts.push_back(input.substr(0, end));
    if (end != std::string_view::npos) input.remove_prefix(end + kSeparator.size());
  }
  return parts;
}

void InputFile::write(std::string_view content) {
  if (!file_) {
    if (path_.has_parent_path()) make_folder(path_.parent_path());
    file_.emplace(path_, O_RDWR | O_CREAT | O_TRUNC);
    content_.clear();
  }
  if (content == content_) return;
  require(::ftruncate(file_->value(), 0) == 0);
  write_whole(file_->value(), content, path_, 0);
  content_ = content;
}

void InputFile::remove() {
  if (!file_) return;
  std::filesystem::remove(path_);
  file_.reset();
}

void write_parts(std::span<InputFile> files, std::span<const std::string_view> parts) {
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (i < parts.size()) {
      files[i].write(parts[i]);
    } else {
      files[i].remove();
    }
  }
}

}  // namespace albert::fuzz
