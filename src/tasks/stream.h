#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/ranges.h>

#include "tasks/answered_records.h"
#include "tasks/common/json_object.h"
#include "tasks/common/tab_columns.h"
#include "tasks/kind.h"

namespace albert::tasks {

/// Some records of a stream with their items and answers: the one RecordWindow of all kinds.
template <typename Types>
class StreamWindow final : public RecordWindow {
 public:
  using K = Kind<Types>;

  /// \param kind outlives the window
  /// \param reader of the stream's format
  StreamWindow(const K& kind, RecordFormat format, StreamReader<typename K::Record> reader)
      : kind_(kind), format_(format), reader_(std::move(reader)), answered_(kind) {}

  void add(std::string_view record, const Place& place) override {
    auto parsed = reader_.parse(record, place);
    if (format_ == RecordFormat::kJsonl) check_new_members(reader_.answer_names, record, place);
    answered_.add(parsed, Purpose::kPrediction);
    records_.push_back(std::move(parsed));
    rows_.emplace_back(record);
  }
  std::size_t num_records() const override { return rows_.size(); }
  std::size_t num_truncated() const override { return answered_.encoder().num_truncated(); }
  bool set_cut_side(CutSide side) override {
    if constexpr (requires(K::Encoder & encoder) { encoder.set_cut_side(side); }) {
      answered_.encoder().set_cut_side(side);
      return true;
    }
    return RecordWindow::set_cut_side(side);
  }

  std::size_t num_items() const override { return answered_.num_items(); }
  const model::Item& item(std::size_t index) const override { return answered_.item(index); }
  void take_scores(std::size_t index, std::span<const float> scores) override { answered_.take_scores(index, scores); }

  void write(std::size_t index, std::string& out) const override {
    const auto& answer = answered_.answer(index);
    const auto& record = records_[index];
    switch (format_) {
      case RecordFormat::kText:
        out += kind_.to_line(record, answer);
        break;
      case RecordFormat::kTsv:
        out += rows_[index] + '\t' + kind_.to_columns(record, answer);
        break;
      case RecordFormat::kJsonl:
        out += add_json_members(rows_[index], kind_.to_json(record, answer));
        break;
      case RecordFormat::kAnswers:
        out += kind_.to_json(record, answer).dump();
        break;
    }
    out += '\n';
  }

  void write_empty(std::string_view record, std::string& out) const override {
    if (format_ == RecordFormat::kTsv) {
      out += row_without_answer(record, reader_.num_columns, reader_.answer_names.size(), reader_.is_quoted);
    } else if (format_ == RecordFormat::kJsonl) {
      out += object_without_answer(record, reader_.answer_names);
    } else if (format_ == RecordFormat::kAnswers) {
      out += "{}";
    }
    out += '\n';
  }

  void end() const override {
    if (reader_.end) reader_.end();
  }

  void clear() override {
    answered_.clear();
    records_.clear();
    rows_.clear();
  }

 private:
  const K& kind_;
  RecordFormat format_;
  StreamReader<typename K::Record> reader_;
  AnsweredRecords<Types> answered_;
  std::vector<typename K::Record> records_;
  std::vector<std::string> rows_;  ///< as they came
};

template <typename Types>
std::unique_ptr<RecordWindow> Kind<Types>::open_window(RecordFormat format, std::string_view header,
                                                       std::string& out_header) const {
  StreamReader<Record> reader = open_stream(format == RecordFormat::kAnswers ? RecordFormat::kJsonl : format, header);
  if (!reader.columns.empty()) {
    check_new_columns(reader.answer_names, reader.columns, place_of_header());
    out_header = fmt::format("{}\t{}", header, fmt::join(reader.answer_names, "\t"));
  }
  return std::make_unique<StreamWindow<Types>>(*this, format, std::move(reader));
}

}  // namespace albert::tasks
