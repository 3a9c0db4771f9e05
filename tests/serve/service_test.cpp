#include "serve/service.h"

#include <future>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "inference/npy.h"
#include "support/fake_tokenizer.h"
#include "support/temporary_folder.h"

namespace albert::serve {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::int64_t kSize = 2;  ///< of vectors

ComputePool& pool() {
  static ComputePool pool({.num_threads = 2});
  return pool;
}

/// A model that makes vectors: of a text the number of its tokens and its first one, of length 1 or not.
std::shared_ptr<ServedModel> make_model(const std::string& name, const Batcher::Score& score,
                                        const std::map<Ability, Batcher::Score>& others = {}) {
  auto model = std::make_shared<ServedModel>();
  model->facts = {.name = name,
                  .path = "folder",
                  .precision = "float32",
                  .abilities = {Ability::kEmbed},
                  .max_length = 8,
                  .vector_size = kSize,
                  .prompts = {{"query", "5 "}}};
  const auto tokenizer = std::make_shared<const albert::testing::FakeTokenizer>();
  model->tokenizer = tokenizer;
  model->batchers[Ability::kEmbed] = std::make_unique<Batcher>(pool(), BatchOptions{}, score);
  for (const auto& [ability, other] : others) {
    model->facts.abilities.push_back(ability);
    model->batchers[ability] = std::make_unique<Batcher>(pool(), BatchOptions{}, other);
  }
  return model;
}

/// Of each token its id and 3.
void token_states(std::span<const model::Item* const> items, const Batcher::Take& take) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    std::vector<float> states;
    for (const std::int32_t id : items[i]->sequences.front().token_ids) {
      states.insert(states.end(), {static_cast<float>(id), 3});
    }
    take(i, states);
  }
}

/// Half of its id for each piece of a text.
void word_weights(std::span<const model::Item* const> items, const Batcher::Take& take) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    std::vector<float> weights(100);
    for (const std::int32_t id : items[i]->sequences.front().token_ids) {
      weights[static_cast<std::size_t>(id)] = 0.5F * static_cast<float>(id);
    }
    take(i, weights);
  }
}

void score(std::span<const model::Item* const> items, const Batcher::Take& take) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto& ids = items[i]->sequences.front().token_ids;
    if (ids[1] == 13) throw NumericalError("NaN");
    const std::array<float, 2> vector = {static_cast<float>(ids.size()), static_cast<float>(ids[1])};
    take(i, vector);
  }
}

class ServiceTest : public ::testing::Test {
 protected:
  void TearDown() override { models_.stop(); }

  HttpResponse ask(Service& service, HttpRequest request) {
    auto promise = std::make_shared<std::promise<HttpResponse>>();
    request.received = Clock::now();
    request.deadline = Clock::now() + std::chrono::minutes(1);
    service.handle(std::move(request), [promise](HttpResponse response) { promise->set_value(std::move(response)); });
    return promise->get_future().get();
  }
  HttpResponse post(const std::string& path, const json& body) {
    return ask(service_, {.method = "POST", .path = path, .body = body.dump()});
  }
  HttpResponse get(const std::string& path) { return ask(service_, {.method = "GET", .path = path}); }

  ModelList models_{
      2, [](std::size_t i) {
        if (i > 0) return make_model("second", score);
        return make_model("first", score, {{Ability::kEmbedAll, token_states}, {Ability::kEmbedSparse, word_weights}});
      }};
  Metrics metrics_;
  WorkerPool long_workers_{1};
  WorkerPool workers_{2};
  Service service_{{.limits = {.max_client_batch_size = 2}, .cors_origin = "https://a.org", .version = "1"},
                   models_,
                   metrics_,
                   workers_,
                   long_workers_};
};

TEST_F(ServiceTest, AnswersTextsAndLists) {
  EXPECT_EQ(post("/embed", {{"inputs", "7 8"}}).body, "[[4,7]]");
  EXPECT_EQ(post("/models/second/embed", {{"inputs", {"7", "8 9"}}}).body, "[[3,7],[4,8]]");
  const json answer = json::parse(post("/v1/embeddings", {{"input", "7"}, {"model", "second"}}).body);
  EXPECT_EQ(answer["model"], "second");
  EXPECT_EQ(answer["data"][0]["embedding"], json({3, 7}));
  EXPECT_EQ(answer["usage"]["total_tokens"], 3);
  EXPECT_EQ(json::parse(post("/similarity", {{"inputs", {{"source_sentence", "7"}, {"sentences", {"8", "9"}}}}}).body),
            json({65, 72}));
  EXPECT_EQ(post("/rerank", {{"query", "7"}, {"texts", {"8", "9"}}}).body,
            R"([{"index":1,"score":72.0},{"index":0,"score":65.0}])");
}

TEST_F(ServiceTest, AnswersWithVectorsOfTokensAndOfWords) {
  // The fake tokenizer's [CLS] and [SEP] are 2 and 3.
  EXPECT_EQ(post("/embed_all", {{"inputs", {"7", "8 9"}}}).body, "[[[2,3],[7,3],[3,3]],[[2,3],[8,3],[9,3],[3,3]]]");
  EXPECT_EQ(post("/embed_sparse", {{"inputs", "9"}}).body,
            R"([[{"index":2,"value":1},{"index":3,"value":1.5},{"index":9,"value":4.5}]])");
  EXPECT_EQ(post("/models/second/embed_sparse", {{"inputs", "9"}}).status, 424);
}

TEST_F(ServiceTest, ShapesVectorsAsItIsAsked) {
  EXPECT_EQ(post("/embed", {{"inputs", "7"}, {"normalize", false}}).body, "[[4,3]]");  // the means of 2, 7, 3 and of 3
  EXPECT_EQ(json::parse(post("/embed", {{"inputs", "11 12"}, {"normalize", true}, {"dimensions", 1}}).body),
            json({{1}}));
  EXPECT_EQ(post("/embed", {{"inputs", "7"}, {"normalize", false}, {"dimensions", 1}}).body, "[[4]]");
  EXPECT_EQ(post("/embed", {{"inputs", "7"}, {"dimensions", 3}}).status, 422);
  EXPECT_EQ(post("/v1/embeddings", {{"input", "7"}, {"dimensions", 0}}).status, 422);
}

TEST_F(ServiceTest, TakesIdsAsTheyAre) {
  EXPECT_EQ(post("/embed_all", {{"inputs", {2, 7, 3}}}).body, post("/embed_all", {{"inputs", "7"}}).body);
  EXPECT_EQ(post("/embed_all", {{"inputs", {json{7}, "8"}}}).body, "[[[7,3]],[[2,3],[8,3],[3,3]]]");
  EXPECT_EQ(post("/embed", {{"inputs", {100}}}).status, 422);
  EXPECT_EQ(post("/embed", {{"inputs", {json{7}, json::array()}}}).status, 400);
  EXPECT_EQ(post("/embed", {{"inputs", {7, -1}}}).status, 422);
}

TEST_F(ServiceTest, CutsTheSideThatItIsTold) {
  const auto ids_of = [&](const json& inputs, const char* direction) {
    std::vector<int> ids;
    const json answer = json::parse(post("/embed_all", {{"inputs", inputs}, {"truncation_direction", direction}}).body);
    for (const json& row : answer[0]) ids.push_back(row[0]);
    return ids;
  };
  EXPECT_THAT(ids_of("11 12 13 14 15 16 17 18", "Left"), ElementsAre(2, 13, 14, 15, 16, 17, 18, 3));
  EXPECT_THAT(ids_of("11 12 13 14 15 16 17 18", "right"), ElementsAre(2, 11, 12, 13, 14, 15, 16, 3));
  EXPECT_THAT(ids_of({1, 2, 3, 4, 5, 6, 7, 8, 9}, "left"), ElementsAre(2, 3, 4, 5, 6, 7, 8, 9));
  EXPECT_EQ(post("/embed", {{"inputs", "7"}, {"truncation_direction", "up"}}).status, 422);
  EXPECT_EQ(post("/embed", {{"inputs", {1, 2, 3, 4, 5, 6, 7, 8, 9}}, {"truncate", false}}).status, 413);
}

TEST_F(ServiceTest, PutsPromptsBeforeTexts) {
  EXPECT_EQ(post("/embed", {{"inputs", "7 8"}, {"prompt_name", "query"}}).body, "[[5,5]]");
  const HttpResponse unknown = post("/embed", {{"inputs", "7 8"}, {"prompt_name", "other"}});
  EXPECT_EQ(unknown.status, 422);
  EXPECT_THAT(unknown.body, HasSubstr("query"));
  EXPECT_EQ(post("/embed", {{"inputs", {7, 8}}, {"prompt_name", "query"}}).status, 422);
  const json tokens = json::parse(post("/tokenize", {{"inputs", "7"}, {"prompt_name", "query"}}).body);
  EXPECT_EQ(tokens[0].size(), 4) << "two special ones, the prompt's 5, and 7";
}

TEST_F(ServiceTest, RefusesWithStatusAndType) {
  const auto refusal = [&](const std::string& path, const json& body) {
    const HttpResponse response = post(path, body);
    return std::pair(response.status, json::parse(response.body)["error_type"].get<std::string>());
  };
  EXPECT_EQ(refusal("/embed", {{"inputs", {"7", "8", "9"}}}), std::pair(413, std::string("Validation")));
  EXPECT_EQ(refusal("/embed", {{"inputs", "7 7 7 7 7 7 7 7"}, {"truncate", false}}),
            std::pair(413, std::string("Validation")));
  EXPECT_EQ(refusal("/embed", {{"inputs", " "}}), std::pair(400, std::string("Empty")));
  EXPECT_EQ(refusal("/embed", {{"inputs", {{"a", 1}}}}), std::pair(422, std::string("Validation")));
  EXPECT_EQ(refusal("/embed", {{"inputs", "7"}, {"model", "third"}}), std::pair(404, std::string("NotFound")));
  EXPECT_EQ(refusal("/predict", {{"inputs", "7"}}), std::pair(424, std::string("Backend")));
  EXPECT_EQ(refusal("/embed", {{"inputs", "13"}}), std::pair(424, std::string("Backend")));
  EXPECT_EQ(refusal("/search", {{"inputs", "7"}}), std::pair(424, std::string("Backend")));
  EXPECT_EQ(refusal("/health", {}), std::pair(405, std::string("NotFound")));
  const json error = json::parse(post("/v1/embeddings", {{"input", "7"}, {"model", "third"}}).body)["error"];
  EXPECT_THAT(error["message"], HasSubstr("there is no model 'third'"));
  EXPECT_EQ(json::parse(get("/v1/embeddings").body)["error"]["code"], 405);
  EXPECT_THAT(metrics_.to_text(0, 0), HasSubstr("te_request_failure{err=\"backend\"} 3\n"));
}

TEST_F(ServiceTest, PassesOverNoMemberOfOursInSilence) {
  const auto refusal = [&](const std::string& path, const json& body) {
    const HttpResponse response = post(path, body);
    EXPECT_EQ(response.status, 422) << response.body;
    return json::parse(response.body).value("error", "");
  };
  EXPECT_EQ(refusal("/embed", {{"inputs", "7"}, {"normalise", false}}),
            "normalise: it has no effect here; is it 'normalize'?");
  EXPECT_THAT(refusal("/embed_all", {{"inputs", "7"}, {"normalize", false}}),
              HasSubstr("normalize: it has no effect here; members with an effect are 'inputs', 'model'"));
  EXPECT_THAT(refusal("/embed", {{"inputs", "7"}, {"parameters", {{"targets", {"a"}}}}}),
              HasSubstr("parameters.targets: it has no effect here"));
  EXPECT_THAT(refusal("/similarity", {{"inputs", {{"source_sentence", "7"}, {"sentences", {"8"}}, {"sentence", "9"}}}}),
              HasSubstr("inputs.sentence: it has no effect here; is it 'sentences'?"));
  // What clients of others send is left alone, as Text Embeddings Inference does.
  EXPECT_EQ(post("/embed", {{"inputs", "7"}, {"user", "me"}, {"options", {{"wait_for_model", true}}}}).body, "[[3,7]]");
  EXPECT_EQ(post("/models/second/embed", {{"inputs", "7"}, {"user", "x"}, {"dimensions", nullptr}}).body, "[[3,7]]");
  EXPECT_EQ(post("/embed", {{"inputs", "7"}, {"parameters", {{"dimensions", 2}, {"top_k", nullptr}}}}).body, "[[3,7]]");
  EXPECT_EQ(post("/rerank", {{"query", "7"}, {"texts", {"8"}}, {"raw_scores", false}}).status, 200);
}

TEST_F(ServiceTest, RefusesTwoValuesOfOneMember) {
  const auto refusal = [&](const std::string& path, const json& body) {
    const HttpResponse response = post(path, body);
    EXPECT_EQ(response.status, 422) << response.body;
    return json::parse(response.body).value("error", "");
  };
  EXPECT_EQ(refusal("/embed", {{"inputs", "7"}, {"dimensions", 1}, {"parameters", {{"dimensions", 2}}}}),
            "dimensions: it is 1, but 2 under 'parameters'; leave one of them out");
  const json same = {{"inputs", "7"}, {"dimensions", 2}, {"parameters", {{"dimensions", 2.0}}}};
  EXPECT_EQ(post("/embed", same).body, "[[3,7]]");
  EXPECT_EQ(post("/embed", {{"inputs", "7"}, {"dimensions", 2.0}}).body, "[[3,7]]") << "a whole number all the same";
  EXPECT_THAT(refusal("/embed", {{"inputs", "7"}, {"dimensions", 1.5}}), HasSubstr("expected a whole number"));
  EXPECT_EQ(refusal("/models/second/embed", {{"inputs", "7"}, {"model", "x"}}),
            "model: it is 'x', but the path names 'second'; leave one of them out");
  EXPECT_THAT(refusal("/models/second", {{"inputs", "7"}, {"model", "x"}}), HasSubstr("the path names 'second'"));
  EXPECT_EQ(post("/models/second/embed", {{"inputs", "7"}, {"model", "second"}}).body, "[[3,7]]");
}

TEST_F(ServiceTest, NamesTheInputThatIsTooLong) {
  const std::string longer = "7 7 7 7 7 7 7 7";
  const auto place = [&](const std::string& path, json body) {
    (path == "/similarity" ? body["parameters"] : body)["truncate"] = false;
    const std::string error = json::parse(post(path, body).body)["error"];
    return error.substr(0, error.find(':'));
  };
  EXPECT_EQ(place("/embed", {{"inputs", longer}}), "inputs");
  EXPECT_EQ(place("/embed", {{"inputs", {"7", longer}}}), "inputs[1]");
  EXPECT_EQ(place("/embed_all", {{"inputs", {longer, "7"}}}), "inputs[0]");
  EXPECT_EQ(place("/rerank", {{"query", longer}, {"texts", {"7"}}}), "query");
  EXPECT_EQ(place("/rerank", {{"query", "7"}, {"texts", {"7", longer}}}), "texts[1]");
  EXPECT_EQ(place("/similarity", {{"inputs", {{"source_sentence", longer}, {"sentences", {"7", "8"}}}}}),
            "inputs.source_sentence");
  EXPECT_EQ(place("/similarity", {{"inputs", {{"source_sentence", "7"}, {"sentences", {"7", longer}}}}}),
            "inputs.sentences[1]");
}

TEST_F(ServiceTest, RefusesWhatIsTooMuchAtOnce) {
  std::promise<void> begun, goes_on;
  ModelList models(1, [&](std::size_t) {
    return make_model("slow", [&](std::span<const model::Item* const> items, const Batcher::Take& take) {
      begun.set_value();
      goes_on.get_future().wait();
      score(items, take);
    });
  });
  Service service({.max_concurrent_requests = 1}, models, metrics_, workers_, long_workers_);
  const HttpRequest request{.method = "POST", .path = "/embed", .body = R"({"inputs": "7"})"};
  auto first = std::async(std::launch::async, [&] { return ask(service, request); });
  begun.get_future().wait();
  const HttpResponse second = ask(service, request);
  EXPECT_EQ(second.status, 429);
  EXPECT_THAT(second.headers, ::testing::Contains(std::pair<std::string, std::string>("Retry-After", "1")));
  EXPECT_EQ(ask(service, {.method = "GET", .path = "/health"}).status, 200);
  goes_on.set_value();
  EXPECT_EQ(first.get().body, "[[3,7]]");
  models.stop();
}

TEST_F(ServiceTest, WhoHasLeftKeepsNobodyOut) {
  std::promise<void> goes_on;
  ModelList models(1, [&, gate = goes_on.get_future().share()](std::size_t) {
    return make_model("slow", [gate](std::span<const model::Item* const> items, const Batcher::Take& take) {
      gate.wait();
      score(items, take);
    });
  });
  Service service({.max_concurrent_requests = 1}, models, metrics_, workers_, long_workers_);
  const auto asker = std::make_shared<Asker>();
  HttpRequest request{.method = "POST", .path = "/embed", .body = R"({"inputs": "7"})"};
  request.deadline = Clock::now() + std::chrono::minutes(1);
  request.asker = asker;
  service.handle(request, [](const HttpResponse&) {});
  request.asker = nullptr;
  EXPECT_EQ(ask(service, request).status, 429);
  asker->has_left = true;
  asker->on_leave();
  auto second = std::async(std::launch::async, [&] { return ask(service, request); });
  EXPECT_EQ(second.wait_for(std::chrono::milliseconds(20)), std::future_status::timeout);
  goes_on.set_value();
  EXPECT_EQ(second.get().status, 200);
  models.stop();
}

/// The transport has answered in its place, and counted that.
TEST_F(ServiceTest, WhoHasLeftIsNotCounted) {
  const auto asker = std::make_shared<Asker>();
  asker->has_left = true;
  for (const char* body : {R"({"inputs": "7"})", R"({"inputs": )"}) {
    EXPECT_EQ(ask(service_, {.method = "POST", .path = "/embed", .body = body, .asker = asker}).status, 503);
  }
  std::promise<void> goes_on;
  ModelList models(1, [gate = goes_on.get_future().share(), asker](std::size_t) {
    return make_model("slow", [gate, asker](std::span<const model::Item* const> items, const Batcher::Take& take) {
      gate.wait();
      asker->has_left = true;
      score(items, take);
    });
  });
  asker->has_left = false;
  Service service({}, models, metrics_, workers_, long_workers_);
  auto late = std::async(std::launch::async, [&] {
    return ask(service, {.method = "POST", .path = "/embed", .body = R"({"inputs": "7"})", .asker = asker});
  });
  goes_on.set_value();
  EXPECT_EQ(late.get().status, 503);
  EXPECT_THAT(metrics_.to_text(0, 0), ::testing::Not(HasSubstr("te_request_success{")));
  EXPECT_THAT(metrics_.to_text(0, 0), ::testing::Not(HasSubstr("te_request_failure{")));
  models.stop();
}

TEST_F(ServiceTest, RefusesForTheTransport) {
  const HttpResponse late = service_.refuse({.reason = HttpRefusal::Reason::kTimeout,
                                             .status = 503,
                                             .message = "too late",
                                             .path = "/models/second/v1/embeddings",
                                             .origin = "https://a.org"});
  EXPECT_EQ(late.status, 503);
  EXPECT_EQ(json::parse(late.body)["error"]["type"], "Timeout");
  EXPECT_THAT(late.headers,
              ::testing::Contains(std::pair<std::string, std::string>("Access-Control-Allow-Origin", "https://a.org")));
  const HttpResponse stopping = service_.refuse(
      {.reason = HttpRefusal::Reason::kStopping, .status = 503, .message = "stopping", .path = "/embed"});
  EXPECT_EQ(json::parse(stopping.body)["error_type"], "Unhealthy");
  EXPECT_THAT(stopping.headers, ElementsAre(std::pair<std::string, std::string>("Retry-After", "1")));
  const std::string counts = metrics_.to_text(0, 0);
  EXPECT_THAT(counts, HasSubstr("te_request_failure{err=\"timeout\"} 1\n"));
  EXPECT_THAT(counts, HasSubstr("te_request_failure{err=\"unhealthy\"} 1\n"));
}

/// It compares vectors with all of an index, which may be larger than memory.
TEST_F(ServiceTest, ASearchHoldsUpNobody) {
  const albert::testing::TemporaryFolder folder;
  inference::NpyWriter writer(folder / "texts.npy", kSize);
  for (const auto& row : {std::vector<float>{1, 0}, {0, 1}}) writer.add(row);
  writer.commit();
  ModelList models(1, [&](std::size_t) {
    auto model = make_model("searching", score);
    model->indexes["texts"] =
        std::make_unique<const inference::TextIndex>(folder / "texts.npy", inference::VectorOrigin{}, kSize);
    return model;
  });
  Service service({}, models, metrics_, workers_, long_workers_);
  const auto search = [&](const std::shared_ptr<Asker>& asker) {
    return ask(service, {.method = "POST", .path = "/search", .body = R"({"inputs": "7"})", .asker = asker});
  };
  std::promise<void> goes_on;
  long_workers_.post([gate = goes_on.get_future().share()] { gate.wait(); });
  std::vector<std::future<HttpResponse>> searches;
  for (int i = 0; i < 4; ++i) searches.push_back(std::async(std::launch::async, search, std::make_shared<Asker>()));
  const auto leaving = std::make_shared<Asker>();
  auto left = std::async(std::launch::async, search, leaving);
  while (metrics_.to_text(0, 0).find("te_request_count{method=\"single\"} 5\n") == std::string::npos) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_EQ(ask(service, {.method = "POST", .path = "/embed", .body = R"({"inputs": "7"})"}).body, "[[3,7]]");
  leaving->has_left = true;
  goes_on.set_value();
  for (auto& found : searches) {
    EXPECT_EQ(json::parse(found.get().body)["results"],
              json({{{"rank", 1}, {"score", 7.0}, {"line", 2}}, {{"rank", 2}, {"score", 3.0}, {"line", 1}}}));
  }
  EXPECT_EQ(left.get().status, 503);
  models.stop();
}

TEST_F(ServiceTest, TellsWhatItIs) {
  const json info = json::parse(get("/info").body);
  EXPECT_EQ(info["version"], "1");
  EXPECT_EQ(info["models"][1]["name"], "second");
  EXPECT_EQ(info["models"][0]["can"], json({"embed", "embed_all", "embed_sparse"}));
  EXPECT_EQ(json::parse(get("/v1/models").body)["data"].size(), 2U);
  EXPECT_THAT(get("/").body, HasSubstr("</html>"));
  EXPECT_TRUE(json::parse(get("/openapi.json").body)["paths"].contains("/embed"));
  EXPECT_THAT(get("/metrics").body, HasSubstr("te_queue_size 0\n"));
  EXPECT_EQ(get("/health").status, 200);
}

TEST_F(ServiceTest, OtherSitesAreAllowedByName) {
  const HttpResponse preflight = ask(service_, {.method = "OPTIONS", .path = "/embed", .origin = "https://a.org"});
  EXPECT_EQ(preflight.status, 204);
  const std::pair<std::string, std::string> allowed("Access-Control-Allow-Origin", "https://a.org");
  EXPECT_THAT(preflight.headers, ::testing::Contains(allowed));
  EXPECT_THAT(ask(service_, {.method = "GET", .path = "/health", .origin = "https://b.org"}).headers, ElementsAre());
}

TEST(ModelList, ReplacesModelsAndKeepsThoseThatCannotBeOpened) {
  int num_opened = 0;
  ModelList models(2, [&](std::size_t i) -> ModelList::Pointer {
    if (++num_opened > 3) throw ModelError("damaged");
    return make_model(i == 0 ? "a" : "b", score);
  });
  const auto before = models.all();
  EXPECT_EQ(models.reload(), 1u);
  const auto after = models.all();
  EXPECT_NE(after[0], before[0]);
  EXPECT_EQ(after[1], before[1]);
  EXPECT_EQ(models.release_replaced(), 1u);  // `before` still has it
  EXPECT_EQ(models.find("a"), after[0]);
  EXPECT_EQ(models.find("c"), nullptr);
}

}  // namespace
}  // namespace albert::serve
