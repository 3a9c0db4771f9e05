#include "corpus/duplicates.h"

#include <compare>
#include <string>

#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "corpus/external_sort.h"

namespace albert::corpus {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kBands = 20;
constexpr std::size_t kValuesOfBand = kSignatureValues / kBands;
constexpr std::size_t kMaxCompared = 16;

/// The text of a document.
struct TextKey {
  std::uint64_t hash;
  std::uint64_t more_hash;
  std::uint64_t document;
  auto operator<=>(const TextKey&) const = default;
};

/// A band of the signature of a document.
struct BandKey {
  std::uint64_t hash;
  std::uint64_t document;
  auto operator<=>(const BandKey&) const = default;
};

/// Of a document that has several originals, the first one counts.
struct ByDocument : Duplicate {
  bool operator<(const ByDocument& other) const {
    return document != other.document ? document < other.document : original < other.original;
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

/// The documents of one band, as they come in their order.
class BandGroup {
 public:
  explicit BandGroup(const SpooledDocuments& documents) : documents_(documents) {}

  /// \return the duplicate that the next document is, if it is one
  std::optional<Duplicate> add(const BandKey& key) {
    if (members_.empty() || key.hash != hash_) {
      hash_ = key.hash;
      members_.clear();
      members_.push_back({key.document, {}});
      return std::nullopt;
    }
    const Signature signature = documents_.signature(key.document);
    for (Member& member : members_) {
      if (!member.signature) member.signature = documents_.signature(member.document);
      const std::uint32_t num_equal = num_equal_values(signature, *member.signature);
      if (num_equal >= kNearSimilarity * kSignatureValues)
        return Duplicate{.document = key.document, .original = member.document, .num_equal = num_equal};
    }
    if (members_.size() < kMaxCompared) members_.push_back({key.document, signature});
    return std::nullopt;
  }

 private:
  struct Member {
    std::uint64_t document;
    std::optional<Signature> signature;  ///< read when it is needed
  };

  const SpooledDocuments& documents_;
  std::uint64_t hash_ = 0;
  std::vector<Member> members_;
};

class Search {
 public:
  Search(const std::vector<fs::path>& spools, const fs::path& scratch)
      : spools_(spools), scratch_(scratch), documents_(spools), found_(scratch / "duplicates.sort") {}

  void find_exact() {
    ExternalSort<TextKey> keys(scratch_ / "texts.sort");
    std::uint64_t number = 0;
    for (const fs::path& spool : spools_) {
      RecordReader<SpooledDocument> reader(spool / kDocumentsFile);
      for (; const std::optional<SpooledDocument> document = reader.next(); ++number)
        keys.add({document->hash, document->more_hash, number});
    }
    std::optional<TextKey> first;
    keys.drain([&](const TextKey& key) {
      if (first && first->hash == key.hash && first->more_hash == key.more_hash) {
        found_.add({Duplicate{
            .document = key.document, .original = first->document, .num_equal = kSignatureValues, .is_exact = 1}});
      } else {
        first = key;
      }
    });
  }

  /// Among the documents that are not in the file `exact`, with which they are found together.
  void find_near(const fs::path& exact_file) {
    DuplicateFinder exact(exact_file);
    ExternalSort<BandKey> keys(scratch_ / "bands.sort");
    std::uint64_t number = 0;
    for (const fs::path& spool : spools_) {
      RecordReader<SpooledDocument> reader(spool / kDocumentsFile);
      RecordReader<Signature> signatures(spool / kSignaturesFile);
      for (; const std::optional<SpooledDocument> document = reader.next(); ++number) {
        const std::optional<Signature> signature = signatures.next();
        if (!signature) throw DataError("{}: a signature is missing", (spool / kSignaturesFile).string());
        if (document->has_words == 0 || exact.contains(number)) continue;
        for (std::size_t band = 0; band < kBands; ++band) keys.add({band_hash(*signature, band), number});
      }
    }
    BandGroup group(documents_);
    keys.drain([&](const BandKey& key) {
      if (const std::optional<Duplicate> duplicate = group.add(key)) found_.add({*duplicate});
    });
    RecordReader<Duplicate> all_exact(exact_file);
    while (const std::optional<Duplicate> duplicate = all_exact.next()) found_.add({*duplicate});
  }

  /// Writes what was found, once for each document.
  DuplicateCounts write(const fs::path& file) {
    DuplicateCounts counts;
    FileWriter writer(file);
    std::optional<std::uint64_t> last;
    found_.drain([&](const ByDocument& found) {
      if (last == found.document) return;
      last = found.document;
      const Duplicate& duplicate = found;
      writer.write(bytes_of(duplicate));
      ++(duplicate.is_exact != 0 ? counts.exact : counts.near);
    });
    writer.flush();
    return counts;
  }

 private:
  const std::vector<fs::path>& spools_;
  const fs::path& scratch_;
  SpooledDocuments documents_;
  ExternalSort<ByDocument> found_;
};

}  // namespace

DuplicateCounts find_duplicates(const std::vector<fs::path>& spools, Deduplicate deduplicate, const fs::path& scratch,
                                const fs::path& file) {
  const fs::path exact_file = deduplicate == Deduplicate::kNear ? scratch / "exact" : file;
  DuplicateCounts counts;
  {
    Search search(spools, scratch);
    search.find_exact();
    counts = search.write(exact_file);
  }
  if (deduplicate == Deduplicate::kNear) {
    Search search(spools, scratch);
    search.find_near(exact_file);
    counts = search.write(file);
    fs::remove(exact_file);
  }
  return counts;
}

}  // namespace albert::corpus
