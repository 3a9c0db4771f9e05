#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/log_format.h"
#include "cli/choice_option.h"
#include "cli/commands.h"
#include "cli/compute_options.h"
#include "cli/sleeping_threads.h"
#include "serve/serve.h"

namespace albert::cli {

namespace {

struct ServeArguments {
  std::vector<std::string> models;
  std::vector<std::string> indexes;
  std::int64_t port = 8080;
  std::int64_t max_batch_tokens = 16384;
  std::int64_t max_wait_ms = 0;
  std::int64_t max_concurrent_requests = 512;
  std::int64_t max_client_batch_size = 32;
  std::int64_t payload_limit = 2'000'000;
  double timeout_s = 60;
  bool refuses_long_texts = false;
  std::filesystem::path api_key_file;
  LogFormat log_format = LogFormat::kText;
  serve::ServeOptions options;
};

/// NAME=PATH, or a path alone, whose last part is the name then, without .npy.
serve::NamedPath parse_named(const std::string& word, const char* option) {
  const std::size_t equals = word.find('=');
  if (equals != std::string::npos && !std::filesystem::exists(word)) {
    serve::NamedPath named{.name = word.substr(0, equals), .path = word.substr(equals + 1)};
    if (!named.name.empty() && named.name.find('/') == std::string::npos) return named;
    throw UsageError("{} {}: expected NAME=PATH, where the name has no slash", option, word);
  }
  std::filesystem::path path = word;
  std::filesystem::path last = std::filesystem::absolute(path).lexically_normal();
  if (last.filename().empty()) last = last.parent_path();
  const std::string name = last.extension() == ".npy" ? last.stem().string() : last.filename().string();
  return {.name = name.empty() ? "model" : name, .path = std::move(path)};
}

std::vector<serve::NamedPath> parse_all(const std::vector<std::string>& words, const char* option) {
  std::vector<serve::NamedPath> all;
  for (const std::string& word : words) {
    serve::NamedPath named = parse_named(word, option);
    const auto has_name = [&](const serve::NamedPath& other) { return other.name == named.name; };
    if (std::ranges::any_of(all, has_name)) {
      throw UsageError("{} {}: there is another one of the name '{}'; say {} NAME=PATH", option, word, named.name,
                       option);
    }
    all.push_back(std::move(named));
  }
  return all;
}

void serve_models(ServeArguments& arguments) {
  set_log_format(arguments.log_format);
  serve::ServeOptions& options = arguments.options;
  options.models = parse_all(arguments.models, "--model");
  options.open.indexes = parse_all(arguments.indexes, "--index");
  options.open.batches = {.max_tokens = arguments.max_batch_tokens,
                          .max_wait = std::chrono::milliseconds(arguments.max_wait_ms)};
  options.http.port = static_cast<std::uint16_t>(arguments.port);
  options.http.max_body_bytes = static_cast<std::size_t>(arguments.payload_limit);
  options.http.answer_limit = std::chrono::milliseconds(std::llround(1000 * arguments.timeout_s));
  options.service.limits = {.max_client_batch_size = static_cast<std::size_t>(arguments.max_client_batch_size),
                            .truncates = !arguments.refuses_long_texts};
  options.service.max_concurrent_requests = static_cast<std::size_t>(arguments.max_concurrent_requests);
  options.service.max_batch_tokens = static_cast<std::size_t>(arguments.max_batch_tokens);
  options.service.version = ALBERT_VERSION;
  if (!arguments.api_key_file.empty()) options.service.keys = serve::ApiKeys::read(arguments.api_key_file);
  options.on_listening = [](const std::string& url) {
    fmt::print("{}\n", url);
    std::fflush(stdout);
  };
  if (const int code = serve::serve(std::move(options)); code != 0) throw Exit{code};
}

void add_limits(Command& command, ServeArguments& arguments) {
  command.add_option("--max-batch-tokens", arguments.max_batch_tokens, "Compute at most this many tokens at a time")
      .positive()
      .show_default();
  command
      .add_option("--max-wait-ms", arguments.max_wait_ms,
                  "Milliseconds that a batch which is not full waits for more requests")
      .within(0, 10'000)
      .show_default();
  command
      .add_option("--max-concurrent-requests", arguments.max_concurrent_requests,
                  "Requests that are answered at the same time; others are refused at once (429)")
      .positive()
      .show_default();
  command.add_option("--max-client-batch-size", arguments.max_client_batch_size, "Inputs of a request at most (413)")
      .positive()
      .show_default();
  command.add_option("--payload-limit", arguments.payload_limit, "Bytes of a request at most (413)")
      .within(1, 1e9)
      .show_default();
  command.add_option("--timeout", arguments.timeout_s, "Seconds that a request may take (503)")
      .within(0.001, 86'400)
      .show_default();
  command.add_flag(
      "--no-auto-truncate", arguments.refuses_long_texts,
      "Refuse texts that are longer than the model reads (413) unless the request says \"truncate\": true");
}

}  // namespace

void add_serve_command(Command& program) {
  auto arguments = std::make_shared<ServeArguments>();
  Command command = program.add_subcommand("serve", "Answer requests over HTTP: all that models can be asked, in JSON");
  command.example("albert serve --model sst2 --port 8080");
  let_waiting_threads_sleep(command);
  command
      .add_option("--model", arguments->models,
                  "Folder of a model, or of its run, and the name by which requests know it [the folder's]; give the "
                  "option several times for several models")
      .one_at_a_time()
      .type_name("[NAME=]PATH")
      .required();
  command
      .add_option("--index", arguments->indexes,
                  "The .npy file that `albert embed` wrote by one of the models, for /search")
      .one_at_a_time()
      .type_name("[NAME=]PATH");
  command.add_option("--host", arguments->options.http.host, "Address to listen on; 0.0.0.0: all of them")
      .show_default();
  command.add_option("--port", arguments->port, "Port to listen on; 0: any that is free")
      .within(0, 65'535)
      .show_default();
  add_limits(command, *arguments);
  command
      .add_option("--api-key-file", arguments->api_key_file,
                  "File with a key a line: a request needs one, as Authorization: Bearer KEY")
      .existing_file();
  command.add_option("--cors-origin", arguments->options.service.cors_origin,
                     "Origin of web pages that may ask, as https://example.org; *: of all");
  add_choice(command, "--log-format", arguments->log_format, {{"text", LogFormat::kText}, {"json", LogFormat::kJson}},
             "Lines of the log: for people, or a JSON object each; albert -v serve logs every request");
  add_prediction_options(command, arguments->options.open.compute);
  command.callback([arguments] { serve_models(*arguments); });
}

}  // namespace albert::cli
