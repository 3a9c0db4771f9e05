// Gives each text on standard input, one a line, or each pair of texts with a tab between, the probability of each class, by ONNX Runtime.
//
// Install: ONNX Runtime for C++, such as the archive onnxruntime-linux-x64-VERSION.tgz of its releases. Neither Debian 12 nor PyPI has its
//          headers; the library of `pip install onnxruntime`, which scripts/setup.sh --tests fetches, is found by itself.
// Build:   cmake --preset release -DONNXRUNTIME_INCLUDE_DIR=FOLDER_OF_onnxruntime_cxx_api.h [-DONNXRUNTIME_LIBRARY=FILE]
//          cmake --build build/release --target onnxruntime_classify
// Run:     build/release/scripts/examples/onnxruntime_classify FOLDER [FILE] < texts.txt
//          FOLDER: what `albert export` wrote; FILE: a graph in it [onnx/model.onnx], as onnx/model_int8.onnx
#include <array>
#include <exception>
#include <filesystem>
#include <iostream>

#include <onnxruntime_cxx_api.h>

#include "classify.h"

namespace {

using albert::examples::Batch;

Ort::Value tensor(const Batch& batch, std::vector<std::int64_t>& values) {
  const std::array shape = {batch.num_texts, batch.length};
  const Ort::MemoryInfo memory = Ort::MemoryInfo::CreateCpu(OrtArenaAllocator, OrtMemTypeDefault);
  return Ort::Value::CreateTensor<std::int64_t>(memory, values.data(), values.size(), shape.data(), shape.size());
}

void classify(const std::filesystem::path& folder, const std::filesystem::path& file) {
  Ort::Env environment;
  Ort::Session session(environment, (folder / file).c_str(), Ort::SessionOptions());
  albert::examples::classify_standard_input(folder, [&](Batch& batch) {
    constexpr std::array kInputs = {"input_ids", "attention_mask", "token_type_ids"};
    constexpr std::array kOutputs = {"logits"};
    const std::array inputs = {tensor(batch, batch.input_ids), tensor(batch, batch.attention_mask),
                               tensor(batch, batch.token_type_ids)};
    const std::vector<Ort::Value> outputs =
        session.Run(Ort::RunOptions(), kInputs.data(), inputs.data(), inputs.size(), kOutputs.data(), kOutputs.size());
    const auto* logits = outputs.front().GetTensorData<float>();  // [B, classes]
    return std::vector<float>(logits, logits + outputs.front().GetTensorTypeAndShapeInfo().GetElementCount());
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3) {
    std::cerr << "usage: onnxruntime_classify FOLDER [FILE] < texts.txt\n";
    return 2;
  }
  try {
    classify(argv[1], argc == 3 ? argv[2] : "onnx/model.onnx");
  } catch (const std::exception& error) {
    std::cerr << "onnxruntime_classify: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
