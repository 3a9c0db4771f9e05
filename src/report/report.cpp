#include "report/report.h"

#include <system_error>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/glob.h"
#include "base/log.h"
#include "base/progress.h"
#include "base/shown.h"
#include "corpus/store/manifest.h"
#include "inference/output_check.h"
#include "report/corpus_section.h"
#include "report/page.h"
#include "report/run_data.h"
#include "report/run_section.h"
#include "train/run_list.h"

namespace albert::report {

namespace {

/// What a page is about.
struct Subjects {
  std::vector<fs::path> runs;
  std::vector<fs::path> corpora;
};

Subjects find_subjects(const std::vector<fs::path>& paths) {
  Subjects subjects;
  for (const fs::path& path : distinct(paths)) {
    if (fs::exists(path / corpus::kManifestName) && !train::is_run(path)) {
      subjects.corpora.push_back(path);
      continue;
    }
    const std::vector<fs::path> runs = train::find_runs(path);
    if (runs.empty()) {
      throw UsageError(
          "{}: expected the folder of a run of `albert pretrain` or `albert finetune`, a folder with runs below it, or "
          "a corpus of `albert corpus build`, found none of these",
          path.string());
    }
    subjects.runs.insert(subjects.runs.end(), runs.begin(), runs.end());
  }
  subjects.runs = distinct(subjects.runs);
  return subjects;
}

bool is_page(const fs::path& file) {
  return file.extension() == ".html" || file.extension() == ".htm";
}

/// Adds a file, or the files below a folder: all but pages, which may be kept with what they show.
void add_files(const fs::path& path, std::vector<fs::path>& files) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return files.push_back(path);
  fs::recursive_directory_iterator entries(path, fs::directory_options::skip_permission_denied, error);
  for (; !error && entries != fs::recursive_directory_iterator(); entries.increment(error)) {
    if (!is_page(entries->path())) files.push_back(entries->path());
  }
}

/// The data that a run was started with; none where it does not say it, or they are gone.
std::vector<fs::path> known_data_of(const fs::path& run) {
  try {
    return data_of_run(run);
  } catch (const Error&) {
    return {};
  }
}

/// All files that a report reads, or could read: those of runs and corpora, and the data of the runs.
std::vector<fs::path> sources_of(const ReportOptions& options, const Subjects& subjects) {
  std::vector<fs::path> files;
  for (const fs::path& folder : subjects.corpora) add_files(folder, files);
  for (const fs::path& run : subjects.runs) {
    add_files(run, files);
    for (const fs::path& path : known_data_of(run)) add_files(path, files);
  }
  for (const fs::path& path : expand_patterns(options.evaluation.data)) add_files(path, files);
  return files;
}

/// Throws if the page could not be written, or would replace what it is made from.
void check_output(const ReportOptions& options, const Subjects& subjects) {
  const Output& output = options.output;
  std::vector<fs::path> sources;
  if (fs::is_regular_file(output.path)) sources = sources_of(options, subjects);
  inference::check_outputs("--output", {{output.path}}, sources, output.overwrite);
}

void add_evaluations(const std::vector<RunData>& runs, const ReportOptions& options, const model::Compute& compute,
                     std::vector<Section>& sections) {
  if (!options.evaluates) return;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (auto section = evaluation_section(runs[i], options.evaluation, compute, i + 1))
      sections.push_back(std::move(*section));
  }
}

std::string title_of(const std::vector<RunData>& runs, const std::vector<std::string>& corpora) {
  std::string names;
  for (const RunData& run : runs) names += (names.empty() ? "" : ", ") + run.name;
  for (const std::string& corpus : corpora) names += (names.empty() ? "" : ", ") + corpus;
  constexpr std::size_t kMaxCharacters = 80;
  return "Report: " + beginning(names, kMaxCharacters);
}

}  // namespace

void write_report(const ReportOptions& options, const model::Compute& compute) {
  const Subjects subjects = find_subjects(options.paths);
  check_output(options, subjects);
  const std::vector<RunData> runs = read_runs(subjects.runs);
  for (const RunData& run : runs) {
    for (const std::string& problem : run.summary.problems) log_warning("{}: {}", run.name, problem);
  }
  std::vector<Section> sections = run_sections(runs);
  add_evaluations(runs, options, compute, sections);
  const std::vector<std::string> corpora = short_names(subjects.corpora);
  for (std::size_t i = 0; i < corpora.size(); ++i)
    sections.push_back(corpus_section(subjects.corpora[i], corpora[i], i + 1));
  const std::string page = page_html(title_of(runs, corpora), sections, "Made by albert " + options.version + ".");
  write_output_file(options.output, page);
  log_info("{}: {}", options.output.path.string(), format_bytes(page.size()));
}

}  // namespace albert::report
