#pragma once

#include "corpus/corpus.h"
#include "model/compute.h"
#include "train/objective.h"
#include "train/pretrain_config.h"

namespace albert::train {

/// Logs what is about to happen: the resolved configuration with the origin of each value, and what follows from it:
/// parameters, tokens per step, epochs, memory; and warns where the learning rate is far from what such a batch is
/// usually trained with.
void report_start(const WrittenPretrainConfig& config, const model::Compute& compute, const corpus::Corpus& corpus,
                  const Objective& objective);

}  // namespace albert::train
