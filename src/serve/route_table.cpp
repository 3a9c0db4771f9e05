#include "serve/route_table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/shown.h"

namespace albert::serve {

namespace {

constexpr std::string_view kModels = "/models/";

const auto kRoutes = std::to_array<std::pair<std::string_view, Route>>({
    {"/", {.method = "GET", .is_open = true}},
    {"/", {.method = "POST", .plan = plan_by_model}},
    {"/answer", {.method = "POST", .plan = plan_answers}},
    {"/choose", {.method = "POST", .plan = plan_choices}},
    {"/decode", {.method = "POST", .plan = plan_decode}},
    {"/embed", {.method = "POST", .plan = plan_embed}},
    {"/embed_all", {.method = "POST", .plan = plan_embed_all}},
    {"/embed_sparse", {.method = "POST", .plan = plan_embed_sparse}},
    {"/fill-mask", {.method = "POST", .plan = plan_fill_mask}},
    {"/health", {.method = "GET", .is_open = true}},
    {"/info", {.method = "GET"}},
    {"/metrics", {.method = "GET", .is_open = true}},
    {"/openapi.json", {.method = "GET", .is_open = true}},
    {"/ping", {.method = "GET", .is_open = true}},
    {"/predict", {.method = "POST", .plan = plan_predict}},
    {"/relation", {.method = "POST", .plan = plan_relations}},
    {"/rerank", {.method = "POST", .plan = plan_rerank}},
    {"/search", {.method = "POST", .plan = plan_search}},
    {"/similarity", {.method = "POST", .plan = plan_similarity}},
    {"/tags", {.method = "POST", .plan = plan_tags}},
    {"/tokenize", {.method = "POST", .plan = plan_tokenize}},
    {"/v1/embeddings", {.method = "POST", .plan = plan_openai_embeddings}},
    {"/v1/models", {.method = "GET"}},
});

/// Text without %XX; what is no such thing stays.
std::string decode_percent(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const bool is_code = text[i] == '%' && i + 2 < text.size() &&
                         std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16).ptr == text.data() + i + 3;
    out += is_code ? static_cast<char>(byte) : text[i];
    if (is_code) i += 2;
  }
  return out;
}

/// Divides a path into the name of a model, if it has one, and the route behind it.
FoundRoute split_path(std::string_view path) {
  FoundRoute found{.route = {}, .path = std::string(path), .model_name = {}};
  if (!path.starts_with(kModels)) return found;
  const std::string_view rest = path.substr(kModels.size());
  const std::size_t end = std::min(rest.find('/'), rest.size());
  if (end == 0) return found;
  found.model_name = decode_percent(rest.substr(0, end));
  found.path = end == rest.size() ? "/" : rest.substr(end);
  return found;
}

bool leads_to(const FoundRoute& split, std::string_view path, const Route& route) {
  return path == split.path && (split.model_name.empty() || route.plan);
}

}  // namespace

bool is_of_openai(std::string_view path) {
  return split_path(path).path.starts_with("/v1/");
}

std::string allowed_methods(std::string_view path) {
  const FoundRoute split = split_path(path);
  std::string methods;
  for (const auto& [known, route] : kRoutes) {
    if (leads_to(split, known, route)) methods += (methods.empty() ? "" : ", ") + std::string(route.method);
  }
  return methods;
}

FoundRoute find_route(std::string_view method, std::string_view path) {
  FoundRoute found = split_path(path);
  for (const auto& [known, route] : kRoutes) {
    if (!leads_to(found, known, route) || route.method != method) continue;
    found.route = route;
    return found;
  }
  if (!allowed_methods(path).empty()) {
    throw RequestError(405, ErrorType::kNotFound, "{} does not take {}", shortened(path), shortened(method));
  }
  throw RequestError(404, ErrorType::kNotFound, "there is no {}; /openapi.json lists what there is", shortened(path));
}

}  // namespace albert::serve
