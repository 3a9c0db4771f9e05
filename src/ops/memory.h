#pragma once

namespace albert::ops {

/// Makes the C library keep freed blocks of up to 32 MB for the next request instead of giving them back to the
/// kernel. A training step allocates and frees hundreds of tensors of a few megabytes, always the same; without this
/// each comes as fresh pages, which the kernel fills with zeros one by one (5% of a step of ALBERT-base). Holds for the
/// whole process; does nothing where the C library is not glibc.
void keep_freed_memory();

}  // namespace albert::ops
