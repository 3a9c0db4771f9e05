#pragma once

#include <cstddef>
#include <string>

#include "inference/evaluate.h"
#include "inference/open_model.h"
#include "metrics/report.h"
#include "tasks/findings.h"

/// What there is to see in the answers of a model, a file for each form of answers: as HTML, with headings of the fourth
/// level.
namespace albert::report {

/// The file whose answers are shown, and how.
struct EvaluationView {
  const inference::TaskModelFolder& opened;
  const inference::ExaminedFile& file;
  std::size_t num_explained = 0;  ///< see EvaluationOptions

  const metrics::Report& judgement() const { return *file.report.judgement; }
};

std::string show(const tasks::ClassFindings& findings, const EvaluationView& view);
std::string show(const tasks::LabelSetFindings& findings, const EvaluationView& view);
std::string show(const tasks::NumberFindings& findings, const EvaluationView& view);
std::string show(const tasks::TagFindings& findings, const EvaluationView& view);
std::string show(const tasks::QuestionFindings& findings, const EvaluationView& view);
std::string show(const tasks::ChoiceFindings& findings, const EvaluationView& view);
std::string show(const tasks::PairFindings& findings, const EvaluationView& view);

/// The figures of an evaluation, as `albert evaluate --json` has them.
std::string figures_table(const metrics::Report& judgement);

}  // namespace albert::report
