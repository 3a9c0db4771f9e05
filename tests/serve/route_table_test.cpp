#include "serve/route_table.h"

#include <gtest/gtest.h>

namespace albert::serve {
namespace {

int status_of(std::string_view method, std::string_view path) {
  try {
    find_route(method, path);
    return 200;
  } catch (const RequestError& error) {
    return error.status();
  }
}

TEST(RouteTable, FindsRoutesAndTheirModels) {
  EXPECT_EQ(find_route("POST", "/embed").route.plan, plan_embed);
  const FoundRoute found = find_route("POST", "/models/my%20model%2f1/predict");
  EXPECT_EQ(found.route.plan, plan_predict);
  EXPECT_EQ(found.model_name, "my model/1");
  EXPECT_EQ(find_route("POST", "/models/a").route.plan, plan_by_model);
  EXPECT_EQ(find_route("POST", "/models/a/v1/embeddings").route.plan, plan_openai_embeddings);
  EXPECT_TRUE(find_route("GET", "/health").route.is_open);
  EXPECT_FALSE(find_route("GET", "/info").route.is_open);
}

TEST(RouteTable, RefusesWhatItDoesNotHave) {
  EXPECT_EQ(status_of("GET", "/embed"), 405);
  EXPECT_EQ(status_of("POST", "/health"), 405);
  EXPECT_EQ(status_of("DELETE", "/"), 405);
  for (const char* path :
       {"", "/embed/", "/EMBED", "/models/a/health", "/models/a/b", "/models/", "/%65mbed", "//embed"}) {
    EXPECT_EQ(status_of("POST", path), 404) << path;
  }
  EXPECT_EQ(allowed_methods("/"), "GET, POST");
  EXPECT_EQ(allowed_methods("/models/a"), "POST");
  EXPECT_EQ(allowed_methods("/nothing"), "");
}

}  // namespace
}  // namespace albert::serve
