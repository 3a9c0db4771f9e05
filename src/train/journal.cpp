#include "train/journal.h"

#include <string_view>

#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/json.h"
#include "base/log.h"

namespace albert::train {

namespace {

constexpr double kFading = 0.95;  // the line shows about the last twenty steps

bool belongs(std::string_view line, std::int64_t step) {
  const auto record = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
  return record.is_object() && record.contains("step") && record["step"].is_number_integer() &&
         record["step"].get<std::int64_t>() <= step;
}

/// Removes the lines of later steps; returns the path for the constructor's use.
std::filesystem::path cut_back(const std::filesystem::path& path, std::int64_t step) {
  if (fs::is_symlink(path)) {
    throw IoError("cannot write {}: expected a file of the run, found a link; move it away", path.string());
  }
  if (!fs::exists(path)) return path;
  const std::string content = read_file(path);
  std::string kept;
  for (std::size_t begin = 0; begin < content.size();) {
    const std::size_t end = content.find('\n', begin);
    if (end == std::string::npos) break;  // a line without its end is torn
    const std::string_view line(content.data() + begin, end - begin);
    if (belongs(line, step)) kept.append(line).append("\n");
    begin = end + 1;
  }
  if (kept.size() != content.size()) write_file_atomically(path, kept);
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
                 std::int64_t num_steps)
    : objective_(objective),
      first_step_(state.step),
      recorded_step_(state.step - (state.evaluation_due ? 1 : 0)),
      num_steps_(num_steps),
      folder_(folder),
      progress_("training", static_cast<std::uint64_t>(num_steps > first_step_ ? num_steps - first_step_ : 0)),
      since_record_(state.unrecorded) {
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
  progress_.update(static_cast<std::uint64_t>(step - first_step_), line(step));
}

void Journal::write(std::int64_t step, const std::optional<Evaluation>& evaluation) {
  metrics::Figures figures = record();
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

metrics::Figures Journal::record() const {
  metrics::Figures figures{{"epoch", last_.epoch}};
  for (const auto& figure : objective_.figures(since_record_.sums)) figures.push_back(figure);
  figures.emplace_back("learning_rate", last_.learning_rate);
  figures.emplace_back("gradient_norm", last_.gradient_norm);
  figures.emplace_back("tokens_per_second", since_record_.num_tokens / since_record_.seconds);
  figures.emplace_back("data_wait_fraction", since_record_.waited_s / since_record_.seconds);
  return figures;
}

std::string Journal::line(std::int64_t step) const {
  return fmt::format("step {}/{}, {}, {:.0f} tokens/s", step, num_steps_,
                     format_figures(objective_.figures(recent_.sums)), recent_.num_tokens / recent_.seconds);
}

}  // namespace albert::train
