#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "tasks/task.h"

namespace albert::tasks {

/// The file of a folder whose name says that it holds a part of a data set of tagged words: train.conll, eng.testa,
/// valid.txt, wnut17train.conll, en_ewt-ud-dev.conllu.
/// \return nothing if there is none. Throws DataError if there is more than one.
std::optional<std::filesystem::path> find_tagged_file(const std::filesystem::path& folder, Part part);
/// What it looks for, for people.
std::string expected_tagged_file(Part part);

}  // namespace albert::tasks
