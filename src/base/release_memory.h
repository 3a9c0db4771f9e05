#pragma once

namespace albert {

/// Empties a container or a string and gives its memory back. Assigning `{}` does not: a vector then keeps its memory,
/// for it is given a list of no elements; and a string keeps it whatever short string it is given.
template <typename Container>
void release_memory(Container& container) {
  Container().swap(container);
}

}  // namespace albert
