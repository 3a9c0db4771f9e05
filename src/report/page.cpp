#include "report/page.h"

#include <spdlog/fmt/fmt.h>

#include "base/checksum.h"
#include "report/html.h"

namespace albert::report {

namespace {

/// Only the script of the page is run: the one that has this word. It follows from what the page holds, so that equal
/// reports are equal files, and nobody who writes a part of that can know it.
std::string nonce_of(std::string_view body) {
  return checksum_of(body);
}

std::string head_of(const std::string& title, std::string_view nonce) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      R"(<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; )"
      "script-src 'nonce-{}'; base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{}</title>\n<style>\n{}</style>\n</head>\n",
      nonce, escaped(title), page_style());
}

std::string links_to(const std::vector<Section>& sections) {
  std::string html = "<nav aria-label=\"Sections\"><ul>\n";
  for (const Section& section : sections)
    html += fmt::format("<li><a href=\"#{}\">{}</a></li>\n", section.id, escaped(section.title));
  return html + "</ul></nav>\n";
}

std::string body_of(const std::string& title, const std::vector<Section>& sections, const std::string& footer) {
  std::string html =
      fmt::format("<a class=\"skip\" href=\"#content\">To the content</a>\n<header><h1>{}</h1>\n{}</header>\n",
                  escaped(title), links_to(sections));
  html += "<main id=\"content\">\n";
  for (const Section& section : sections) {
    html += fmt::format("<section aria-labelledby=\"{0}\">\n<h2 id=\"{0}\">{1}</h2>\n{2}</section>\n", section.id,
                        escaped(section.title), section.html);
  }
  return html + fmt::format("</main>\n<footer>{}</footer>\n", escaped(footer));
}

}  // namespace

std::string page_html(const std::string& title, const std::vector<Section>& sections, const std::string& footer) {
  const std::string body = body_of(title, sections, footer);
  const std::string nonce = nonce_of(body);
  return fmt::format("{}<body>\n{}<script nonce=\"{}\">\n{}</script>\n</body>\n</html>\n", head_of(title, nonce), body,
                     nonce, page_script());
}

}  // namespace albert::report
