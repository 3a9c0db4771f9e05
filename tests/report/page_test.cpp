#include "report/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace albert::report {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Page, HasNothingFromElsewhereAndForbidsIt) {
  const std::string page = page_html("Report: <run>", {{"runs", "Runs & more", "<p>content</p>"}}, "by albert");
  EXPECT_THAT(page, AllOf(HasSubstr("default-src 'none'"), HasSubstr("<title>Report: &lt;run&gt;</title>"),
                          HasSubstr(R"(<h2 id="runs">Runs &amp; more</h2>)"), HasSubstr(R"(<a href="#runs">)")));
  EXPECT_THAT(page, AllOf(Not(HasSubstr("http://")), Not(HasSubstr("https://")), Not(HasSubstr("src=")),
                          Not(HasSubstr("url("))));
}

TEST(Page, RunsItsOwnScriptOnly) {
  const auto nonce_of = [](const std::string& page) {
    const std::string before = "script-src 'nonce-";
    const std::size_t begin = page.find(before) + before.size();
    return page.substr(begin, page.find('\'', begin) - begin);
  };
  const std::string page = page_html("a", {{"s", "S", "x"}}, ""), other = page_html("a", {{"s", "S", "y"}}, "");
  EXPECT_THAT(page, HasSubstr(R"(<script nonce=")" + nonce_of(page) + R"(">)"));
  EXPECT_NE(nonce_of(page), nonce_of(other)) << "who writes a part of the page cannot know it";
  EXPECT_EQ(page, page_html("a", {{"s", "S", "x"}}, "")) << "equal reports are equal files";
}

}  // namespace
}  // namespace albert::report
