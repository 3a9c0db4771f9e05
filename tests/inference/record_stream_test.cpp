#include "inference/record_stream.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/stream_lines.h"
#include "inference/vector_window.h"
#include "model/initialize.h"
#include "support/fake_tokenizer.h"
#include "support/log_capture.h"
#include "support/pipe.h"
#include "support/refusal.h"
#include "support/small_model.h"

namespace albert::inference {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class RecordStream : public ::testing::Test {
 protected:
  RecordStream() {
    const model::AlbertConfig config = testing::make_model()->config();
    model_ = model::make_task_model(config, {.kind = model::HeadKind::kEmbedding}, {});
    model::initialize(*model_, config, 1);
  }

  /// Streams a text, and takes note of the records whose results are due.
  void stream(const std::string& text, BadRecord on_bad_record, std::size_t max_line_bytes = 100) {
    const testing::Pipe pipe(text);
    StreamLines lines(pipe.reading(), max_line_bytes);
    VectorWindow window(VectorFormat::kText, [](std::int64_t) { return 16; }, {tokenizer_, 32});
    stream_records(lines, window, *model_, {.on_bad_record = on_bad_record}, [&](std::span<const DueRecord> records) {
      for (const DueRecord& record : records) {
        taken_.push_back(record.index ? window.row(*record.index) : "bad:" + record.text);
      }
    });
  }

  const testing::FakeTokenizer tokenizer_;
  std::shared_ptr<model::TaskModel> model_;
  std::vector<std::string> taken_;
};

TEST_F(RecordStream, ABadRecordIsTreatedAsAsked) {
  const std::string text = "7\n \n8\n\xff\n9\n";
  stream(text, BadRecord::kEmpty);
  EXPECT_THAT(taken_, ElementsAre("7", "bad: ", "8", "bad:", "9"));
  taken_.clear();
  stream(text, BadRecord::kSkip);
  EXPECT_THAT(taken_, ElementsAre("7", "8", "9"));
  taken_.clear();
  EXPECT_THAT(testing::refusal<DataError>([&] { stream(text, BadRecord::kStop); }), HasSubstr("standard input:2"));
  EXPECT_THAT(taken_, ElementsAre("7"));
}

TEST_F(RecordStream, OfManyBadRecordsTheFirstAreNamed) {
  constexpr std::size_t kMany = 300;
  const testing::LogCapture log;
  stream("7\n" + std::string(kMany, '\n'), BadRecord::kSkip);
  EXPECT_THAT(log.text(), AllOf(HasSubstr("standard input:101:"), HasSubstr("are counted from here on")));
  EXPECT_THAT(log.text(), Not(HasSubstr("standard input:102:")));
  EXPECT_LE(std::ranges::count(log.text(), '\n'), 101);
  EXPECT_THAT(taken_, ElementsAre("7"));
}

TEST_F(RecordStream, WhereTheStreamCannotBeReadOnTheRecordsBeforeHaveTheirResults) {
  for (const BadRecord on_bad_record : {BadRecord::kEmpty, BadRecord::kSkip, BadRecord::kStop}) {
    taken_.clear();
    EXPECT_THAT(testing::refusal<DataError>([&] { stream("7\r8\r9\n10\n", on_bad_record); }), HasSubstr("a line feed"));
    EXPECT_THAT(taken_, ElementsAre("7", "8"));
    taken_.clear();
    EXPECT_THAT(testing::refusal<DataError>([&] { stream("7\n8\n" + std::string(101, '9'), on_bad_record); }),
                HasSubstr("standard input:3: expected lines of at most 100 bytes"));
    EXPECT_THAT(taken_, ElementsAre("7", "8"));
  }
}

TEST_F(RecordStream, ScoresThatAreNoNumbersAreNoResult) {
  const at::NoGradGuard no_gradients;
  model_->parameters().back().fill_(std::numeric_limits<float>::quiet_NaN());
  EXPECT_THAT(testing::refusal<NumericalError>([&] { stream("7\n8\n", BadRecord::kStop); }), HasSubstr("diverged"));
  EXPECT_THAT(taken_, ElementsAre());
}

}  // namespace
}  // namespace albert::inference
