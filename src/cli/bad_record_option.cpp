#include "cli/bad_record_option.h"

#include "base/counted.h"
#include "base/log.h"
#include "cli/choice_option.h"

namespace albert::cli {

using inference::BadRecord;

void add_bad_record_option(Command command, std::optional<BadRecord>& on_bad_record, const std::string& empty,
                           const std::string& otherwise) {
  add_choice<BadRecord>(
      command, "--on-bad-record",
      {{"skip", BadRecord::kSkip}, {"empty", BadRecord::kEmpty}, {"stop", BadRecord::kStop}},
      [&on_bad_record](BadRecord given) { on_bad_record = given; },
      fmt::format("What is done with a record that cannot be read. empty: keep its place, with {}. skip: leave it out. "
                  "stop: end the command after the records before it. The log names each [{}]",
                  empty, otherwise));
}

void warn_of_bad_records(const inference::StreamReport& report, BadRecord on_bad_record, const std::string& noun,
                         const std::string& plural) {
  if (report.num_bad == 0) return;
  log_warning(
      "{} of {} could not be read{}", report.num_bad, counted(report.num_bad + report.num_records, noun, plural),
      on_bad_record == BadRecord::kSkip ? ": every later one has moved up" : ", and the result of each is empty");
}

}  // namespace albert::cli
