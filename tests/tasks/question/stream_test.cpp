#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "support/fake_tokenizer.h"
#include "support/refusal.h"
#include "tasks/question/settings.h"
#include "tasks/question/task.h"
#include "tasks/task.h"

namespace albert::tasks {
namespace {

using ::testing::HasSubstr;
using testing::refusal;

const Place kPlace{.file = "standard input", .line = 7, .id = {}};

using Change = std::function<void(QuestionSettings&)>;

std::unique_ptr<Task> open_task_with(const Change& change) {
  TaskDefinition definition{.config = TaskConfig(question_type())};
  definition.config.max_sequence_length = 80;
  if (change) change(definition.config.as<QuestionSettings>());
  return make_task(std::move(definition), std::make_shared<testing::FakeTokenizer>());
}

/// A stream, with scores that point at the tokens 12 and 13.
class Stream {
 public:
  explicit Stream(RecordFormat format, std::string_view header = "", const Change& change = {})
      : task_(open_task_with(change)), stream_(task_->open_window(format, header, header_)) {}

  void add(std::string_view record) { stream_->add(record, kPlace); }
  std::string message_of(std::string_view record) {
    return refusal<DataError>([&] { add(record); });
  }

  /// \param none score of there being no answer
  std::vector<std::string> answers(float none = -9) {
    for (std::size_t i = 0; i < stream_->num_items(); ++i) {
      const std::vector<std::int32_t>& ids = stream_->item(i).sequences[0].token_ids;
      std::vector<float> scores(2 * ids.size(), -9);
      scores[0] = scores[ids.size()] = none;
      for (std::size_t token = 0; token < ids.size(); ++token) {
        if (ids[token] == 12) scores[token] = 5;
        if (ids[token] == 13) scores[ids.size() + token] = 5;
      }
      stream_->take_scores(i, scores);
    }
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < stream_->num_records(); ++i) stream_->write(i, lines.emplace_back());
    return lines;
  }

  RecordWindow& operator*() { return *stream_; }
  const std::string& header() const { return header_; }

 private:
  std::string header_;
  std::unique_ptr<Task> task_;
  std::unique_ptr<RecordWindow> stream_;
};

TEST(QuestionStream, AnswersLinesOfText) {
  Stream stream(RecordFormat::kText);
  stream.add("50\t10 \u4e2d 12 13 14");
  stream.add("51\t12  13");
  EXPECT_THAT(stream.answers(), ::testing::ElementsAre("12 13\t0.99999666\t5\t10\n", "12  13\t0.99999833\t0\t6\n"));
  EXPECT_EQ(stream.header(), "");
}

/// A batch that fails in the middle is computed again.
TEST(QuestionStream, AWindowThatHasItsScoresTwiceCountsOnce) {
  std::string text = "50\t";
  for (int i = 0; i < 300; ++i) text += "10 ";
  Stream stream(RecordFormat::kText), undisturbed(RecordFormat::kText);
  for (Stream* each : {&stream, &undisturbed}) each->add(text + "12 13");
  const std::size_t num_windows = (*stream).num_items();
  ASSERT_GE(num_windows, 3U);
  const std::vector<float> wrong(2 * (*stream).item(0).sequences[0].token_ids.size());
  for (std::size_t i = 0; i < num_windows; ++i) (*stream).take_scores(0, wrong);
  std::string out;
  EXPECT_THROW((*stream).write(0, out), InternalError);
  EXPECT_EQ(stream.answers(), undisturbed.answers());
}

TEST(QuestionStream, AnswersTables) {
  Stream stream(RecordFormat::kTsv, "context\tid\tquestion");
  EXPECT_EQ(stream.header(), "context\tid\tquestion\tanswer\tprobability\tstart\tend");
  stream.add("10 12 13\tq1\t50");
  EXPECT_THAT(stream.answers(), ::testing::ElementsAre("10 12 13\tq1\t50\t12 13\t0.9999975\t3\t8\n"));
  EXPECT_THAT(stream.message_of("10\t50"), HasSubstr("standard input:7: expected 3 columns as in the header, found 2"));
  EXPECT_THAT(refusal<DataError>([] { Stream(RecordFormat::kTsv, "question\ttext"); }),
              HasSubstr("expected columns named 'question' and 'context', found: 'question', 'text'"));
  for (const char* header : {"question\tcontext\tanswer", "start\tquestion\tcontext"}) {
    EXPECT_THAT(refusal<DataError>([&] { Stream(RecordFormat::kTsv, header); }), HasSubstr("already"));
  }
}

TEST(QuestionStream, AnswersJsonLines) {
  Stream stream(RecordFormat::kJsonl, "", [](auto& settings) { settings.show_n_best = true; });
  stream.add(R"({"id": "q1", "question": "50", "context": "10 12\n13", "price": 1.10})");
  const std::string line = stream.answers()[0];
  EXPECT_THAT(line,
              ::testing::StartsWith(R"({"id": "q1","question": "50","context": "10 12\n13","price": 1.10,"answer":)"));
  const nlohmann::json answer = nlohmann::json::parse(line);
  EXPECT_EQ(answer["answer"], "12\n13");
  EXPECT_EQ(answer["start"], 3);
  EXPECT_EQ(answer["end"], 8);
  EXPECT_NEAR(answer["probability"].get<double>(), 1, 1e-3);
  EXPECT_FALSE(answer.contains("null_odds"));
  ASSERT_GT(answer["n_best"].size(), 1U);
  EXPECT_EQ(answer["n_best"][0]["answer"], "12\n13");
}

TEST(QuestionStream, SaysThatThereIsNoAnswer) {
  Stream json(RecordFormat::kJsonl, "", [](auto& settings) { settings.no_answer = true; });
  json.add(R"({"question": "50", "context": "10 12 13"})");
  const nlohmann::json answer = nlohmann::json::parse(json.answers(9)[0]);
  EXPECT_FALSE(answer.contains("id"));
  EXPECT_TRUE(answer["answer"].is_null());
  EXPECT_TRUE(answer["start"].is_null());
  EXPECT_EQ(answer["null_odds"], 8);
  Stream text(RecordFormat::kText, "", [](auto& settings) { settings.no_answer = true; });
  text.add("50\t10 12 13");
  EXPECT_THAT(text.answers(9), ::testing::ElementsAre("\t0.99966466\t\t\n"));
}

TEST(QuestionStream, BadRecordsLeaveItAsItWas) {
  Stream text(RecordFormat::kText);
  text.add("50\t12 13");
  EXPECT_THAT(text.message_of("a question alone"),
              HasSubstr("standard input:7: expected a question and its context apart by a tab, found 1 fields"));
  EXPECT_THAT(text.message_of("50\t"), HasSubstr("the context is empty"));
  EXPECT_THAT(text.message_of(" \t12"), HasSubstr("the question is empty"));
  Stream json(RecordFormat::kJsonl);
  EXPECT_THAT(json.message_of("{"), HasSubstr("standard input:7: not valid JSON"));
  EXPECT_THAT(json.message_of(R"({"question": "50"})"), HasSubstr("expected a member 'context'"));
  EXPECT_EQ((*text).num_records(), 1U);
  EXPECT_EQ((*text).num_items(), 1U);
  EXPECT_EQ(text.answers().size(), 1U);
}

TEST(QuestionStream, BeginsAnewAfterClear) {
  Stream stream(RecordFormat::kText);
  stream.add("50\t12 13");
  stream.answers();
  (*stream).clear();
  EXPECT_EQ((*stream).num_records(), 0U);
  EXPECT_EQ((*stream).num_items(), 0U);
  stream.add("50\t11 12 13");
  EXPECT_THAT(stream.answers(), ::testing::ElementsAre("12 13\t0.9999975\t3\t8\n"));
}

TEST(QuestionStream, CountsQuestionsThatAreCut) {
  Stream stream(RecordFormat::kText, "", [](auto& settings) { settings.max_question_length = 2; });
  stream.add("50 51 52\t12 13");
  stream.add("50 51\t12 13");
  (*stream).clear();
  stream.add("50 51 52 53\t12 13");
  EXPECT_EQ((*stream).num_truncated(), 2U);
}

// A long context is many windows of one record.
TEST(QuestionStream, ALongContextIsReadInWindows) {
  std::string context;
  for (int i = 0; i < 5000; ++i) context += "20 ";
  context += "12 13";
  for (int i = 0; i < 5000; ++i) context += " 20";
  Stream stream(RecordFormat::kText, "", [](auto& settings) { settings.stride = 32; });
  stream.add("50\t" + context);
  EXPECT_GT((*stream).num_items(), 300U);
  EXPECT_THAT(stream.answers(), ::testing::ElementsAre("12 13\t1\t15000\t15005\n"));
}

}  // namespace
}  // namespace albert::tasks
