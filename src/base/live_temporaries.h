#pragma once

#include <string>

namespace albert {

/// Takes note of a file or folder that is being written under a temporary name. A signal that ends the process removes
/// it, whatever the handler: see kEndSignals in signals.h. Where nothing handles the signal, this makes one do that, say so,
/// and then end the process as the signal does.
class LiveTemporary {
 public:
  enum class Kind {
    kEntry,
    kMadeFolder,  ///< goes only if nothing is in it once the entries are gone
  };

  explicit LiveTemporary(const std::string& path, Kind kind = Kind::kEntry);
  ~LiveTemporary();
  LiveTemporary(const LiveTemporary&) = delete;
  LiveTemporary& operator=(const LiveTemporary&) = delete;

 private:
  int slot_ = -1;  ///< -1: there was no room to take note
};

/// Removes all of them. A signal's handler may call it.
/// \return whether there was an entry
bool remove_live_temporaries();

}  // namespace albert
