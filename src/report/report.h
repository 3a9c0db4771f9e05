#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "base/output.h"
#include "model/compute.h"
#include "report/evaluation_section.h"

/// `albert report`: what runs and corpora hold, as one page that needs nothing beside itself.
namespace albert::report {

struct ReportOptions {
  std::vector<std::filesystem::path> paths;  ///< folders of runs, of several runs, and of corpora
  Output output;
  EvaluationOptions evaluation;
  bool evaluates = true;  ///< fine-tuned models on their development data
  std::string version;    ///< of the program
};

/// Writes the page; whole or not at all. Runs may be training meanwhile.
/// Throws UsageError for a folder that holds neither run nor corpus, and for an output that is there; as
/// evaluation_section() and corpus_section(); IoError.
void write_report(const ReportOptions& options, const model::Compute& compute);

}  // namespace albert::report
