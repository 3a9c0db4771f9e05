#include "tasks/tokens/task.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/ranges.h>

#include "base/atomic_file.h"
#include "base/counted.h"
#include "metrics/entities.h"
#include "tasks/definition_json.h"
#include "tasks/kind.h"
#include "tasks/tokens/answers.h"
#include "tasks/tokens/encoder.h"
#include "tasks/tokens/findings.h"
#include "tasks/tokens/labels.h"
#include "tasks/tokens/readers.h"
#include "tasks/tokens/settings.h"

namespace albert::tasks {

namespace {

struct TokenTypes {
  using File = TaggedFile;
  using Record = TaggedSentence;
  using Encoder = TokenEncoder;
  using Answer = TagAnswer;
};

class TokenTask final : public Kind<TokenTypes> {
 public:
  TokenTask(TaskDefinition definition, std::shared_ptr<const text::Tokenizer> tokenizer)
      : Kind(std::move(definition), std::move(tokenizer)) {
    if (definition_.labels.empty()) definition_.labels = settings().all_labels;
  }

  model::HeadConfig head() const override {
    return {.kind = model::HeadKind::kTokenClassification,
            .num_labels = static_cast<std::int64_t>(definition_.labels.size())};
  }
  std::vector<std::string> figures() const override {
    if (settings().score == TagScoring::kTags) return {"accuracy", "macro_f1", "micro_f1", "matthews"};
    return {"f1", "precision", "recall", "macro_f1", "accuracy"};
  }

  TaggedFile read_records(const Source& source) const override {
    TaggedFile file = read_tagged(source.file, format(), source.part == Part::kTrain);
    warn_of_long_sentences(file);
    return file;
  }
  std::string content_of(const TaggedSentence& sentence) const override {
    return fmt::format("{}", fmt::join(sentence.words, " "));
  }
  void keep_records(TaggedFile& file, const std::vector<bool>& is_kept) const override {
    keep_sentences(file, is_kept);
  }
  void count_labels(const TaggedFile& file, Part part, LabelCheck& labels) const override {
    // An entity of a type that the model knows can be found whatever letters it is written with.
    std::set<std::string_view> known_types;
    if (settings().score == TagScoring::kEntities && part != Part::kTrain) {
      for (const std::string& label : definition_.labels) known_types.insert(metrics::entity_type(label));
    }
    for (const TaggedSentence& sentence : file.records) {
      for (std::size_t word = 0; word < sentence.tags.size(); ++word) {
        const std::string& tag = sentence.tags[word];
        if (tag.empty()) continue;
        if (known_types.contains(metrics::entity_type(tag))) {
          labels.add_known();
        } else {
          labels.add(tag, place_of(sentence, word));
        }
      }
    }
  }
  TokenEncoder make_encoder() const override {
    return {*tokenizer_, definition_.labels, max_length(), settings().stride};
  }
  std::string describe(const TaggedFile& file, const TokenEncoder& encoder, const SetCounts& counts) const override {
    std::size_t num_words = 0;
    std::ptrdiff_t num_untagged = 0;
    for (const TaggedSentence& sentence : file.records) {
      num_words += sentence.words.size();
      num_untagged += std::ranges::count(sentence.tags, "");
    }
    std::string text = fmt::format("{}, {}", counted(file.records.size(), "sentence"), counted(num_words, "word"));
    text += describe_share(counts.num_of_other_part);
    if (counts.num_unusable > 0)
      text += fmt::format("; {} left out, which have no tag", counted(counts.num_unusable, "sentence"));
    if (num_untagged > 0) text += fmt::format("; {} without a tag, which do not count", counted(num_untagged, "word"));
    if (const auto num_long = encoder.num_long(); num_long > 0) {
      text += fmt::format("; {} read in windows", counted(num_long, "long sentence"));
    }
    if (encoder.num_empty_words() > 0) {
      text += fmt::format("; the tag {1} for {0} of which the tokenizer leaves nothing",
                          counted(encoder.num_empty_words(), "word"), fallback_tag(definition_));
    }
    return text;
  }

  TagAnswer answer(std::span<const model::Item> items, const TokenEncoder::Trace& trace,
                   RecordScores scores) const override {
    return choose_tags(items, trace, scores, definition_.labels, fallback_tag(definition_),
                       definition_.config.temperature_in_use());
  }
  metrics::Report judge(const TaggedFile& file, std::span<const TagAnswer> answers) const override {
    return judge_tags(settings().score, file, answers);
  }

  std::vector<ConstantGuess<TagAnswer>> constant_guesses(const TaggedFile& file) const override {
    return guess_tags(file, definition_.labels);
  }

  Findings findings(const TaggedFile& file, std::span<const TagAnswer> answers,
                    std::span<const ScoredItem> /*scored*/) const override {
    return find_in_tags(settings().score, file, answers);
  }

  void check_writable(const TaggedFile& file) const override { check_tagged_rows(file); }
  void write(const TaggedFile& file, std::span<const TagAnswer> answers, const fs::path& path) const override {
    write_file_atomically(path, with_predictions(file, answers, settings().format.conllu_tag));
  }
  TaggedFile read_gold(const ScoreFiles& files) override {
    TaggedFile gold = read_tagged(files.gold, format(), /*need_tags=*/true);
    warn_of_long_sentences(gold);
    for (const TaggedSentence& sentence : gold.records) check_scheme(settings().score, sentence);
    return gold;
  }
  std::vector<TagAnswer> read_answers(const TaggedFile& gold, const ScoreFiles& files) override {
    return read_tag_answers(gold, files, settings());
  }

  StreamReader<TaggedSentence> open_stream(RecordFormat format, std::string_view header) const override {
    return open_tag_stream(settings(), format, header);
  }
  nlohmann::ordered_json to_json(const TaggedSentence& sentence, const TagAnswer& answer) const override {
    return tag_json(settings().score, sentence, answer);
  }
  std::string to_columns(const TaggedSentence& /*sentence*/, const TagAnswer& answer) const override {
    return tag_line(answer);
  }

 private:
  TagFormat format() const {
    TagFormat format = settings().format;
    format.tags_by_number = definition_.labels;
    return format;
  }
  const TokenSettings& settings() const { return definition_.config.as<TokenSettings>(); }

  std::vector<fs::path> files_in(const fs::path& folder, Part part) const override {
    return find_tagged_file(folder, part);
  }
  std::string expected_files(Part part) const override { return expected_tagged_file(part); }

  void settle_labels(const std::vector<fs::path>& training_files) override {
    std::string& fallback = definition_.config.as<TokenSettings>().fallback_tag;
    if (training_files.empty() || (!definition_.labels.empty() && !fallback.empty())) return;
    std::vector<TaggedSentence> sentences;
    for (const fs::path& file : training_files) {
      std::ranges::move(read_tagged(file, format(), /*need_tags=*/true).records, std::back_inserter(sentences));
    }
    const TagInventory inventory = take_inventory(sentences, settings().score, training_files.front().string());
    if (definition_.labels.empty()) definition_.labels = inventory.tags;
    if (fallback.empty()) fallback = inventory.most_frequent;
  }
};

/// Whether every tag is O or a type behind the letter of a scheme for spans.
bool are_entities(const std::vector<std::string>& tags) {
  return std::ranges::all_of(
      tags, [](const std::string& tag) { return tag == "O" || (tag.size() > 2 && metrics::is_entity_tag(tag)); });
}

void infer_tokens(const nlohmann::json& config, std::string_view source, StoredDefinition& stored) {
  TaskDefinition& definition = stored.definition;
  auto& settings = definition.config.as<TokenSettings>();
  definition.labels = labels_of(config, source);
  settings.score = are_entities(definition.labels) ? TagScoring::kEntities : TagScoring::kTags;
  settings.stride = std::min(settings.stride, std::max<std::int64_t>(1, definition.config.max_sequence_length / 2));
  stored.assumed.emplace_back("the first piece of a word has its tag");
  stored.assumed.emplace_back(settings.score == TagScoring::kEntities
                                  ? "entities are judged (task.tokens.score)"
                                  : "each word's tag is judged, not entities (task.tokens.score)");
}

}  // namespace

const TaskType& tokens_type() {
  static const TaskType kType{.name = "tokens",
                              .group = "tokens",
                              .group_help = "words with tags",
                              .asked = "a tag for every word",
                              .model = "of tags for words",
                              .make_settings = make_settings<TokenSettings>,
                              .open = open_task<TokenTask>,
                              .transformers_class = "AlbertForTokenClassification",
                              .infer = infer_tokens};
  return kType;
}

}  // namespace albert::tasks
