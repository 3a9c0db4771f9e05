#include "corpus/store/census.h"

#include <algorithm>
#include <bit>

#include "base/error.h"
#include "corpus/store/manifest.h"
#include "corpus/store/shard.h"

namespace albert::corpus {

namespace {

/// Two classes for each power of 2: from it on, and from the middle of the way to the next one on.
std::size_t class_of(std::uint64_t length) {
  const auto power = static_cast<std::size_t>(std::bit_width(length)) - 1;
  return 2 * power + (power > 0 ? (length >> (power - 1)) & 1 : 0);
}

/// The least length of a class; that of the class of 1 that is empty is 2.
std::uint64_t begin_of(std::size_t number) {
  const std::size_t power = number / 2;
  const std::uint64_t half = power > 0 ? std::uint64_t{1} << (power - 1) : 1;
  return (std::uint64_t{1} << power) + (number % 2 == 1 ? half : 0);
}

/// Counts the pieces and lengths of a document.
void add_document(const Document& document, std::vector<std::int32_t>& ids, Census& census) {
  ids.clear();
  document.append(0, document.num_sentences(), ids);
  census.documents.add(ids.size());
  for (std::size_t i = 0; i < document.num_sentences(); ++i) census.sentences.add(document.length(i));
  for (const std::int32_t id : ids) ++census.pieces[static_cast<std::size_t>(id)];
}

}  // namespace

void LengthCounts::add(std::uint64_t length) {
  if (length == 0) throw InternalError("a length of 0");
  const std::size_t number = class_of(length);
  if (number >= counts_.size()) counts_.resize(number + 1);
  ++counts_[number];
  ++count_;
  sum_ += length;
  longest_ = std::max(longest_, length);
}

std::vector<LengthCounts::Class> LengthCounts::classes() const {
  std::vector<Class> classes;
  for (std::size_t number = 0; number < counts_.size(); ++number) {
    const Class one{begin_of(number), begin_of(number + 1), counts_[number]};
    if (one.begin < one.end && (one.count > 0 || !classes.empty())) classes.push_back(one);
  }
  return classes;
}

Census take_census(const Corpus& corpus, const std::function<void(std::uint64_t)>& progress) {
  Census census;
  census.pieces.resize(static_cast<std::size_t>(corpus.manifest().vocabulary_size));
  std::vector<std::int32_t> ids;
  for (const Split split : {Split::kTrain, Split::kHeldOut}) {
    for (std::uint64_t i = 0; i < corpus.num_documents(split); ++i) {
      add_document(corpus.document(split, i), ids, census);
      if (progress) progress(census.documents.sum());
    }
  }
  return census;
}

}  // namespace albert::corpus
