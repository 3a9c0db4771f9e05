#pragma once

#include <filesystem>

#include "downstream/downstream.h"

namespace albert::downstream {

/// The file of a folder whose name says that it holds a part of a data set of tagged words: train.conll, eng.testa,
/// valid.txt, wnut17train.conll, en_ewt-ud-dev.conllu.
/// Throws DataError if there is none, or more than one.
std::filesystem::path find_tagged_file(const std::filesystem::path& folder, Part part);

}  // namespace albert::downstream
