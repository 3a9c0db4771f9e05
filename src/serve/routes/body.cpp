#include "serve/routes/body.h"

#include <vector>

#include <nlohmann/json.hpp>

#include "base/json.h"
#include "base/shown.h"
#include "config/fields.h"
#include "serve/info.h"
#include "serve/request_error.h"
#include "tasks/common/json_object.h"

namespace albert::serve {

using nlohmann::json;

namespace {

constexpr std::string_view kParameters = "parameters";

/// The members that the description of the server has for any route.
const std::set<std::string, std::less<>>& described_members() {
  static const auto kMembers = [] {
    std::set<std::string, std::less<>> members;
    const json description = read_json(openapi_json());
    for (const json& methods : description.at("paths")) {
      for (const json& route : methods) {
        if (!route.contains("requestBody")) continue;
        const json& schema = route.at("/requestBody/content/application~1json/schema/properties"_json_pointer);
        for (const auto& [name, member] : schema.items()) members.insert(name);
      }
    }
    return members;
  }();
  return kMembers;
}

/// Null is none.
const json* member_of(const json& members, std::string_view name) {
  const auto found = members.find(name);
  return found == members.end() || found->is_null() ? nullptr : &*found;
}

}  // namespace

Body::Body(const json& members, std::string_view place) : members_(members), place_(place) {
  if (!members.is_object()) {
    throw invalid("expected a JSON object as {}, found {}", place_.empty() ? "the body" : place_, members.type_name());
  }
  const json* found = member_of(members, kParameters);
  if (!found) return;
  if (!found->is_object()) throw invalid("{}: expected an object, found {}", place_of(kParameters), short_json(*found));
  parameters_ = found;
}

std::string Body::place_of(std::string_view name) const {
  return place_.empty() ? std::string(name) : fmt::format("{}.{}", place_, name);
}

const json* Body::find(std::string_view name) const {
  read_.emplace(name);
  const json* member = member_of(members_, name);
  const json* parameter = parameters_ ? member_of(*parameters_, name) : nullptr;
  if (!member || !parameter) return member ? member : parameter;
  if (*member == *parameter) return member;
  throw invalid("{}: it is {}, but {} under '{}'; leave one of them out", place_of(name), short_json(*member),
                short_json(*parameter), kParameters);
}

const json& Body::need(std::string_view name) const {
  if (const json* found = find(name)) return *found;
  throw invalid("{} has no member '{}'", place_.empty() ? "the body" : place_, name);
}

bool Body::flag(std::string_view name, bool otherwise) const {
  const json* found = find(name);
  if (!found) return otherwise;
  if (found->is_boolean()) return found->get<bool>();
  throw invalid("{}: expected true or false, found {}", place_of(name), short_json(*found));
}

std::int64_t Body::whole_number(std::string_view name, std::int64_t low, std::int64_t high,
                                std::int64_t otherwise) const {
  const json* found = find(name);
  if (!found) return otherwise;
  const auto value = tasks::whole_json_number(*found);
  if (value && *value >= low && *value <= high) return *value;
  throw invalid("{}: expected a whole number from {} to {}, found {}", place_of(name), low, high, short_json(*found));
}

std::string Body::optional_text(std::string_view name) const {
  const json* found = find(name);
  if (!found) return {};
  if (found->is_string()) return found->get<std::string>();
  throw invalid("{}: expected a text, found {}", place_of(name), short_json(*found));
}

bool Body::has(const char* pointer) const {
  return members_.contains(json::json_pointer(pointer));
}

void Body::refuse_unread() const {
  refuse_unread(members_, /*only_ours=*/true, place_);
  if (parameters_) refuse_unread(*parameters_, /*only_ours=*/false, place_of(kParameters));
}

void Body::refuse_unread(const json& members, bool only_ours, std::string_view place) const {
  constexpr std::size_t kLongestName = 64;
  const std::vector<std::string> known(read_.begin(), read_.end());
  for (const auto& [name, value] : members.items()) {
    if (value.is_null() || read_.contains(name) || &value == parameters_) continue;
    const std::string near = name.size() > kLongestName ? "" : config::nearest(name, known);
    if (only_ours && near.empty() && !described_members().contains(name)) continue;
    const std::string shown = shortened(name);
    throw invalid("{}: it has no effect here{}", place.empty() ? shown : fmt::format("{}.{}", place, shown),
                  near.empty() ? fmt::format("; members with an effect are {}", listed(known))
                               : fmt::format("; is it '{}'?", near));
  }
}

}  // namespace albert::serve
