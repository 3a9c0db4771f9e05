#include "config/recipes.h"

#include <algorithm>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/file.h"
#include "config/configuration.h"
#include "support/current_folder.h"
#include "support/log_capture.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"

namespace albert::config {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::ThrowsMessage;

/// "recipe model/tiny:3": where a key at the left margin stands.
std::string place_in(std::string_view folder, std::string_view name, const std::string& key) {
  const Recipe& recipe = recipe_named(name, {folder});
  const std::size_t at = recipe.text.find(fmt::format("\n{}:", key));
  const auto line = std::ranges::count(recipe.text.substr(0, at + 1), '\n') + 1;
  return fmt::format("recipe {}:{}", recipe.full_name(), line);
}

TEST(Recipes, AreTheFilesOfConfigs) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator("configs")) {
    if (entry.path().extension() != ".yaml") continue;
    files[entry.path().lexically_relative("configs").replace_extension()] = read_file(entry.path());
  }
  std::map<std::string, std::string> held;
  for (const Recipe& recipe : recipes()) held[recipe.full_name()] = recipe.text;
  EXPECT_EQ(held, files);
  EXPECT_EQ(recipes().size(), files.size()) << "a name occurs twice";
  EXPECT_GT(files.size(), 40U);
}

TEST(Recipes, StandFolderByFolderAndEachSaysWhatItIsFor) {
  std::vector<std::string> folders;
  for (const Recipe& recipe : recipes()) {
    if (folders.empty() || folders.back() != recipe.folder) folders.emplace_back(recipe.folder);
    EXPECT_FALSE(recipe.summary().empty()) << recipe.full_name();
    EXPECT_THAT(std::string(recipe.text), ::testing::StartsWith(fmt::format("# {}\n", recipe.summary())));
  }
  EXPECT_THAT(folders, ::testing::ElementsAre("finetune", "pretrain", "model"));
}

TEST(Recipes, AreFoundInAnyFolderByTheirNames) {
  const testing::TemporaryFolder folder;
  const albert::testing::CurrentFolder inside(folder.path());
  EXPECT_NE(read_configuration("sst2", {"finetune"}).find("task"), nullptr);
  EXPECT_NE(read_configuration("finetune/sst2", {"finetune"}).find("task"), nullptr);
  EXPECT_THROW(read_configuration("pretrain/tiny", {"finetune"}), UsageError);
}

TEST(Recipes, OneOfAnotherCommandIsNamedAsSuch) {
  EXPECT_THAT(testing::refusal<UsageError>([] { read_configuration("sst2", {"pretrain"}); }),
              HasSubstr("sst2 is a recipe of finetune, where one of pretrain is expected"));
}

TEST(Recipes, AFileThatHidesOneIsNamed) {
  const testing::TemporaryFolder folder;
  const albert::testing::CurrentFolder inside(folder.path());
  write_file_atomically("sst2", "task: {name: own}\n");
  const testing::LogCapture log;
  EXPECT_EQ(read_configuration("sst2", {"finetune"}).find("task")->find("name")->scalar, "own");
  EXPECT_THAT(log.text(), HasSubstr("not as the recipe finetune/sst2"));
}

TEST(Recipes, TheCommandsFolderTellsLikeNamesApart) {
  EXPECT_EQ(recipe_named("quickstart", {"finetune"}).full_name(), "finetune/quickstart");
  EXPECT_EQ(recipe_named("quickstart", {"pretrain"}).full_name(), "pretrain/quickstart");
  EXPECT_EQ(recipe_named("pretrain/quickstart", {"finetune", "pretrain"}).full_name(), "pretrain/quickstart");
  EXPECT_THAT(
      [] {
        recipe_named("quickstart", {"finetune", "pretrain"});
      },
      ThrowsMessage<UsageError>(HasSubstr("say which: finetune/quickstart or pretrain/quickstart")));
}

TEST(Recipes, AFileOfThePathComesFirst) {
  const testing::TemporaryFolder folder;
  const albert::testing::CurrentFolder inside(folder.path());
  fs::create_directory("sst2");  // of a run, which is no configuration
  EXPECT_EQ(read_configuration("sst2", {"finetune"}).origin.to_string(), place_in("finetune", "sst2", "task"));
  write_file_atomically("cola", "task: {}\n");
  EXPECT_EQ(read_configuration("cola", {"finetune"}).origin.to_string(), "cola:1");
}

TEST(Recipes, OfAnUnknownNameThoseLikeItAreNamed) {
  const auto refuses = [](const std::string& name, const auto& expected) {
    EXPECT_THAT([&] { read_configuration(name, {"finetune"}); }, ThrowsMessage<UsageError>(expected)) << name;
  };
  refuses("squad", AllOf(HasSubstr("neither a file nor a recipe squad; is it 'squad1' or 'squad2'?"),
                         HasSubstr("`albert config list`")));
  refuses("elsewhere/configs/finetune/sst2.yaml", HasSubstr("; is it 'sst2'?"));
  refuses("base-v2", Not(HasSubstr("is it")));
  EXPECT_THAT(
      [] {
        recipe_named("bose", {"pretrain", "model"});
      },
      ThrowsMessage<UsageError>(HasSubstr("no recipe bose; is it 'pretrain/base'?")));
}

/// One key of a model, so that its others and those beside it are unknown.
struct Whole {
  struct Model {
    std::int64_t layers = 0;

    void fields(Fields& f) { f("num_hidden_layers", layers, "how many"); }
  };
  Model model;

  void fields(Fields& f) { f.group("model", model, "its shape"); }
};

std::string mistakes_of(const Configuration& document) {
  return albert::testing::refusal<UsageError>([&] { document.read<Whole>(); });
}

TEST(Recipes, ModelsThatTheyNameAreRecipesToo) {
  const testing::TemporaryFolder folder;
  fs::create_directories(folder / "model");
  write_file_atomically(folder / "model/base-v2.yaml", "num_hidden_layers: 1\n");
  fs::create_directories(folder / "pretrain");
  const albert::testing::CurrentFolder inside(folder / "pretrain");
  Configuration document({"model"});
  document.add_tree(parse_recipe(recipe_named("base", {"pretrain"})));
  EXPECT_EQ(document.locate("model.num_hidden_layers"), place_in("model", "base-v2", "num_hidden_layers"));
  EXPECT_THAT(mistakes_of(document),
              AllOf(HasSubstr(place_in("pretrain", "base", "optimizer") + ": unknown key 'optimizer'"),
                    HasSubstr(place_in("model", "base-v2", "hidden_act") + ": unknown key 'model.hidden_act'")));
}

TEST(Recipes, AnOwnFileMayNameOne) {
  const testing::TemporaryFolder folder;
  write_file_atomically(folder / "own.yaml", "model: small\n");
  write_file_atomically(folder / "wrong.yaml", "model: smal\n");
  const albert::testing::CurrentFolder inside(folder.path());
  Configuration document({"model"});
  document.add_tree(parse_file("own.yaml"));
  EXPECT_EQ(document.locate("model.num_hidden_layers"), place_in("model", "small", "num_hidden_layers"));
  document.add_assignment("model=tiny");
  EXPECT_EQ(document.locate("model.num_hidden_layers"), place_in("model", "tiny", "num_hidden_layers"));
  EXPECT_THAT([] { Configuration({"model"}).add_tree(parse_file("wrong.yaml")); },
              ThrowsMessage<UsageError>(AllOf(HasSubstr("wrong.yaml:1: model: there is no file"),
                                              HasSubstr("no recipe smal; is it 'small'?"))));
}

TEST(Recipes, ACopyElsewhereIsTheSameConfiguration) {
  const testing::TemporaryFolder folder;
  for (const Recipe& recipe : recipes()) {
    SCOPED_TRACE(recipe.full_name());
    write_file_atomically(folder / "own.yaml", recipe.text);
    Configuration original({"model"});
    Configuration copy({"model"});
    original.add_tree(parse_recipe(recipe));
    copy.add_tree(parse_file(folder / "own.yaml"));
    EXPECT_EQ(flatten(copy.root()), flatten(original.root()));
    EXPECT_EQ(copy.root().find("model") != nullptr && copy.root().find("model")->find("hidden_size") != nullptr,
              recipe.folder == "pretrain");
  }
}

}  // namespace
}  // namespace albert::config
