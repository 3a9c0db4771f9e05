#include "inference/index_writer.h"

#include "base/durable.h"
#include "base/error.h"
#include "inference/kept_texts.h"

namespace albert::inference {

namespace {

VectorFormat other_format(VectorFormat format) {
  return format == VectorFormat::kText ? VectorFormat::kJsonl : VectorFormat::kText;
}

/// Where the index is to lie: what a link points at. Throws as the constructor.
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
  return fs::weakly_canonical(index);
}

}  // namespace

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
  keep_permissions(origin_path(index_), origin_path(finished));
  fs::remove(kept_texts_path(index_, other_format(format_)));
  fs::remove(origin_path(index_));
  rename_durably(finished, index_);
  rename_durably(kept_texts_path(finished, format_), kept_texts_path(index_, format_));
  rename_durably(origin_path(finished), origin_path(index_));
}

}  // namespace albert::inference
