#pragma once

#include "cli/command.h"

namespace albert::cli {

/// For a command that computes with tensors. libgomp's threads spin while they wait for one another, which on a machine
/// whose cores have other work to do costs far more than it saves (a fine-tuning step beside a compiler: seven times).
/// If they sleep at once, waking them costs a tenth of a training step, and half of the prediction of a short text. So they
/// spin for a moment and then sleep. How they wait is read from the environment when libgomp is loaded, before main(): the
/// command starts the program anew with GOMP_SPINCOUNT, unless the user has said how to wait.
void let_waiting_threads_sleep(Command& command);

}  // namespace albert::cli
