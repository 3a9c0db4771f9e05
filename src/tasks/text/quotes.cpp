#include "tasks/text/quotes.h"

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "tasks/common/table.h"

namespace albert::tasks {

namespace {

bool has_quoted_texts(const TextRecord& record) {
  return stands_in_quotes(record.first) && (!record.second || stands_in_quotes(*record.second));
}

bool must_be_quoted(const std::vector<std::string>& fields, const TextRecord& record) {
  const std::size_t num_texts = record.second ? 2 : 1;
  return has_doubled_quotes(fields) || std::ranges::any_of(record.labels, stands_in_quotes) ||
         (fields.size() > num_texts && std::ranges::all_of(fields, stands_in_quotes));
}

std::string advice_on_quotes(const std::string& settings) {
  return advice(settings, "; set {}format: tsv_quoted to read what is in them, or tsv to keep them");
}

[[noreturn]] void refuse_quotes(const Place& place, const std::string& settings) {
  throw DataError("{}: fields stand in quotes, which are characters of such a table{}", place.to_string(),
                  advice_on_quotes(settings));
}

}  // namespace

void QuoteCheck::add(const std::vector<std::string>& fields, const TextRecord& record) {
  if (must_be_quoted(fields, record)) refuse_quotes(record.place, settings_);
  if (num_texts_ == 0) first_ = record.place;
  ++num_texts_;
  num_quoted_ += has_quoted_texts(record) ? 1 : 0;
}

void QuoteCheck::end_file() const {
  if (!are_all()) return;
  if (are_many()) refuse_quotes(first_, settings_);
  warn();
}

void QuoteCheck::add_to_stream(const std::vector<std::string>& fields, const TextRecord& record) {
  add(fields, record);
  if (num_texts_ == kMany && are_all()) warn();
}

void QuoteCheck::end_stream() const {
  if (are_all() && !are_many()) warn();
}

void QuoteCheck::warn() const {
  log_warning("{}: all of the {} texts{} stand in quotes, which are read as a part of them{}", printable(first_.file),
              num_texts_, are_many() ? " so far" : "", advice_on_quotes(settings_));
}

}  // namespace albert::tasks
