#include "corpus/spooled_documents.h"

#include <algorithm>

#include "base/error.h"

namespace albert::corpus {

namespace fs = std::filesystem;

namespace {

template <typename Record>
Record read_one(const FileAccess& file, std::uint64_t index) {
  Record record;
  file.read(index * sizeof(Record), reinterpret_cast<char*>(&record), sizeof record);
  return record;
}

}  // namespace

SpooledDocuments::SpooledDocuments(const std::vector<fs::path>& spools) {
  for (const fs::path& spool : spools) {
    documents_.emplace_back(spool / kDocumentsFile);
    ends_.push_back(size() + documents_.back().size_bytes() / sizeof(SpooledDocument));
    if (fs::exists(spool / kSignaturesFile)) signatures_.emplace_back(spool / kSignaturesFile);
  }
}

SpooledDocuments::Place SpooledDocuments::place_of(std::uint64_t number) const {
  const auto end = std::ranges::upper_bound(ends_, number);
  if (end == ends_.end()) throw InternalError("document {} of {}", number, size());
  const auto spool = static_cast<std::size_t>(end - ends_.begin());
  return {.spool = spool, .index = number - first_of(spool)};
}

SpooledDocument SpooledDocuments::document(std::uint64_t number) const {
  const Place place = place_of(number);
  return read_one<SpooledDocument>(documents_[place.spool], place.index);
}

Signature SpooledDocuments::signature(std::uint64_t number) const {
  const Place place = place_of(number);
  return read_one<Signature>(signatures_.at(place.spool), place.index);
}

}  // namespace albert::corpus
