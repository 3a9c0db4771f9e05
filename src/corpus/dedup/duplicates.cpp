#include "corpus/dedup/duplicates.h"

#include <algorithm>
#include <array>
#include <compare>
#include <optional>

#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/signals.h"
#include "corpus/encoding/external_sort.h"
#include "corpus/encoding/spool.h"

namespace albert::corpus {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kBands = 20;
constexpr std::size_t kValuesOfBand = kSignatureValues / kBands;

/// The text of a document.
struct TextKey {
  Hash128 hash;
  std::uint64_t document;
  auto operator<=>(const TextKey&) const = default;
};

/// A band of the signature of a document.
struct BandKey {
  std::uint64_t hash;
  std::uint64_t document;
  auto operator<=>(const BandKey&) const = default;
};

/// Two documents that may be alike.
struct Pair {
  std::uint64_t original;
  std::uint64_t document;
  auto operator<=>(const Pair&) const = default;
};

/// The same by the later one, with the signature of the earlier one.
struct Candidate {
  std::uint64_t document;
  std::uint64_t original;
  Signature signature;
  bool operator<(const Candidate& other) const {
    return document != other.document ? document < other.document : original < other.original;
  }
};

struct ByDocument : Duplicate {
  bool operator<(const ByDocument& other) const { return document < other.document; }
};
struct ByOriginal : Duplicate {
  bool operator<(const ByOriginal& other) const {
    return original != other.original ? original < other.original : document < other.document;
  }
};

std::uint64_t band_hash(const Signature& signature, std::size_t band) {
  std::uint64_t hash = band;
  for (std::size_t i = band * kValuesOfBand; i < (band + 1) * kValuesOfBand; i += 3) {
    const std::uint64_t values =
        std::uint64_t{signature[i]} << 32 | std::uint64_t{signature[i + 1]} << 16 | signature[i + 2];
    hash = mixed(hash ^ values);
  }
  return hash;
}
static_assert(kSignatureValues % kBands == 0 && kValuesOfBand % 3 == 0);

/// The documents that share a band, as they come in their order: some of them may be alike.
class Bucket {
 public:
  /// Calls `consume` with the next document and each one before it that it is to be compared with.
  template <typename Consume>
  void add(const BandKey& key, const Consume& consume) {
    if (key.hash != hash_) num_first_ = num_last_ = 0;
    hash_ = key.hash;
    for (std::size_t i = 0; i < num_first_; ++i) consume(Pair{.original = first_[i], .document = key.document});
    for (std::size_t i = 0; i < std::min(num_last_, kLast); ++i)
      consume(Pair{.original = last_[i], .document = key.document});
    if (num_first_ < kFirst) {
      first_[num_first_++] = key.document;
    } else {
      last_[num_last_++ % kLast] = key.document;
    }
  }

 private:
  static constexpr std::size_t kFirst = 8;
  static constexpr std::size_t kLast = 8;

  std::uint64_t hash_ = 0;
  std::array<std::uint64_t, kFirst> first_{};
  std::size_t num_first_ = 0;
  std::array<std::uint64_t, kLast> last_{};  ///< the last ones of those that follow
  std::size_t num_last_ = 0;
};

/// A file of Duplicates in the order of the documents.
class DuplicateWriter {
 public:
  explicit DuplicateWriter(const fs::path& file) : file_(file) {}

  void write(const Duplicate& duplicate) {
    file_.write(bytes_of(duplicate));
    ++(duplicate.likeness == Likeness::kNear ? counts_.near : counts_.exact);
  }
  DuplicateCounts finish() {
    file_.flush();
    return counts_;
  }

 private:
  FileWriter file_;
  DuplicateCounts counts_;
};

DuplicateCounts write(ExternalSort<ByDocument>& duplicates, const fs::path& file) {
  DuplicateWriter writer(file);
  duplicates.drain([&](const ByDocument& duplicate) {
    stop_if_asked("corpus");
    writer.write(duplicate);
  });
  return writer.finish();
}

/// Of documents with the same text, the first one is the original.
DuplicateCounts find_exact(const std::vector<fs::path>& spools, const fs::path& scratch, const fs::path& file) {
  ExternalSort<ByDocument> found(scratch / "exact.sort");
  {
    ExternalSort<TextKey> texts(scratch / "texts.sort");
    DocumentRecords<SpooledDocument> documents(spools, kDocumentsFile);
    for (std::uint64_t number = 0; const std::optional<SpooledDocument> document = documents.next(); ++number) {
      stop_if_asked("corpus");
      texts.add({document->hash, number});
    }
    std::optional<TextKey> first;
    texts.drain([&](const TextKey& key) {
      stop_if_asked("corpus");
      if (first && first->hash == key.hash) {
        found.add({Duplicate{.document = key.document,
                             .original = first->document,
                             .num_equal = kSignatureValues,
                             .likeness = Likeness::kSameText}});
      } else {
        first = key;
      }
    });
  }
  return write(found, file);
}

/// The pairs of documents that share a band, some of them several times. What is an exact duplicate, or has no words,
/// is in none.
/// \return how many documents there are
std::uint64_t collect_pairs(const std::vector<fs::path>& spools, const fs::path& exact_file, const fs::path& scratch,
                            ExternalSort<Pair>& pairs) {
  ExternalSort<BandKey> bands(scratch / "bands.sort");
  DuplicateReader exact(exact_file);
  DocumentRecords<SpooledDocument> documents(spools, kDocumentsFile);
  DocumentRecords<Signature> signatures(spools, kSignaturesFile);
  std::uint64_t number = 0;
  for (; const std::optional<SpooledDocument> document = documents.next(); ++number) {
    stop_if_asked("corpus");
    if (document->has_words == 0 || exact.contains(number)) continue;
    const Signature& signature = signatures.at(number);
    for (std::size_t band = 0; band < kBands; ++band) bands.add({band_hash(signature, band), number});
  }
  Bucket bucket;
  bands.drain([&](const BandKey& key) {
    stop_if_asked("corpus");
    bucket.add(key, [&](const Pair& pair) { pairs.add(pair); });
  });
  return number;
}

/// Takes the signatures of the earlier documents to the later ones.
void add_signatures(const std::vector<fs::path>& spools, ExternalSort<Pair>& pairs,
                    ExternalSort<Candidate>& candidates) {
  DocumentRecords<Signature> signatures(spools, kSignaturesFile);
  std::optional<Pair> last;
  pairs.drain([&](const Pair& pair) {
    stop_if_asked("corpus");
    if (pair == last) return;
    last = pair;
    candidates.add({pair.document, pair.original, signatures.at(pair.original)});
  });
}

/// Settles the documents in their order: one is left out for the first original that stays.
void settle(const std::vector<fs::path>& spools, std::uint64_t num_documents, ExternalSort<Candidate>& candidates,
            const fs::path& file) {
  DuplicateWriter writer(file);
  DocumentRecords<Signature> signatures(spools, kSignaturesFile);
  std::vector<bool> is_left_out(num_documents);
  candidates.drain([&](const Candidate& candidate) {
    stop_if_asked("corpus");
    if (is_left_out[candidate.document] || is_left_out[candidate.original]) return;
    const std::uint32_t num_equal = num_equal_values(signatures.at(candidate.document), candidate.signature);
    if (num_equal < kNearSimilarity * kSignatureValues) return;
    is_left_out[candidate.document] = true;
    writer.write({.document = candidate.document, .original = candidate.original, .num_equal = num_equal});
  });
  writer.finish();
}

void find_near(const std::vector<fs::path>& spools, const fs::path& exact_file, const fs::path& scratch,
               const fs::path& file) {
  ExternalSort<Candidate> candidates(scratch / "candidates.sort");
  std::uint64_t num_documents = 0;
  {
    ExternalSort<Pair> pairs(scratch / "pairs.sort");
    num_documents = collect_pairs(spools, exact_file, scratch, pairs);
    add_signatures(spools, pairs, candidates);
  }
  settle(spools, num_documents, candidates, file);
}

/// Both kinds in one file. What has the same text as a document that is left out is like the original of that.
DuplicateCounts join(const fs::path& exact_file, const fs::path& near_file, const fs::path& scratch,
                     const fs::path& file) {
  ExternalSort<ByDocument> all(scratch / "all.sort");
  RecordReader<Duplicate> near_ones(near_file);
  while (const std::optional<Duplicate> duplicate = near_ones.next()) all.add({*duplicate});
  {
    ExternalSort<ByOriginal> exact(scratch / "originals.sort");
    RecordReader<Duplicate> exact_ones(exact_file);
    while (const std::optional<Duplicate> duplicate = exact_ones.next()) exact.add({*duplicate});
    DuplicateReader left_out(near_file);
    exact.drain([&](const ByOriginal& found) {
      stop_if_asked("corpus");
      Duplicate duplicate = found;
      if (const Duplicate* original = left_out.find(found.original)) {
        duplicate.original = original->original;
        duplicate.num_equal = original->num_equal;
        duplicate.likeness = Likeness::kSameTextAsLeftOut;
      }
      all.add({duplicate});
    });
  }
  return write(all, file);
}

}  // namespace

DuplicateCounts find_duplicates(const std::vector<fs::path>& spools, Deduplicate deduplicate, const fs::path& scratch,
                                const fs::path& file) {
  if (deduplicate != Deduplicate::kNear) return find_exact(spools, scratch, file);
  const fs::path exact_file = scratch / "exact";
  const fs::path near_file = scratch / "near";
  find_exact(spools, scratch, exact_file);
  find_near(spools, exact_file, scratch, near_file);
  const DuplicateCounts counts = join(exact_file, near_file, scratch, file);
  fs::remove(exact_file);
  fs::remove(near_file);
  return counts;
}

}  // namespace albert::corpus
