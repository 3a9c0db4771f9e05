#include "interop/torch_export_metadata.h"

#include <algorithm>
#include <string>
#include <vector>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"

namespace albert::interop {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kStrided = 7;

Json as_int(std::int64_t value) {
  return {{"as_int", value}};
}

/// An extent that is chosen: its symbol, and how long it is in the sample.
struct Symbol {
  const char* dim;
  const char* name;
  std::int64_t sample;
};

constexpr Symbol kSymbols[] = {{"batch_size", "s0", 2}, {"sequence_length", "s1", 7}, {"num_choices", "s2", 3}};

const Symbol& symbol_of(const std::string& dim) {
  const auto* const found = std::ranges::find(kSymbols, dim, &Symbol::dim);
  if (found == std::end(kSymbols)) throw InternalError("no symbol for the extent {}", dim);
  return *found;
}

/// As SymPy's srepr writes it.
Json symbolic(const std::string& expression, std::int64_t sample) {
  return {{"as_expr", {{"expr_str", expression}, {"hint", as_int(sample)}}}};
}

std::string expression_of(const Symbol& symbol) {
  return fmt::format("Symbol('{}', positive=True, integer=True)", symbol.name);
}

/// How many elements of a tensor in rows lie between two neighbours along an axis: the product of the extents behind
/// it.
Json stride(const Shape& shape, std::size_t axis) {
  std::int64_t factor = 1, sample = 1;
  std::vector<std::string> factors;
  for (std::size_t i = axis + 1; i < shape.size(); ++i) {
    if (shape[i].is_fixed()) {
      factor *= shape[i].size;
    } else if (shape[i].kind == Dim::Kind::kChosen) {
      const Symbol& symbol = symbol_of(shape[i].name);
      factors.push_back(expression_of(symbol));
      sample *= symbol.sample;
    }
  }
  if (factors.empty()) return as_int(factor);
  if (factor != 1) factors.insert(factors.begin(), fmt::format("Integer({})", factor));
  return symbolic(factors.size() == 1 ? factors.front() : fmt::format("Mul({})", fmt::join(factors, ", ")),
                  factor * sample);
}

}  // namespace

int torch_scalar_type(ElementType type) {
  switch (type) {
    case ElementType::kInt64:
      return 5;
    case ElementType::kBool:
      return 12;
    case ElementType::kFloat:
    case ElementType::kCompute:
      break;
  }
  return 7;
}

Json torch_extent(const Dim& dim) {
  switch (dim.kind) {
    case Dim::Kind::kFixed:
      return as_int(dim.size);
    case Dim::Kind::kChosen: {
      const Symbol& symbol = symbol_of(dim.name);
      return symbolic(expression_of(symbol), symbol.sample);
    }
    case Dim::Kind::kProduct: {
      const Symbol &a = symbol_of(dim.of.at(0)), &b = symbol_of(dim.of.at(1));
      return symbolic(fmt::format("Mul({}, {})", expression_of(a), expression_of(b)), a.sample * b.sample);
    }
    case Dim::Kind::kAtMost:
      break;
  }
  const Symbol& symbol = symbol_of(dim.of.at(0));
  return symbolic(fmt::format("Min(Integer({}), {})", dim.size, expression_of(symbol)),
                  std::min(dim.size, symbol.sample));
}

std::int64_t sample_extent(const Dim& dim) {
  return dim.is_fixed() ? dim.size : symbol_of(dim.name).sample;
}

Json torch_metadata(ElementType type, const Shape& shape) {
  Json sizes = Json::array(), strides = Json::array();
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    sizes.push_back(torch_extent(shape[axis]));
    strides.push_back(stride(shape, axis));
  }
  return {{"dtype", torch_scalar_type(type)},
          {"sizes", std::move(sizes)},
          {"requires_grad", false},
          {"device", {{"type", "cpu"}, {"index", nullptr}}},
          {"strides", std::move(strides)},
          {"storage_offset", as_int(0)},
          {"layout", kStrided}};
}

Json torch_range_constraints(std::span<const Value> inputs, std::int64_t max_length) {
  Json ranges = Json::object();
  for (const Symbol& symbol : kSymbols) {
    const auto has = [&](const Value& input) {
      return std::ranges::any_of(input.shape, [&](const Dim& dim) { return dim.name == symbol.dim; });
    };
    if (!std::ranges::any_of(inputs, has)) continue;
    Json range = {{"min_val", 1}, {"max_val", nullptr}};
    if (std::string_view(symbol.dim) == "sequence_length") range["max_val"] = max_length;
    ranges[symbol.name] = std::move(range);
  }
  return ranges;
}

}  // namespace albert::interop
