#include "train/run_summary.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <functional>
#include <ranges>
#include <utility>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include "base/disk_usage.h"
#include "base/error.h"
#include "base/file.h"
#include "base/folder_lock.h"
#include "base/json.h"
#include "checkpoint/manifest.h"
#include "checkpoint/step_folders.h"
#include "config/node.h"
#include "train/course.h"
#include "train/run.h"
#include "train/settled.h"

namespace albert::train {

namespace {

constexpr std::size_t kTailBytes = std::size_t{1} << 16;

bool is_file(const fs::path& path) {
  return fs::is_regular_file(fs::symlink_status(path));
}

/// The end of a file, or all of it.
/// Throws IoError.
std::string read_tail(const fs::path& path) {
  const Descriptor file = open_to_read(path);
  const auto size = static_cast<std::size_t>(::lseek(file.value(), 0, SEEK_END));
  std::string tail(std::min(size, kTailBytes), '\0');
  const ssize_t read = ::pread(file.value(), tail.data(), tail.size(), static_cast<off_t>(size - tail.size()));
  if (read < 0) throw IoError::from_errno(fmt::format("cannot read {}", path.string()));
  tail.resize(static_cast<std::size_t>(read));
  return tail;
}

/// The last line that has an end; empty if there is none.
std::string_view last_line(std::string_view text) {
  const std::size_t end = text.rfind('\n');
  if (end == std::string_view::npos) return {};
  text = text.substr(0, end);
  return text.substr(text.rfind('\n') + 1);  // npos + 1 is 0
}

/// The value of a whole configuration, by its full key; nothing if it is not there or no text.
std::optional<std::string> find_setting(const config::Node& root, std::string_view key) {
  const config::Node* node = &root;
  for (const auto part : key | std::views::split('.')) {
    node = node->find(std::string_view(part.begin(), part.end()));
    if (node == nullptr) return std::nullopt;
  }
  return node->kind == config::Node::Kind::kScalar ? std::optional(node->scalar) : std::nullopt;
}

std::optional<std::int64_t> find_number(const config::Node& root, std::string_view key) {
  const auto text = find_setting(root, key);
  std::int64_t number = 0;
  if (!text) return std::nullopt;
  const char* const end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, number);
  return error == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

/// Fills a summary, one file after another.
class Reader {
 public:
  explicit Reader(const fs::path& folder) { summary_.path = folder; }

  RunSummary read() {
    const DiskUsage usage = disk_usage(summary_.path);
    summary_.size_bytes = usage.size_bytes;
    summary_.changed = usage.changed;
    bool is_training = false;
    attempt([&] { is_training = is_locked(summary_.path); });
    summary_.is_of_series = is_file(fs::absolute(summary_.path).parent_path() / kSeriesConfigFile);
    attempt([&] { read_configuration(); });
    attempt([&] { read_checkpoints(); });
    attempt([&] { read_final_figures(); });
    std::optional<std::int64_t> recorded;
    attempt([&] { recorded = last_recorded_step(); });
    attempt([&] { read_failure(); });
    if (recorded && summary_.failure.empty()) take_records(*recorded);
    summary_.state = is_training                 ? RunState::kTraining
                     : is_complete_              ? RunState::kComplete
                     : !summary_.failure.empty() ? RunState::kFailed
                     : is_begun_ || recorded     ? RunState::kStopped
                                                 : RunState::kNotBegun;
    if (is_training && recorded) summary_.step = std::max(summary_.step, *recorded);
    if (summary_.state != RunState::kFailed) summary_.failure.clear();
    return std::move(summary_);
  }

 private:
  /// Reads one thing; what is wrong with it is noted, and the next one read.
  void attempt(const std::function<void()>& action) {
    try {
      action();
    } catch (const Error& error) {
      summary_.problems.emplace_back(error.what());
    } catch (const fs::filesystem_error& error) {
      summary_.problems.push_back(fmt::format("{}: {}", error.path1().string(), error.code().message()));
    }
  }

  void read_configuration() {
    const fs::path file = summary_.path / kRunConfigFile;
    if (!fs::exists(file)) return;
    const config::Node root = config::parse_file(file);
    is_begun_ = true;
    summary_.command = root.find("task") == nullptr ? "pretrain" : "finetune";
    summary_.task = find_setting(root, "task.name").value_or("");
    summary_.kind = find_setting(root, "task.kind").value_or("");
    summary_.num_steps = find_number(root, "train.steps");
    if (summary_.num_steps == 0) summary_.num_steps.reset();
    if (const auto minutes = find_setting(root, "train.minutes"))
      read_clock_file(std::strtod(minutes->c_str(), nullptr));
    evaluate_every_ = find_number(root, "evaluate.every").value_or(0);
    patience_ = find_number(root, "evaluate.patience").value_or(0);
  }

  /// How many steps a run of so many minutes has is known when they are over.
  void read_clock_file(double minutes) {
    const fs::path file = summary_.path / kClockFile;
    if (!(minutes > 0 && minutes <= Course::kMaxMinutes) || !is_file(file)) return;
    const std::vector<std::int64_t> places = read_clock(file);
    const auto over = std::ranges::lower_bound(places, optim::RunLength::of_minutes(minutes).count);
    if (over != places.end()) summary_.num_steps = over - places.begin();
  }

  /// Of the one that a resumed run begins with; damaged ones are passed over, as resuming does.
  void read_checkpoints() {
    const fs::path folder = summary_.path / "checkpoints";
    if (!fs::exists(folder)) return;
    const auto latest = checkpoint::linked_step(folder, checkpoint::kLatestLink);
    const std::vector<std::int64_t> steps = checkpoint::steps_in(folder);
    num_checkpoints_ = steps.size();
    for (const std::int64_t step : steps | std::views::reverse) {
      const fs::path place = folder / checkpoint::name_of_step(step);
      if ((latest && step > *latest) || checkpoint::is_foreign(place)) continue;
      is_begun_ = true;
      const std::size_t num_problems = summary_.problems.size();
      attempt([&] {
        checkpoint::verify_sizes(place);
        take(checkpoint::load_state(place));
      });
      if (summary_.problems.size() == num_problems) return;
      if (!fs::exists(place)) summary_.problems.pop_back();  // a training run has removed it meanwhile
    }
  }

  void take(const checkpoint::TrainState& state) {
    state_ = state;
    summary_.step = state.step;
    summary_.best = state.best;
    is_complete_ = is_at_end(state);
  }

  bool is_at_end(const checkpoint::TrainState& state) const {
    const bool has_all_steps = summary_.num_steps && state.step >= *summary_.num_steps;
    return !state.evaluation_due && (has_all_steps || has_settled(state, evaluate_every_, patience_));
  }

  /// A run that was complete is that still when nothing is left of it but its best checkpoint: its records go further.
  void take_records(std::int64_t recorded) {
    const bool has_best_alone = num_checkpoints_ == 1 && state_.best && state_.best->step == state_.step;
    if (is_complete_ || !has_best_alone || recorded <= state_.step) return;
    state_.step = recorded;
    is_complete_ = is_at_end(state_);
    if (is_complete_) summary_.step = recorded;
  }

  /// Those of the best model of a whole fine-tuning are better known than while it was trained.
  void read_final_figures() {
    const fs::path file = summary_.path / "figures.json";
    if (!is_file(file) || !summary_.best) return;
    try {
      const nlohmann::json figures = read_json(read_file(file, kMaxConfigBytes));
      if (json_value<std::int64_t>(json_member(figures, "step"), "step") != summary_.best->step) return;
      if (const auto* value = find_json_member(figures, summary_.best->metric)) {
        summary_.best->value = json_value<double>(*value, summary_.best->metric);
      }
    } catch (const nlohmann::json::exception& error) {
      throw DataError("{}: {}", file.string(), json_problem(error));
    }
  }

  std::optional<std::int64_t> last_recorded_step() const {
    const fs::path file = summary_.path / kMetricsFile;
    if (!is_file(file)) return std::nullopt;
    const std::string tail = read_tail(file);
    const std::string_view line = last_line(tail);
    if (line.empty()) return std::nullopt;
    try {
      return json_value<std::int64_t>(json_member(read_json(line), "step"), "step");
    } catch (const nlohmann::json::exception& error) {
      throw DataError("{}: the last record: {}", file.string(), json_problem_without_place(error));
    }
  }

  /// The last line of the log, if it tells an error, with the lines that belong to it.
  void read_failure() {
    const fs::path file = summary_.path / kRunLogFile;
    if (!is_file(file)) return;
    const std::string tail = read_tail(file);
    const std::size_t begin = tail.rfind(kFailureMark);
    if (begin == std::string::npos) return;
    std::string_view rest = std::string_view(tail).substr(begin + kFailureMark.size());
    if (rest.find(kSittingMark) != std::string_view::npos) return;  // the run has gone on
    summary_.failure = rest.substr(0, rest.find('\n'));
  }

  RunSummary summary_;
  bool is_begun_ = false;  ///< it has made an update
  bool is_complete_ = false;
  checkpoint::TrainState state_;  ///< of the checkpoint that counts
  std::size_t num_checkpoints_ = 0;
  std::int64_t evaluate_every_ = 0;
  std::int64_t patience_ = 0;
};

}  // namespace

std::string to_string(RunState state) {
  switch (state) {
    case RunState::kTraining:
      return "training";
    case RunState::kComplete:
      return "complete";
    case RunState::kStopped:
      return "stopped";
    case RunState::kFailed:
      return "failed";
    case RunState::kNotBegun:
      return "not begun";
  }
  throw InternalError("a state of {}", static_cast<int>(state));
}

bool is_run(const fs::path& folder) {
  if (fs::exists(folder / checkpoint::kConfigFile)) return false;  // a checkpoint, or a copy of one
  return is_file(folder / kRunLogFile) || is_file(folder / kMetricsFile) ||
         (is_file(folder / kRunConfigFile) && fs::is_directory(folder / "checkpoints"));
}

RunSummary summarize_run(const fs::path& folder) {
  return Reader(folder).read();
}

}  // namespace albert::train
