#include "inference/index_files.h"

#include <ranges>
#include <utility>
#include <vector>

#include "base/durable.h"
#include "base/error.h"

namespace albert::inference {

namespace {

std::string_view text_of(const MappedFile& file) {
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

VectorFormat other_format(VectorFormat format) {
  return format == VectorFormat::kText ? VectorFormat::kJsonl : VectorFormat::kText;
}

/// Moves files to their places together: all, or none, and what was there before is back.
class JointMove {
 public:
  /// \param aside an empty folder on the same file system, for what lies in their places
  explicit JointMove(fs::path aside) : aside_(std::move(aside)) { fs::create_directory(aside_); }
  JointMove(const JointMove&) = delete;
  JointMove& operator=(const JointMove&) = delete;
  ~JointMove() {
    if (is_done_) return;
    std::error_code ignored;
    for (const auto& [from, to] : std::views::reverse(moved_)) fs::rename(to, from, ignored);
  }

  /// Takes a file out of its place, if there is one.
  void remove(const fs::path& place) {
    const fs::file_status status = fs::symlink_status(place);
    if (fs::is_regular_file(status) || fs::is_symlink(status)) move(place, aside_ / place.filename());
  }
  /// Puts a file that is on the disk into its place, with the permissions of the one before.
  void put(const fs::path& file, const fs::path& place) {
    keep_permissions(place, file);
    remove(place);
    move(file, place);
  }
  void commit(const fs::path& folder) {
    sync_to_disk(folder);
    is_done_ = true;
  }

 private:
  void move(const fs::path& from, const fs::path& to) {
    std::error_code error;
    fs::rename(from, to, error);
    if (error) throw IoError("cannot rename {} to {}: {}", from.string(), to.string(), error.message());
    moved_.emplace_back(from, to);
  }

  fs::path aside_;
  std::vector<std::pair<fs::path, fs::path>> moved_;
  bool is_done_ = false;
};

/// Throws if the name of a file is that of a folder.
void check_no_folder(const fs::path& path) {
  if (!fs::is_directory(path)) return;
  throw UsageError("--output: {} would be a file of the index, and is a folder; move it away, or give another name",
                   path.string());
}

/// Where the index is to lie: what a link points at.
/// Throws as the constructor.
fs::path checked(const fs::path& index, VectorFormat format) {
  if (index.extension() != ".npy") {
    throw UsageError("--output {}: expected a name that ends in .npy", index.string());
  }
  if (fs::is_directory(index)) {
    throw UsageError("--output {}: expected the name of a file, found that of a folder", index.string());
  }
  const fs::path texts = kept_texts_path(index, other_format(format));
  const bool is_of_index = fs::exists(index) && fs::exists(origin_path(index));
  if (fs::exists(texts) && !is_of_index) {
    throw UsageError("{} would be taken for the texts of {}; move it away, or give --output another name",
                     texts.string(), index.string());
  }
  check_no_folder(kept_texts_path(index, format));
  check_no_folder(origin_path(index));
  return fs::weakly_canonical(fs::absolute(index));
}

}  // namespace

fs::path kept_texts_path(const fs::path& index, VectorFormat format) {
  fs::path path = index;
  return path += format == VectorFormat::kText ? ".txt" : ".jsonl";
}

KeptTexts::KeptTexts(MappedFile file, VectorFormat format) : file_(std::move(file)), format_(format), begins_{0} {
  const std::string_view text = text_of(file_);
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', end + 1)) {
    begins_.push_back(end + 1);
  }
}

std::optional<KeptTexts> KeptTexts::open(const fs::path& index, std::int64_t num_vectors) {
  for (const auto format : {VectorFormat::kText, VectorFormat::kJsonl}) {
    const fs::path path = kept_texts_path(index, format);
    if (!fs::exists(path)) continue;
    KeptTexts texts(MappedFile(path), format);
    const std::size_t num_texts = texts.begins_.size() - 1;
    if (static_cast<std::int64_t>(num_texts) == num_vectors) return texts;
    throw DataError(
        "{}: expected a text for each of the {} vectors of {}, found {}; make both again with `albert embed`, or "
        "remove this file to search without texts",
        path.string(), num_vectors, index.string(), num_texts);
  }
  return std::nullopt;
}

std::string KeptTexts::text(std::int64_t row) const {
  const auto begin = begins_[static_cast<std::size_t>(row)];
  const auto end = begins_[static_cast<std::size_t>(row) + 1];
  return text_of_line(text_of(file_).substr(begin, end - begin - 1), format_, {file_.path().string(), row + 1, ""});
}

IndexWriter::IndexWriter(const fs::path& index, VectorFormat format, std::int64_t size)
    : index_(checked(index, format)),
      format_(format),
      folder_(index_),
      vectors_(folder_.temporary() / index_.filename(), size),
      texts_(kept_texts_path(folder_.temporary() / index_.filename(), format_)) {}

void IndexWriter::commit(const VectorOrigin& origin) {
  const fs::path finished = folder_.temporary() / index_.filename();
  vectors_.commit();
  texts_.commit();
  write_origin(origin, finished);
  JointMove move(folder_.temporary() / "before");
  move.remove(origin_path(index_));  // a kill in between leaves an index without one, of which search() takes no texts
  move.remove(kept_texts_path(index_, other_format(format_)));
  move.put(finished, index_);
  move.put(kept_texts_path(finished, format_), kept_texts_path(index_, format_));
  move.put(origin_path(finished), origin_path(index_));
  move.commit(index_.parent_path());
}

}  // namespace albert::inference
