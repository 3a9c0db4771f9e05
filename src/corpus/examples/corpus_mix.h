#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/fields.h"
#include "corpus/examples/examples.h"
#include "corpus/store/corpus.h"

namespace albert::corpus {

/// A corpus that is asked for, and how much of it.
struct CorpusChoice {
  std::filesystem::path corpus;
  std::optional<double> weight;  ///< above 0; without one, the size decides

  void fields(config::Fields& f);
};

/// The corpora that are learnt from together, in an order that counts: one or several.
class CorpusMix {
 public:
  struct Component {
    std::shared_ptr<const Corpus> corpus;
    /// That of its folder, with what is no letter, digit, "-", "." or "_" replaced by "_"; where several have the same
    /// one, or it is a word of the figures, with its place from 1 behind it: "de_2".
    std::string name;
    double weight = 1;  ///< share of the examples; those of all components add up to 1
  };

  /// A corpus alone.
  CorpusMix(std::shared_ptr<const Corpus> corpus);  // NOLINT(google-explicit-constructor): a corpus is a mix of one

  /// \param choices at least one; all have a weight, or none
  /// \param temperature T where they have none: the weights are (tokens of a corpus)^(1/T), so that 1 is by size, and a
  /// larger one makes the shares more even (Devlin et al., multilingual BERT; Conneau et al., arXiv 1911.02116, section
  /// 3.1, with 1/T = alpha)
  /// Throws DataError as Corpus::open(), or if the corpora were encoded with several tokenizers.
  static CorpusMix open(const std::vector<CorpusChoice>& choices, double temperature);

  const std::vector<Component>& components() const { return components_; }
  std::vector<std::shared_ptr<const Corpus>> all() const;
  bool is_single() const { return components_.size() == 1; }
  std::uint64_t num_documents(Split split) const;
  std::uint64_t num_tokens(Split split) const;
  /// Of one of them: all have the same.
  std::filesystem::path tokenizer_folder() const { return components_.front().corpus->tokenizer_folder(); }

  /// Checksums of what decides the examples, by what they are of: "corpus", equal for equal corpora with equal weights;
  /// and of several, the content of each. One corpus alone has its own.
  std::map<std::string, std::string> fingerprints() const;

  /// \param seed as for PretrainingExamples
  /// Throws as PretrainingExamples and MixedExamples do.
  std::shared_ptr<const ExampleSource> examples(Split split, const text::Tokenizer& tokenizer,
                                                const ExampleConfig& config, std::uint64_t seed) const;

 private:
  explicit CorpusMix(std::vector<Component> components) : components_(std::move(components)) {}
  void settle_weights(const std::vector<CorpusChoice>& choices, double temperature);

  std::vector<Component> components_;
};

}  // namespace albert::corpus
