#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace albert::report {

/// A part of a page, with a heading of the second level.
struct Section {
  std::string id;     ///< "runs": letters, digits and hyphens
  std::string title;  ///< plain text
  std::string html;   ///< headings in it are of the third level and below
};

/// A page that needs nothing beside itself: style and script are in it, and a policy in its head forbids the browser to
/// fetch anything, or to run any other script.
/// \param title plain text
/// \param footer plain text
std::string page_html(const std::string& title, const std::vector<Section>& sections, const std::string& footer);

/// The texts of page.css and page.js.
std::string_view page_style();
std::string_view page_script();

}  // namespace albert::report
