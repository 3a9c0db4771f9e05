#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace albert::serve {

/// The members of a request, or of an object in it. It knows which of them were asked for, so that none of ours is
/// passed over in silence. What clients of Hugging Face send under `parameters` counts as members, too: one that is in
/// both places with two values is 422. Every function throws RequestError.
class Body {
 public:
  /// \param members outlives the object
  /// \param place for messages: "inputs"; empty: the whole body
  explicit Body(const nlohmann::json& members, std::string_view place = {});

  /// A member that must be there.
  const nlohmann::json& need(std::string_view name) const;
  // Optional members; null is none.
  bool flag(std::string_view name, bool otherwise) const;
  std::int64_t whole_number(std::string_view name, std::int64_t low, std::int64_t high, std::int64_t otherwise) const;
  std::string optional_text(std::string_view name) const;
  /// Whether a member is there, by its JSON pointer. This does not count as asking for the member: for refuse_unread()
  /// it stays one that nobody asked for.
  bool has(const char* pointer) const;

  /// 422 for a member that nobody asked for: under `parameters` for any, beside it if another route or another name
  /// was meant. Any other one is left alone there, as Text Embeddings Inference does: clients of others send what they
  /// have.
  void refuse_unread() const;

 private:
  const nlohmann::json* find(std::string_view name) const;
  std::string place_of(std::string_view name) const;
  void refuse_unread(const nlohmann::json& members, bool only_ours, std::string_view place) const;

  const nlohmann::json& members_;
  const nlohmann::json* parameters_ = nullptr;
  std::string place_;
  mutable std::set<std::string, std::less<>> read_;
};

}  // namespace albert::serve
