#include "inference/index_files.h"

#include <array>
#include <ranges>
#include <utility>
#include <vector>

#include <spdlog/fmt/fmt.h>

#include "base/destination.h"
#include "base/durable.h"
#include "base/error.h"

namespace albert::inference {

namespace {

VectorFormat other_format(VectorFormat format) {
  return format == VectorFormat::kText ? VectorFormat::kJsonl : VectorFormat::kText;
}

constexpr std::array kTokenFiles = {token_files::kOffsets, token_files::kIds, token_files::kAttention};

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

/// The origin of the index that lies there; nothing if none does, or it is damaged.
std::optional<VectorOrigin> origin_of_old(const fs::path& index) {
  try {
    return fs::exists(index) ? read_origin(index) : std::nullopt;
  } catch (const DataError&) {
    return std::nullopt;
  }
}

/// What would be taken for a part of an index, and is none of the one that lies there.
std::vector<fs::path> foreign_parts(const fs::path& index, VectorFormat format) {
  const std::optional<VectorOrigin> old = origin_of_old(index);
  std::vector<fs::path> foreign;
  const auto add_if_there = [&](const fs::path& file) {
    if (fs::exists(file)) foreign.push_back(file);
  };
  const bool has_texts = fs::exists(kept_texts_path(index, format));
  if (!old || has_texts) add_if_there(kept_texts_path(index, other_format(format)));
  if (!old || old->pooling != model::EmbeddingPooling::kNone) {
    for (const std::string_view name : kTokenFiles) add_if_there(token_file_path(index, name));
  }
  return foreign;
}

/// Where the index is to lie.
/// Throws as the constructor.
fs::path checked(const Output& output, VectorFormat format) {
  fs::path index = destination_of(output.path);
  if (index.extension() != ".npy") {
    throw UsageError("--output {}: expected a name that ends in .npy, found {}", output.path.string(),
                     index.filename().string());
  }
  for (const fs::path& file : {index, kept_texts_path(index, format), origin_path(index)}) {
    check_output_file({file, output.overwrite});
  }
  for (const fs::path& file : foreign_parts(index, format)) {
    throw UsageError("{} would be taken for a part of {}; move it away, or give --output another name", file.string(),
                     index.string());
  }
  return index;
}

}  // namespace

fs::path kept_texts_path(const fs::path& index, VectorFormat format) {
  fs::path path = index;
  return path += format == VectorFormat::kText ? ".txt" : ".jsonl";
}

fs::path token_file_path(const fs::path& index, std::string_view name) {
  fs::path path = index;
  return path += fmt::format(".{}.npy", name);
}

KeptTexts::KeptTexts(MappedFile file, VectorFormat format) : file_(std::move(file)), format_(format), begins_{0} {
  const std::string_view text = file_.text();
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
  return text_of_line(file_.text().substr(begin, end - begin - 1), format_, {file_.path().string(), row + 1, ""});
}

IndexWriter::IndexWriter(const Output& output, VectorFormat format, std::int64_t size)
    : index_(checked(output, format)),
      format_(format),
      folder_(index_),
      vectors_(folder_.temporary() / index_.filename(), size),
      texts_(kept_texts_path(folder_.temporary() / index_.filename(), format_)) {}

NpyWriter& IndexWriter::add_integers(std::string_view name) {
  const fs::path path = token_file_path(folder_.temporary() / index_.filename(), name);
  return of_tokens_.emplace(name, NpyWriter::of_integers(path)).first->second;
}

NpyWriter& IndexWriter::add_floats(std::string_view name) {
  const fs::path path = token_file_path(folder_.temporary() / index_.filename(), name);
  return of_tokens_.emplace(name, NpyWriter::of_floats(path)).first->second;
}

void IndexWriter::commit(const VectorOrigin& origin) {
  const fs::path finished = folder_.temporary() / index_.filename();
  vectors_.commit();
  texts_.commit();
  for (auto& [name, writer] : of_tokens_) writer.commit();
  write_origin(origin, finished);
  JointMove move(folder_.temporary() / "before");
  move.remove(origin_path(index_));  // a kill in between leaves an index without one, of which search() takes no texts
  move.remove(kept_texts_path(index_, other_format(format_)));
  for (const std::string_view name : kTokenFiles) move.remove(token_file_path(index_, name));
  move.put(finished, index_);
  move.put(kept_texts_path(finished, format_), kept_texts_path(index_, format_));
  for (const auto& [name, writer] : of_tokens_)
    move.put(token_file_path(finished, name), token_file_path(index_, name));
  move.put(origin_path(finished), origin_path(index_));
  move.commit(index_.parent_path());
}

}  // namespace albert::inference
