#include "report/report.h"

#include <system_error>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/glob.h"
#include "base/log.h"
#include "base/progress.h"
#include "base/shown.h"
#include "corpus/store/manifest.h"
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

/// A page may be kept with the run that it shows, but takes the place of no other file there, nor of the data.
void refuse_to_replace_a_source(const ReportOptions& options, const Subjects& subjects) {
  std::error_code error;
  const fs::path output = fs::weakly_canonical(options.output.path, error);
  if (error || !fs::exists(output)) return;
  const auto refuse = [&](const fs::path& source) {
    throw UsageError("--output {} is a file of {}, which the report reads; give the page another name",
                     options.output.path.string(), source.string());
  };
  for (const fs::path& file : options.evaluation.data) {
    if (fs::equivalent(output, file, error)) refuse(file);
  }
  const bool is_page = output.extension() == ".html" || output.extension() == ".htm";
  for (const std::vector<fs::path>* folders : {&subjects.runs, &subjects.corpora}) {
    for (const fs::path& folder : *folders) {
      const fs::path inside = output.lexically_relative(fs::weakly_canonical(folder, error));
      if (!is_page && !inside.empty() && *inside.begin() != "..") refuse(folder);
    }
  }
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
  check_output_file(options.output);
  const Subjects subjects = find_subjects(options.paths);
  refuse_to_replace_a_source(options, subjects);
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
  check_output_file(options.output);
  write_file_atomically(options.output.path, page);
  log_info("{}: {}", options.output.path.string(), format_bytes(page.size()));
}

}  // namespace albert::report
