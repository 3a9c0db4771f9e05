#include "text/grapheme.h"

#include <unicode/uchar.h>

namespace albert::text {
namespace {

int break_class(UChar32 c) {
  return u_getIntPropertyValue(c, UCHAR_GRAPHEME_CLUSTER_BREAK);
}
bool is_pictographic(UChar32 c) {
  return u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC) != 0;
}
bool is_control(int c) {
  return c == U_GCB_CONTROL || c == U_GCB_CR || c == U_GCB_LF;
}

bool joins_hangul(int last, int next) {
  switch (last) {
    case U_GCB_L:
      return next == U_GCB_L || next == U_GCB_V || next == U_GCB_LV || next == U_GCB_LVT;
    case U_GCB_LV:
    case U_GCB_V:
      return next == U_GCB_V || next == U_GCB_T;
    case U_GCB_LVT:
    case U_GCB_T:
      return next == U_GCB_T;
    default:
      return false;
  }
}

}  // namespace

GraphemeCluster::GraphemeCluster(UChar32 first)
    : last_class_(break_class(first)),
      pictographic_(is_pictographic(first)),
      odd_flag_letters_(last_class_ == U_GCB_REGIONAL_INDICATOR) {}

bool GraphemeCluster::take(UChar32 next) {
  const int next_class = break_class(next);
  const bool next_pictographic = is_pictographic(next);
  if (!joins(next_class, next_pictographic)) return false;
  pictographic_ = next_pictographic || (pictographic_ && (next_class == U_GCB_EXTEND || next_class == U_GCB_ZWJ));
  odd_flag_letters_ = next_class == U_GCB_REGIONAL_INDICATOR && !odd_flag_letters_;
  last_class_ = next_class;
  return true;
}

bool GraphemeCluster::joins(int next_class, bool next_pictographic) const {
  if (last_class_ == U_GCB_CR && next_class == U_GCB_LF) return true;   // GB3
  if (is_control(last_class_) || is_control(next_class)) return false;  // GB4, GB5
  if (joins_hangul(last_class_, next_class)) return true;               // GB6-GB8
  if (next_class == U_GCB_EXTEND || next_class == U_GCB_ZWJ || next_class == U_GCB_SPACING_MARK)
    return true;                                                                    // GB9, GB9a
  if (last_class_ == U_GCB_PREPEND) return true;                                    // GB9b
  if (pictographic_ && last_class_ == U_GCB_ZWJ && next_pictographic) return true;  // GB11
  return odd_flag_letters_ && next_class == U_GCB_REGIONAL_INDICATOR;               // GB12, GB13
}

}  // namespace albert::text
