// Stands before LibTorch's header of this name, which torch/types.h includes for those who register operators: nothing
// here does.
#pragma once
