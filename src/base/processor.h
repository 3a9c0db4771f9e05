#pragma once

namespace albert {

/// Whether this processor multiplies matrices in bfloat16 faster than in float32.
///
/// With AMX it does, by far; so do AMD's with AVX512_BF16 (Zen 4 and 5), about twice as fast. Intel's that have AVX512_BF16
/// alone do not: Cooper Lake, and later ones on machines whose hypervisor hides AMX. There one instruction of it is
/// issued in a cycle beside two of float32, and oneDNN was measured at 0.55 of its speed in float32 (Sapphire Rapids).
bool multiplies_bfloat16_fast();

}  // namespace albert
