#include "train/journal.h"

#include <algorithm>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "base/counted.h"
#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "base/shown.h"

namespace albert::train {

namespace {

constexpr double kFading = 0.95;  // the line shows about the last twenty steps

/// What every record begins with.
constexpr std::string_view kBegin = "{\"step\":";

/// Whether a last line without an end is what a kill left of a record, or the NUL bytes that a power cut did.
bool is_torn(std::string_view line) {
  const bool is_beginning = line.starts_with(kBegin) || kBegin.starts_with(line);
  return (is_beginning && line.find('}') == std::string_view::npos) ||
         line.find_first_not_of('\0') == std::string_view::npos;
}

/// Throws nlohmann::json::exception for a line that is no record.
std::int64_t step_of(std::string_view line) {
  return json_value<std::int64_t>(json_member(read_json(line), "step"), "step");
}

/// The lines of a log up to a step. A torn last line is left out.
/// Throws DataError naming the line for anything else that is no record: it is not the run's, and would be lost.
std::string records_until(std::int64_t step, std::string_view content, const std::filesystem::path& path) {
  std::string kept;
  for (std::int64_t number = 1; !content.empty(); ++number) {
    const std::string_view line = content.substr(0, content.find('\n'));
    const bool is_last = line.size() == content.size();
    if (is_last && is_torn(line)) break;
    try {
      if (step_of(line) <= step) kept.append(line).append("\n");
    } catch (const nlohmann::json::exception& error) {
      throw DataError(
          "{}:{}: expected a record of the run (a JSON object with its step), found {}: {}; put the file right, or "
          "move it away: the run then begins a new one",
          path.string(), number, in_quotes(line), json_problem_without_place(error));
    }
    content.remove_prefix(is_last ? line.size() : line.size() + 1);
  }
  return kept;
}

/// The records of a log up to a step; none where there is no log.
/// Throws IoError for a link; as records_until().
std::string read_records(const std::filesystem::path& path, std::int64_t step) {
  if (fs::is_symlink(path)) {
    throw IoError("cannot write {}: expected a file of the run, found a link; move it away", path.string());
  }
  return fs::exists(path) ? records_until(step, read_file(path), path) : std::string();
}

/// Removes the lines of later steps; returns the path for the constructor's use.
std::filesystem::path cut_back(const std::filesystem::path& path, std::int64_t step) {
  const std::string kept = read_records(path, step);
  if (fs::exists(path) && read_file(path) != kept) write_file_atomically(path, kept);
  return path;
}

bool is_share(std::string_view name) {
  return name.ends_with("accuracy");
}

/// \param decay what remains of the earlier steps
void add_step(checkpoint::StepSums& sums, const StepReport& report, double decay) {
  sums.sums.resize(report.sums.size());
  for (std::size_t i = 0; i < sums.sums.size(); ++i) sums.sums[i] = decay * sums.sums[i] + report.sums[i];
  sums.num_tokens = decay * sums.num_tokens + static_cast<double>(report.num_tokens);
  sums.seconds = decay * sums.seconds + report.seconds;
  sums.waited_s = decay * sums.waited_s + report.waited_s;
  sums.exchanged_s = decay * sums.exchanged_s + report.exchanged_s;
  sums.tokens_at_most = decay * sums.tokens_at_most + report.tokens_at_most;
}

/// The share of the time that was spent in waiting for other ranks; nothing for one process, and where only the GPU waits.
std::optional<double> exchanged_share(const checkpoint::StepSums& sums) {
  return sums.exchanged_s > 0 ? std::optional(sums.exchanged_s / sums.seconds) : std::nullopt;
}

/// By how much the rank with most tokens had more than the mean; nothing for one process.
std::optional<double> imbalance(const checkpoint::StepSums& sums) {
  return sums.tokens_at_most > 0 ? std::optional(sums.tokens_at_most / sums.num_tokens - 1) : std::nullopt;
}

}  // namespace

MetricsLog::MetricsLog(const std::filesystem::path& path, std::int64_t step)
    : file_(cut_back(path, step), FileWriter::Mode::kAppend) {}

void MetricsLog::write(std::int64_t step, const metrics::Figures& figures) {
  nlohmann::ordered_json record;
  record["step"] = step;
  for (const auto& [name, value] : figures) record[name] = value;
  file_.write(dump_json(record) + "\n");
  file_.flush();
}

std::string format_figures(const metrics::Figures& figures) {
  std::string text;
  for (const auto& [name, value] : figures) {
    if (!text.empty()) text += ", ";
    text += is_share(name) ? fmt::format("{} {:.1f}%", name, 100 * value) : fmt::format("{} {:.4f}", name, value);
  }
  return text;
}

Journal::Journal(const RunFolder& folder, const Objective& objective, const checkpoint::TrainState& state,
                 const Course& course)
    : objective_(objective),
      first_step_(state.step),
      recorded_step_(state.step - (state.evaluation_due ? 1 : 0)),
      course_(course),
      folder_(folder),
      progress_("training", static_cast<std::uint64_t>(
                                std::max<std::int64_t>(course.length().count - course.place(first_step_), 0))),
      since_record_(state.unrecorded) {
  read_records(folder_.metrics(), recorded_step_);  // to refuse before the first update what the log cannot go on from
  if (!state.evaluation_due) return;
  last_.epoch = state.evaluation_due->epoch;
  last_.learning_rate = state.evaluation_due->learning_rate;
  last_.gradient_norm = state.evaluation_due->gradient_norm;
}

void Journal::open_log() {
  if (!log_) log_.emplace(folder_.metrics(), recorded_step_);
}

void Journal::add(std::int64_t step, const StepReport& report) {
  open_log();
  last_ = report;
  add_step(since_record_, report, 1);
  add_step(recent_, report, kFading);
  progress_.update(static_cast<std::uint64_t>(course_.place(step) - course_.place(first_step_)), line(step));
}

void Journal::write(std::int64_t step, const std::optional<Evaluation>& evaluation) {
  metrics::Figures figures = record(step);
  open_log();
  if (!tensorboard_) tensorboard_.emplace(folder_.tensorboard(), recorded_step_ + 1);
  tensorboard_->write(step, "train", figures);
  if (evaluation) {
    tensorboard_->write(step, "held_out", evaluation->figures);
    for (const auto& [name, value] : evaluation->figures) figures.emplace_back("held_out_" + name, value);
  }
  log_->write(step, figures);
  since_record_ = {};
}

metrics::Figures Journal::record(std::int64_t step) const {
  metrics::Figures figures{{"epoch", last_.epoch}};
  for (const auto& figure : objective_.figures(since_record_.sums)) figures.push_back(figure);
  figures.emplace_back("learning_rate", last_.learning_rate);
  figures.emplace_back("gradient_norm", last_.gradient_norm);
  for (const auto& figure : objective_.shape_of_update(step - 1)) figures.push_back(figure);
  figures.emplace_back("tokens_per_second", since_record_.num_tokens / since_record_.seconds);
  figures.emplace_back("data_wait_fraction", since_record_.waited_s / since_record_.seconds);
  if (const auto share = exchanged_share(since_record_)) figures.emplace_back("rank_wait_fraction", *share);
  if (const auto excess = imbalance(since_record_)) figures.emplace_back("rank_imbalance", *excess);
  return figures;
}

std::string Journal::line(std::int64_t step) const {
  const optim::RunLength& length = course_.length();
  const std::string place = length.is_time() ? fmt::format("step {}, {} of {}", step, length.mark(course_.place(step)),
                                                           length.stretch(length.count))
                                             : fmt::format("step {}/{}", step, length.count);
  std::string line = fmt::format("{}, {}, {:.0f} tokens/s", place, format_figures(objective_.figures(recent_.sums)),
                                 recent_.num_tokens / recent_.seconds);
  if (const auto share = exchanged_share(recent_)) line += fmt::format(", {} waiting for ranks", percent(*share));
  if (const auto excess = imbalance(recent_)) line += fmt::format(", imbalance {}", percent(*excess));
  return line;
}

}  // namespace albert::train
