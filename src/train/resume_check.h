#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/node.h"

namespace albert::train {

/// Compares the configuration of a run with the one it is to be resumed with. Settings that decide what is learnt must
/// be the same; those of the surroundings may change:
///
/// - log.*, evaluate.*, checkpoint.*, data.threads, parallel.*timeout_s, parallel.shard_optimizer: no update depends on them; which of the models is called the best,
///   and where a run with patience ends, may;
/// - data.corpus, the folders of data.corpora, data.path, data.more_paths: a folder may have moved; its content is compared by
///   checksum elsewhere;
/// - train.clock: a resumed run has its own clock.txt;
/// - model.path: a resumed run takes its weights from its own checkpoint;
/// - train.steps, train.minutes: a run that does not grow may be made longer or shorter, though the learning rate of the steps to come
///   changes with it; with it schedule.warmup_steps, which may be a share of them;
/// - train.threads, train.device, train.deterministic, train.micro_batch_size, train.recompute, parallel.gradient_type,
///   parallel.bucket_elements: the same
///   computation with other roundings, so the run goes on, but no longer bit for bit.
///
/// \param weights_option the command's option that starts a new run from the weights of another: what to do instead
/// \return a line for people about every setting that changed and may
/// Throws UsageError that lists every other changed setting with both values.
std::vector<std::string> check_resumed_settings(const config::Node& before, const config::Node& now,
                                                std::string_view weights_option);

/// Compares the configuration of a run with that of one which goes on from it as a branch. All may be others but the
/// model, save for its dropout, and what updates it: optimizer.name and optimizer.muon_parameters.
/// \return whether examples are made as they were
/// Throws UsageError that lists what is not the same.
bool check_branch_settings(const config::Node& trunk, const config::Node& branch);

/// The values of a configuration by their full keys, as config::flatten() has them, but the points of a timeline as one
/// value: "0: 1, 0.5: 2".
std::map<std::string, std::string> setting_values(const config::Node& node);

/// How the configuration of a rank differs from that of rank 0: a line for every setting that must be the same on all.
/// Where the data lie on a host, and how many threads it has, need not.
std::string differing_settings(const config::Node& of_first, const config::Node& of_other);

}  // namespace albert::train
