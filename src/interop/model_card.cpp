#include "interop/model_card.h"

#include <spdlog/fmt/ranges.h>

#include "base/counted.h"
#include "base/shown.h"

namespace albert::interop {

namespace {

/// A text as YAML in double quotes, which is JSON's form of it.
std::string in_yaml(std::string_view text) {
  std::string yaml = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') yaml += '\\';
    yaml += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  return yaml + '"';
}

/// A text that is part of a table of Markdown.
std::string in_cell(std::string_view text) {
  std::string cell;
  for (const char c : printable(text)) {
    if (c == '|') cell += '\\';
    cell += c;
  }
  return cell;
}

std::string list(std::string_view key, const std::vector<std::string>& items) {
  if (items.empty()) return "";
  std::string yaml = fmt::format("{}:\n", key);
  for (const std::string& item : items) yaml += fmt::format("- {}\n", in_yaml(item));
  return yaml;
}

/// What the hub calls the task of a model, also where pipeline() has none.
std::string task_of(const PaddedModel& model) {
  std::string pipeline = pipeline_of(model);
  if (!pipeline.empty()) return pipeline;
  if (model.task.kind == model::HeadKind::kMultipleChoice) return "multiple-choice";
  return model.task.kind == model::HeadKind::kJointQuestionAnswering ? "question-answering" : "text-classification";
}

/// The figures of an evaluation, as model hubs read them.
std::string model_index(const ModelCard& card) {
  if (card.figures.empty()) return "";
  std::string yaml = fmt::format(
      "model-index:\n- name: {}\n  results:\n  - task:\n      type: {}\n    dataset:\n"
      "      name: {}\n      type: {}\n    metrics:\n",
      in_yaml(card.name), task_of(card.model), in_yaml(card.figures_of), in_yaml(card.figures_of));
  for (const auto& [name, value] : card.figures) {
    yaml += fmt::format("    - type: {}\n      value: {}\n", in_yaml(name), value);
  }
  return yaml;
}

bool is_bert(const ModelCard& card) {
  return card.model.config.model_type == model::ModelType::kBert;
}

std::string front_matter(const ModelCard& card) {
  std::vector<std::string> tags = {is_bert(card) ? "bert" : "albert"};
  if (card.has_sentence_transformers) {
    tags.insert(tags.end(), {"sentence-transformers", "sentence-similarity", "feature-extraction"});
  }
  if (!card.onnx_files.empty()) tags.emplace_back("onnx");
  std::string yaml = "---\n" + list("language", card.said.languages);
  if (!card.said.license.empty()) yaml += fmt::format("license: {}\n", in_yaml(card.said.license));
  if (!card.said.base_model.empty()) yaml += fmt::format("base_model: {}\n", in_yaml(card.said.base_model));
  if (card.has_sentence_transformers) {
    yaml += "library_name: sentence-transformers\n";
  } else if (card.has_weights && !card.auto_class.empty()) {
    yaml += "library_name: transformers\n";
  }
  if (const std::string pipeline = pipeline_of(card.model); !pipeline.empty()) {
    yaml += fmt::format("pipeline_tag: {}\n", pipeline);
  }
  return yaml + list("tags", tags) + list("datasets", card.said.datasets) + model_index(card) + "---\n";
}

std::string_view what_it_does(const PaddedModel& model) {
  using model::HeadKind;
  if (model.head == GraphHead::kMaskedWords) return "fills in masked words";
  if (model.head == GraphHead::kHiddenStates) return "gives the hidden states of a text's tokens";
  switch (model.task.kind) {
    case HeadKind::kClassification:
      return "says of which class a text or a pair of texts is";
    case HeadKind::kRegression:
      return "gives a text or a pair of texts a number";
    case HeadKind::kMultilabel:
      return "says which labels a text has";
    case HeadKind::kTokenClassification:
      return "tags the words of a text";
    case HeadKind::kQuestionAnswering:
      return "finds the answer to a question in a text";
    case HeadKind::kJointQuestionAnswering:
      return "finds the answer to a question in a text, and says whether there is one";
    case HeadKind::kMultipleChoice:
      return "chooses among answers";
    case HeadKind::kEntityPair:
      return "says how two entities in a text are related";
    case HeadKind::kEmbedding:
      return "turns texts into vectors of length 1, whose products are similarities";
  }
  return "";
}

std::string code_block(const std::string& python) {
  return fmt::format("\n```python\n{}```\n", python);
}

bool has_head(const PaddedModel& model, model::HeadKind kind) {
  return model.head == GraphHead::kTask && model.task.kind == kind;
}

/// The outputs of a graph as rows of a table, as describe() makes them.
std::string_view outputs_of(const PaddedModel& model) {
  using model::HeadKind;
  if (model.head == GraphHead::kHiddenStates) {
    return "| output | `last_hidden_state` | float32 [batch, length, hidden size] |\n";
  }
  if (model.head == GraphHead::kMaskedWords) {
    return "| output | `logits` | float32 [batch, length, pieces] |\n";
  }
  switch (model.task.kind) {
    case HeadKind::kClassification:
    case HeadKind::kRegression:
    case HeadKind::kMultilabel:
    case HeadKind::kEntityPair:
      return "| output | `logits` | float32 [batch, classes] |\n";
    case HeadKind::kTokenClassification:
      return "| output | `logits` | float32 [batch, length, classes] |\n";
    case HeadKind::kQuestionAnswering:
      return "| outputs | `start_logits`, `end_logits` | float32 [batch, length] |\n";
    case HeadKind::kJointQuestionAnswering:
      return "| output | `start_logits` | float32 [batch, length] |\n"
             "| output | `start_top_index`: the K best starts | int64 [batch, K] |\n"
             "| output | `end_logits`: of each of them | float32 [batch, K, length] |\n"
             "| output | `cls_logits`: that there is no answer | float32 [batch] |\n";
    case HeadKind::kMultipleChoice:
      return "| output | `logits` | float32 [batch, choices] |\n";
    case HeadKind::kEmbedding:
      return "| output | `sentence_embedding`, of length 1 | float32 [batch, hidden size] |\n"
             "| output | `token_embeddings` | float32 [batch, length, hidden size] |\n";
  }
  return "";
}

/// What the columns of `logits` are.
std::string_view columns_of(const PaddedModel& model) {
  using model::HeadKind;
  if (model.head != GraphHead::kTask) return "";
  switch (model.task.kind) {
    case HeadKind::kClassification:
    case HeadKind::kTokenClassification:
    case HeadKind::kEntityPair:
      return "\nColumn i of `logits` is the score of the label `id2label[i]` in `config.json`; softmax makes "
             "probabilities of them.\n";
    case HeadKind::kMultilabel:
      return "\nColumn i of `logits` is the score of the label `id2label[i]` in `config.json`; sigmoid makes a "
             "probability of it.\n";
    default:
      return "";
  }
}

/// The inputs and outputs of the graphs.
std::string ports_table(const ModelCard& card) {
  if (card.onnx_files.empty() && card.torch_export_file.empty()) return "";
  const bool has_choices = has_head(card.model, model::HeadKind::kMultipleChoice);
  const std::string_view shape = has_choices ? "[batch, choices, length]" : "[batch, length]";
  std::string text = "\n| graph | name | type and shape |\n|---|---|---|\n";
  text += fmt::format(
      "| input | `input_ids` | int64 {0} |\n| input | `attention_mask`: 1 of a token, 0 of padding | int64 {0} |\n"
      "| input | `token_type_ids`: 1 in the second text of a pair | int64 {0} |\n",
      shape);
  if (has_head(card.model, model::HeadKind::kEntityPair)) {
    text += "| input | `entity_positions`: the tokens at which the two entities start | int64 [batch, 2] |\n";
  }
  text += outputs_of(card.model);
  if (card.model.has_sentence_order) {
    text += fmt::format("| output | `{}` | float32 [batch, 2] |\n", sentence_order_output(card.model));
  }
  return text.append(columns_of(card.model));
}

std::string how_to_use(const ModelCard& card) {
  std::string text;
  if (card.has_sentence_transformers) {
    text += code_block(
        "from sentence_transformers import SentenceTransformer\n\n"
        "vectors = SentenceTransformer(\"FOLDER\").encode([\"A text.\", \"Another one.\"])\n");
  } else if (card.has_weights && !pipeline_of(card.model).empty() &&
             !has_head(card.model, model::HeadKind::kQuestionAnswering)) {
    text += code_block(fmt::format("from transformers import pipeline\n\nuse = pipeline(\"{}\", \"FOLDER\")\n",
                                   pipeline_of(card.model)));
  } else if (card.has_weights && !card.auto_class.empty()) {
    text +=
        code_block(fmt::format("from transformers import AutoTokenizer, {0}\n\n"
                               "tokenizer = AutoTokenizer.from_pretrained(\"FOLDER\")\n"
                               "model = {0}.from_pretrained(\"FOLDER\")\n",
                               card.auto_class));
  }
  // Of these two, a text alone does not make the inputs.
  if (has_head(card.model, model::HeadKind::kMultipleChoice) || has_head(card.model, model::HeadKind::kEntityPair)) {
    return text;
  }
  for (const std::string& file : card.onnx_files) {
    text += code_block(
        fmt::format("import onnxruntime\nfrom transformers import AutoTokenizer\n\n"
                    "tokenizer = AutoTokenizer.from_pretrained(\"FOLDER\")\n"
                    "session = onnxruntime.InferenceSession(\"FOLDER/{}\")\n"
                    "inputs = tokenizer([\"A text.\"], padding=True, truncation=True, return_tensors=\"np\")\n"
                    "outputs = session.run(None, dict(inputs))\n",
                    file));
  }
  if (!card.torch_export_file.empty()) {
    text += code_block(
        fmt::format("import torch\nfrom transformers import AutoTokenizer\n\n"
                    "tokenizer = AutoTokenizer.from_pretrained(\"FOLDER\")\n"
                    "model = torch.export.load(\"FOLDER/{}\").module()\n"
                    "inputs = tokenizer([\"A text.\"], padding=True, truncation=True, return_tensors=\"pt\")\n"
                    "outputs = model(inputs[\"input_ids\"], inputs[\"attention_mask\"], inputs[\"token_type_ids\"])\n",
                    card.torch_export_file));
  }
  return text;
}

std::string figures_table(const ModelCard& card) {
  if (card.figures.empty()) return "";
  const bool has_int8 = !card.int8_figures.empty();
  std::string text = fmt::format("\n| figure on {} | float32 |{}\n|---|---|{}\n", in_cell(card.figures_of),
                                 has_int8 ? " int8 |" : "", has_int8 ? "---|" : "");
  for (const auto& [name, value] : card.figures) {
    text += fmt::format("| {} | {:.6g} |", name, value);
    const auto rounded = metrics::find(card.int8_figures, name);
    if (has_int8) text += rounded ? fmt::format(" {:.6g} |", *rounded) : " |";
    text += '\n';
  }
  if (!has_int8) return text;
  return text + "\nBoth were computed by albert.cpp, int8 by rounding as a runtime does.\n";
}

}  // namespace

std::string pipeline_of(const PaddedModel& model) {
  using model::HeadKind;
  if (model.head == GraphHead::kMaskedWords) return "fill-mask";
  if (model.head == GraphHead::kHiddenStates) return "feature-extraction";
  switch (model.task.kind) {
    case HeadKind::kClassification:
    case HeadKind::kRegression:
    case HeadKind::kMultilabel:
      return "text-classification";
    case HeadKind::kTokenClassification:
      return "token-classification";
    case HeadKind::kQuestionAnswering:
      return "question-answering";
    case HeadKind::kEmbedding:
      return "sentence-similarity";
    case HeadKind::kJointQuestionAnswering:
    case HeadKind::kMultipleChoice:
    case HeadKind::kEntityPair:
      break;
  }
  return "";
}

std::string write_model_card(const ModelCard& card) {
  const model::AlbertConfig& config = card.model.config;
  std::string text = front_matter(card);
  text += fmt::format("\n# {}\n\n{} that {}.\n\n", printable(card.name),
                      is_bert(card) ? "A BERT ([arXiv 1810.04805](https://arxiv.org/abs/1810.04805))"
                                    : "An ALBERT ([arXiv 1909.11942](https://arxiv.org/abs/1909.11942))",
                      what_it_does(card.model));
  text += fmt::format(
      "| | |\n|---|---|\n| parameters | {} |\n| layers | {} |\n| hidden size | {} |\n| vocabulary | {} pieces |\n"
      "| longest text | {} tokens |\n",
      grouped(card.num_parameters), config.num_layer_applications(), config.hidden_size, grouped(config.vocab_size),
      card.max_length);
  if (!card.labels.empty()) {
    std::vector<std::string> shown;
    for (const std::string& label : card.labels) shown.push_back(in_cell(label));
    text += fmt::format("| labels | {} |\n", fmt::join(shown, ", "));
  }
  if (!card.decision.empty()) text += fmt::format("| decided with | {} |\n", in_cell(card.decision));
  return text + figures_table(card) + how_to_use(card) + ports_table(card);
}

}  // namespace albert::interop
