// The manifest of a corpus, and of a part of one. Nearly every change breaks the checksum, so half of the inputs get a new one.

#include "corpus/store/manifest.h"

#include <string>

#include <nlohmann/json.hpp>

#include "base/json.h"
#include "corpus/parts/part_manifest.h"
#include "corpus/store/checked_json.h"
#include "fuzz.h"
#include "input_file.h"

namespace albert::fuzz {

namespace {

std::string sealed(std::string_view text) {
  try {
    const nlohmann::ordered_json object = read_ordered_json(text);
    return object.is_object() ? corpus::to_checked_text(object) : std::string(text);
  } catch (const nlohmann::json::exception&) {
    return std::string(text);
  }
}

}  // namespace

void read(std::string_view input) {
  static InputFile part("part/part.json");
  const std::size_t way = take_choice(input, 4);
  const std::string text = way < 2 ? std::string(input) : sealed(input);
  if (way % 2 == 0) {
    const corpus::Manifest manifest = corpus::parse_manifest(text, "manifest.json");
    require(corpus::parse_manifest(corpus::to_json(manifest), "manifest.json") == manifest);
    return;
  }
  part.write(text);
  corpus::read_part_manifest(part.path().parent_path(), corpus::PartKind::kCorpus);
}

}  // namespace albert::fuzz
