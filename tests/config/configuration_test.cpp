#include "config/configuration.h"

#include <cstdlib>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "config/json_fields.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"

namespace albert::config {
namespace {

enum class Shape { kRound, kSquare };

struct Part {
  std::int64_t count = 3;
  double rate = 0.5;

  void fields(Fields& f) {
    f("count", count, "how many", at_least(0));
    f("rate", rate, "share", between(0, 1));
  }
};

struct Whole {
  std::string name = "whole";
  bool enabled = false;
  Shape shape = Shape::kRound;
  fs::path file;
  std::vector<std::string> words;
  Part part;
  std::int64_t steps = 100;
  double epochs = 0;

  void fields(Fields& f) {
    f("name", name, "what it is called");
    f("enabled", enabled, "whether it does anything");
    f.choice("shape", shape, "its form", {{"round", Shape::kRound}, {"square", Shape::kSquare}});
    f("file", file, "where it lies");
    f("words", words, "several");
    f.group("part", part, "a part of it");
    f("steps", steps, "length");
    f("epochs", epochs, "length");
    f.one_counts({{"steps", &steps}, {"epochs", &epochs}});
  }

  void check(Checks& c) const {
    if (enabled && part.count == 0) c.fail("part.count", "is 0, but enabled is true; set one of the two");
  }
};

struct Weighted {
  WordOrNumbers weights;

  void fields(Fields& f) { f("weights", weights, "how much each counts", {"balanced"}, at_least(0)); }
};

WordOrNumbers read_weights(const std::string& value) {
  Configuration configuration;
  configuration.add_assignment("weights=" + value);
  return configuration.read<Weighted>().weights;
}

TEST(Configuration, AWordOrNumbersAreReadAndWrittenBack) {
  for (const auto& [text, value] :
       std::vector<std::pair<std::string, WordOrNumbers>>{{"balanced", {.word = "balanced"}},
                                                          {"0.25", {.numbers = {0.25}}},
                                                          {"[1, 2.5]", {.numbers = {1, 2.5}}},
                                                          {"[]", {}}}) {
    EXPECT_EQ(read_weights(text), value) << text;
    Configuration written;
    written.add_tree(to_node(Weighted{value}));
    EXPECT_EQ(written.read<Weighted>().weights, value) << text;
    nlohmann::json object;
    Weighted stored{value}, read;
    JsonWriter writer(object);
    stored.fields(writer);
    JsonReader reader(object);
    read.fields(reader);
    EXPECT_EQ(read.weights, value) << object;
  }
  const auto refusal = [](const std::string& value) {
    return albert::testing::refusal<UsageError>([&] { read_weights(value); });
  };
  EXPECT_THAT(refusal("even"), ::testing::HasSubstr("expected balanced, a number or a list of numbers, found 'even'"));
  EXPECT_THAT(refusal("[1, -2]"), ::testing::HasSubstr("found -2"));
  EXPECT_THAT(refusal("{a: 1}"), ::testing::HasSubstr("weights: expected balanced, a number"));
}

struct Growing {
  Timeline size = 2;
  Timeline schedule;

  void fields(Fields& f) {
    f("size", size, "how large", between(1, 64));
    f("schedule", schedule, "how large over the run", at_least(1));
  }
};

Growing read_growing(const std::vector<std::string>& assignments) {
  Configuration configuration;
  for (const std::string& assignment : assignments) configuration.add_assignment(assignment);
  return configuration.read<Growing>();
}

TEST(Configuration, PathsStartFromTheFolderOfAFileButNotOfAStream) {
  const auto folder = [](const char* file) { return Origin{.file = file, .line = 1}.folder(); };
  EXPECT_EQ(folder("runs/a.yaml"), "runs");
  EXPECT_EQ(folder("/dev/shm/a.yaml"), "/dev/shm") << "a folder as others";
  EXPECT_EQ(folder("/dev/stdin"), "");
  EXPECT_EQ(folder("/dev/fd/63"), "");
}

TEST(Configuration, ATimelineIsReadAndWrittenBack) {
  for (const auto& [text, value] : std::vector<std::pair<std::string, Timeline>>{
           {"3.5", Timeline(3.5)}, {"{0: 3, 0.35: 6, 1: 12}", Timeline({{0, 3}, {0.35, 6}, {1, 12}})}}) {
    Growing read = read_growing({"size=" + text});
    EXPECT_EQ(read.size, value) << text;
    EXPECT_TRUE(read.schedule.is_empty());
    Configuration written;
    written.add_tree(to_node(Growing{value, value}));
    EXPECT_EQ(written.read<Growing>().size, value) << text;
    EXPECT_EQ(written.read<Growing>().schedule, value) << text;
    nlohmann::json object;
    JsonWriter writer(object);
    read.fields(writer);
    Growing stored;
    JsonReader reader(object);
    stored.fields(reader);
    EXPECT_EQ(stored.size, value) << object;
    EXPECT_TRUE(stored.schedule.is_empty()) << object;
  }
}

TEST(Configuration, ATimelineIsReplacedWhole) {
  EXPECT_EQ(read_growing({"schedule={0: 3, 0.35: 6}", "schedule={0: 2, 0.5: 6}"}).schedule,
            Timeline({{0, 2}, {0.5, 6}}));
  EXPECT_EQ(read_growing({"schedule={0: 3, 0.35: 6}", "schedule=4"}).schedule, Timeline(4));
  EXPECT_TRUE(read_growing({"schedule={0: 3, 0.35: 6}", "schedule=null"}).schedule.is_empty());
}

TEST(Configuration, AWrongTimelineIsNamed) {
  const auto refusal = [](const std::string& value) {
    return albert::testing::refusal<UsageError>([&] { read_growing({"size=" + value}); });
  };
  EXPECT_THAT(refusal("[1, 2]"), ::testing::HasSubstr("numbers by shares of the run, as {0: 1, 0.5: 2}, found a list"));
  EXPECT_THAT(refusal("{start: 1, end: 2}"), ::testing::HasSubstr("found a mapping"));
  EXPECT_THAT(refusal("{0: 1, 0.5: many}"), ::testing::HasSubstr("size.0.5: expected a number, found 'many'"));
  EXPECT_THAT(refusal("{0: 1, 0.5: 65}"), ::testing::HasSubstr("between 1 and 64, found 65"));
  EXPECT_THAT(refusal("{0.1: 1}"), ::testing::HasSubstr("begins at the share 0.1 of the run"));
  EXPECT_THAT(refusal("{0: 1, 0.5: 2, 0.4: 3}"), ::testing::HasSubstr("has the share 0.4 behind 0.5"));
  EXPECT_THAT(refusal("{0: 1, 50: 2}"),
              ::testing::HasSubstr("has the share 50; expected shares of the run, from 0 to 1"));
}

TEST(Timeline, GoesInLinesOrInStages) {
  const Timeline timeline({{0, 4}, {0.5, 8}, {0.75, 6}});
  EXPECT_EQ(timeline.value_at(0), 4);
  EXPECT_EQ(timeline.value_at(25, 100), 6);
  EXPECT_EQ(timeline.value_at(50, 100), 8);
  EXPECT_EQ(timeline.value_at(0.625), 7);
  EXPECT_EQ(timeline.value_at(1), 6);
  EXPECT_EQ(timeline.stage_at(49, 100), 4);
  EXPECT_EQ(timeline.stage_at(50, 100), 8);
  EXPECT_EQ(timeline.stage_at(1, 3), 4) << "0.5 of three updates is the second one's end";
  EXPECT_EQ(timeline.stage_at(2, 3), 6);
}

struct Item {
  fs::path file = {};
  std::optional<double> weight = {};
  Part part = {};

  void fields(Fields& f) {
    f("file", file, "where it lies");
    f("weight", weight, "how much of it", positive());
    f.group("part", part, "a part of it");
  }
};

struct Items {
  std::vector<Item> items = {{.file = "default"}};
  std::string name;

  void fields(Fields& f) {
    f.list("items", items, "several");
    f("name", name, "what they are called");
  }
  void check(Checks& c) const {
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (items[i].part.count == 0) c.fail(fmt::format("items[{}].part.count", i), "is 0");
    }
  }
};

TEST(Configuration, AListOfComponentsIsReadAndWrittenBack) {
  const testing::TemporaryFolder folder;
  write_file_atomically(folder / "a.yaml",
                        "name: x\nitems:\n  - file: a\n    weight: 0.25\n  - {part: {count: 7}, weight: null}\n");
  Configuration configuration;
  configuration.add_tree(parse_file(folder / "a.yaml"));
  const auto read = configuration.read<Items>();
  ASSERT_EQ(read.items.size(), 2U);
  EXPECT_EQ(read.items[0].file, folder / "a");
  EXPECT_EQ(read.items[0].weight, 0.25);
  EXPECT_EQ(read.items[1].file, "") << "what a list leaves out has its default";
  EXPECT_EQ(read.items[1].weight, std::nullopt);
  EXPECT_EQ(read.items[1].part.count, 7);

  const std::string yaml = to_yaml(to_node(read, &configuration.root()));
  EXPECT_EQ(yaml, fmt::format("items:\n"
                              "  - file: {}\n    weight: 0.25\n    part:\n      count: 3\n      rate: 0.5\n"
                              "  - file: \"\"\n    weight: null\n    part:\n      count: 7\n      rate: 0.5\n"
                              "name: x\n",
                              (folder / "a").string()));
  Configuration again;
  again.add_tree(parse_text(yaml, {}));
  EXPECT_EQ(to_yaml(to_node(again.read<Items>())), yaml);
  EXPECT_THAT(to_yaml(to_node(read, &configuration.root()), /*with_origins=*/true),
              ::testing::AllOf(::testing::HasSubstr("    weight: 0.25  # " + (folder / "a.yaml:4").string()),
                               ::testing::HasSubstr("      rate: 0.5  # default")));
  EXPECT_THAT(flatten(again.root()),
              ::testing::IsSupersetOf({std::pair<std::string, std::string>("items[0].weight", "0.25"),
                                       {"items[1].weight", "null"},
                                       {"items[1].part.count", "7"}}));
  EXPECT_EQ(configuration.locate("items[0].weight"), (folder / "a.yaml:4").string());
  EXPECT_EQ(configuration.locate("items[1].part.count"), (folder / "a.yaml:5").string());

  configuration.add_assignment("items=[{file: b, weight: 2}, {file: /c}, {}]");
  EXPECT_EQ(configuration.read<Items>().items.size(), 3U) << "a list replaces the one before";
  EXPECT_EQ(configuration.read<Items>().items[0].file, fs::current_path() / "b");
  EXPECT_EQ(configuration.read<Items>().items[1].file, "/c");
  EXPECT_EQ(Configuration().read<Items>().items.size(), 1U) << "where none is written, the default stays";
  configuration.add_assignment("items=[]");
  EXPECT_TRUE(configuration.read<Items>().items.empty());
  EXPECT_THAT(to_yaml(to_node(configuration.read<Items>())), ::testing::HasSubstr("items: []\n"));
}

TEST(Configuration, MistakesInAListHaveTheirPlace) {
  const testing::TemporaryFolder folder;
  write_file_atomically(folder / "a.yaml", "items:\n  - {file: a, weight: 0}\n  - b\n  - {wieght: 1}\n  - {part: 3}\n");
  const auto mistakes = [](const Configuration& configuration) {
    return albert::testing::refusal<UsageError>([&] { configuration.read<Items>(); });
  };
  Configuration configuration;
  configuration.add_tree(parse_file(folder / "a.yaml"));
  EXPECT_THAT(
      mistakes(configuration),
      ::testing::AllOf(::testing::HasSubstr("a.yaml:2: items[0].weight: expected a number greater than 0, found 0"),
                       ::testing::HasSubstr("a.yaml:3: items[1]: expected a mapping of settings, found 'b'"),
                       ::testing::HasSubstr("a.yaml:4: unknown key 'items[2].wieght'; did you mean 'items[2].weight'?"),
                       ::testing::HasSubstr("a.yaml:5: items[3].part: expected a mapping of settings, found '3'")));
  for (const auto& [value, message] :
       {std::pair("{file: a}", "--set items: items: expected a list of mappings, as [{...}, {...}], found a mapping"),
        {"[{weight: x}]", "--set items: items[0].weight: expected a number, found 'x'"},
        {"[{weight: [1]}]", "--set items: items[0].weight: expected a number, found a list"},
        {"null", "found nothing"}}) {
    Configuration set;
    set.add_assignment(std::string("items=") + value);
    EXPECT_THAT(mistakes(set), ::testing::HasSubstr(message)) << value;
  }
  EXPECT_THAT(albert::testing::refusal<UsageError>([] { Configuration().add_assignment("items[0].weight=1"); }),
              ::testing::HasSubstr("--set items[0].weight: an item of a list is not set alone; give the whole list: "
                                   "--set items='[...]'"));
  Configuration contradictory;
  contradictory.add_tree(parse_text("items:\n  - file: a\n  - part: {count: 0}\n", {.file = "b.yaml", .line = 1}));
  EXPECT_THAT(mistakes(contradictory), ::testing::HasSubstr("b.yaml:3: items[1].part.count: is 0"));
}

TEST(JsonFields, AListOfComponentsIsReadAndWrittenBack) {
  Items items;
  items.items = {{.file = "a", .weight = 0.5}, {.file = "b"}};
  nlohmann::json object;
  JsonWriter writer(object);
  items.fields(writer);
  EXPECT_EQ(object["items"][0]["weight"], 0.5);
  EXPECT_TRUE(object["items"][1]["weight"].is_null());
  Items read;
  JsonReader reader(object);
  read.fields(reader);
  EXPECT_TRUE(reader.mistakes().empty());
  ASSERT_EQ(read.items.size(), 2U);
  EXPECT_EQ(read.items[0].weight, 0.5);
  EXPECT_EQ(read.items[1].file, "b");

  const auto wrong = nlohmann::json::parse(R"({"items": [{"weight": -1}, 3, {"weight": "x"}]})");
  JsonReader refusing(wrong);
  read.fields(refusing);
  EXPECT_THAT(refusing.mistakes(),
              ::testing::ElementsAre(::testing::HasSubstr("items[0].weight: expected a number greater than 0"),
                                     ::testing::HasSubstr("items[1]: expected an object, found 3"),
                                     ::testing::HasSubstr("items[2].weight: expected a number, found")));
}

std::string error_of(const Configuration& configuration) {
  return albert::testing::refusal<UsageError>([&] { configuration.read<Whole>(); });
}

TEST(Configuration, ReadsFilesAndAssignmentsInOrder) {
  const testing::TemporaryFolder folder;
  write_file_atomically(
      folder / "a.yaml",
      "name: one\nshape: square\nfile: data/x.txt\nwords: [a, b]\npart:\n  count: 1_000\n  rate: 1e-2\n");
  Configuration configuration;
  configuration.add_tree(parse_file(folder / "a.yaml"));
  configuration.add_assignment("part.rate=0.25");
  configuration.add_assignment("enabled=true");
  const auto whole = configuration.read<Whole>();
  EXPECT_EQ(whole.name, "one");
  EXPECT_EQ(whole.shape, Shape::kSquare);
  EXPECT_EQ(whole.file, folder / "data/x.txt");
  EXPECT_THAT(whole.words, ::testing::ElementsAre("a", "b"));
  EXPECT_EQ(whole.part.count, 1000);
  EXPECT_EQ(whole.part.rate, 0.25);
  EXPECT_TRUE(whole.enabled);
  EXPECT_EQ(configuration.locate("part.count"), (folder / "a.yaml").string() + ":6");
  EXPECT_EQ(configuration.locate("part.rate"), "--set part.rate");
}

TEST(Configuration, ReportsEveryMistakeAtOnceWithItsPlace) {
  const testing::TemporaryFolder folder;
  write_file_atomically(folder / "a.yaml",
                        "nmae: one\nshape: oval\nenabled: 1\npart:\n  count: -1\n  rate: \"0.5\"\n  rte: 1\n");
  Configuration configuration;
  configuration.add_tree(parse_file(folder / "a.yaml"));
  configuration.add_assignment("zzzzzzzz=1");
  EXPECT_THAT(error_of(configuration),
              ::testing::AllOf(
                  ::testing::HasSubstr("7 mistakes"),
                  ::testing::HasSubstr("a.yaml:1: unknown key 'nmae'; did you mean 'name'?"),
                  ::testing::HasSubstr("a.yaml:2: shape: expected one of round, square, found 'oval'"),
                  ::testing::HasSubstr("a.yaml:3: enabled: expected true or false, found '1'"),
                  ::testing::HasSubstr("a.yaml:5: part.count: expected a number greater than or equal to 0, found -1"),
                  ::testing::HasSubstr("a.yaml:6: part.rate: expected a number, found the text \"0.5\""),
                  ::testing::HasSubstr("a.yaml:7: unknown key 'part.rte'; did you mean 'part.rate'?"),
                  ::testing::HasSubstr("--set zzzzzzzz: unknown key 'zzzzzzzz'; expected one of name, ")));
}

TEST(Configuration, ContradictionsAreLocated) {
  Configuration configuration;
  configuration.add_assignment("enabled=true");
  configuration.add_assignment("part.count=0");
  EXPECT_THAT(error_of(configuration), ::testing::HasSubstr("--set part.count: part.count: is 0, but enabled is true"));
}

TEST(Configuration, OfTwoKeysForTheSameTheLaterCounts) {
  const testing::TemporaryFolder folder;
  write_file_atomically(folder / "a.yaml", "epochs: 3\n");
  write_file_atomically(folder / "both.yaml", "steps: 5\nepochs: 3\n");
  Configuration configuration;
  configuration.add_tree(parse_file(folder / "a.yaml"));
  EXPECT_EQ(configuration.read<Whole>().steps, 0) << "a file comes after a default";
  EXPECT_EQ(configuration.read<Whole>().epochs, 3);
  configuration.add_assignment("steps=20");
  const auto whole = configuration.read<Whole>();
  EXPECT_EQ(whole.steps, 20) << "--set comes after a file";
  EXPECT_EQ(whole.epochs, 0);
  EXPECT_THAT(to_yaml(to_node(whole, &configuration.root()), /*with_origins=*/true),
              ::testing::HasSubstr("epochs: 0  # --set steps"));

  configuration.add_assignment("epochs=2");
  EXPECT_EQ(configuration.read<Whole>().epochs, 2) << "of two --set the later one counts";
  EXPECT_EQ(configuration.read<Whole>().steps, 0);

  Configuration equal;
  equal.add_tree(parse_file(folder / "both.yaml"));
  EXPECT_EQ(equal.read<Whole>().steps, 5) << "a contradiction in one place is left to check()";
  EXPECT_EQ(equal.read<Whole>().epochs, 3);
}

TEST(Configuration, WhatIsWrittenReadsBack) {
  const testing::TemporaryFolder folder;
  for (const char* name :
       {"Null", "NULL", "null", "~",   " 5",   "a\rb", "true", "1e3", "|",  ">", "?",  "? a",         "&a",
        "*a",   "#",    "-",    "- a", "=",    "!x",   "@",    "`",   "%",  "{", "]",  ",",           ": ",
        "a: b", "\"",   "'",    "\\",  "\x1b", "\t",   "---",  "...", "<<", "+", ".5", "\u0939\u093f"}) {
    Whole before;
    before.name = name;
    before.words = {name, "a", name};
    Configuration configuration;
    write_file_atomically(folder / "run.yaml", to_yaml(to_node(before)));
    configuration.add_tree(parse_file(folder / "run.yaml"));
    EXPECT_EQ(configuration.read<Whole>().name, name);
    EXPECT_EQ(configuration.read<Whole>().words, before.words);
  }
}

TEST(Configuration, ATextOfAnAssignmentIsTakenAsItStands) {
  for (const char* name :
       {",", ",5", "|",    ">",     "?",     "&", "*",    "#", "!",   "%",      "@",      "`",   "{",
        "[", "- ", "a: b", "a # b", "\"a\"", "'", "null", "~", "1e3", "[a, b]", "{a: 1}", "a=b", " x "}) {
    Configuration configuration;
    configuration.add_assignment(fmt::format("name={}", name));
    EXPECT_EQ(configuration.read<Whole>().name, name);
  }
  Configuration configuration;
  configuration.add_assignment("words=[x, 'y z']");
  configuration.add_assignment("part.count=+5");
  EXPECT_EQ(configuration.read<Whole>().words, (std::vector<std::string>{"x", "y z"}));
  EXPECT_EQ(configuration.read<Whole>().part.count, 5);
  configuration.add_assignment("words=[>50K, <=50K,#,*star, @x ,%,?,a: b, null, ~, C#,'a, b',\"c\",]");
  EXPECT_EQ(configuration.read<Whole>().words, (std::vector<std::string>{">50K", "<=50K", "#", "*star", "@x", "%", "?",
                                                                         "a: b", "null", "~", "C#", "a, b", "c"}));
  for (const char* word : {"#", "&x"}) {
    configuration.add_assignment(fmt::format("words=[{}]", word));
    EXPECT_EQ(configuration.read<Whole>().words, std::vector<std::string>{word});
  }
}

TEST(Configuration, OneWordIsAListOfOne) {
  for (const char* word : {"kind", "3", "two words", "#", "*star", ">50K", "@x", "'a, b'", "true"}) {
    Configuration configuration;
    configuration.add_assignment(fmt::format("words={}", word));
    const std::string read = word[0] == '\'' ? "a, b" : word;
    EXPECT_EQ(configuration.read<Whole>().words, std::vector<std::string>{read});
  }
  Configuration of_file;
  of_file.add_tree(parse_text("words: kind", Origin{}));
  EXPECT_EQ(of_file.read<Whole>().words, std::vector<std::string>{"kind"});
  const auto refusal = [](std::string_view found) {
    return fmt::format("words: expected a word, or a list of words as [a, b], found {}", found);
  };
  for (const auto& [written, found] : {std::pair("[x", "'[x'"),
                                       {"x]", "'x]'"},
                                       {"a,b", "'a,b'"},
                                       {"", "the text \"\""},
                                       {"{a: b}", "a mapping"},
                                       {"null", "nothing"},
                                       {"[[a], b]", "a list"}}) {
    Configuration configuration;
    configuration.add_assignment(fmt::format("words={}", written));
    EXPECT_THAT(error_of(configuration), ::testing::HasSubstr(refusal(found)));
  }
}

TEST(Configuration, APathMayBeginAtHome) {
  const char* home = std::getenv("HOME");
  ASSERT_NE(home, nullptr);
  for (const auto& [written, path] :
       {std::pair("~/a/b", fs::path(home) / "a/b"), {"~", fs::path(home)}, {"/x/~", fs::path("/x/~")}}) {
    Configuration configuration;
    configuration.add_assignment(fmt::format("file={}", written));
    EXPECT_EQ(configuration.read<Whole>().file, path);
  }
}

TEST(Configuration, TruthIsWrittenAsInYaml12) {
  for (const auto& [written, value] : {std::pair("True", true), {"TRUE", true}, {"False", false}, {"FALSE", false}}) {
    Configuration configuration;
    configuration.add_assignment(fmt::format("enabled={}", written));
    Whole whole;
    whole.enabled = !value;
    EXPECT_EQ(configuration.read(whole).enabled, value) << written;
  }
  for (const char* other : {"yes", "on", "1", "tRUE", "\"true\""}) {
    Configuration configuration;
    configuration.add_assignment(fmt::format("enabled={}", other));
    EXPECT_THAT(error_of(configuration), ::testing::HasSubstr("enabled: expected true or false, found")) << other;
  }
}

TEST(Configuration, ContradictionsAreReportedWithTheOtherMistakes) {
  const testing::TemporaryFolder folder;
  write_file_atomically(folder / "a.yaml", "enabled: true\npart: {count: 0}\nzzzzzzzz: 1\nfile: a\nfile: b\n");
  Configuration configuration;
  configuration.add_tree(parse_file(folder / "a.yaml"));
  EXPECT_THAT(error_of(configuration),
              ::testing::AllOf(::testing::HasSubstr("3 mistakes"), ::testing::HasSubstr("a.yaml:2: part.count: is 0"),
                               ::testing::HasSubstr("a.yaml:3: unknown key 'zzzzzzzz'"),
                               ::testing::HasSubstr("a.yaml:5: the key 'file' is written twice")));
  // What is said of a value that was not read is no contradiction.
  for (const char* wrong : {"enabled=x", "enabld=false"}) {
    Configuration doubtful;
    doubtful.add_assignment("enabled=true");
    doubtful.add_assignment("part.count=0");
    doubtful.add_assignment(wrong);
    EXPECT_THAT(error_of(doubtful), ::testing::HasSubstr("has 1 mistake:")) << wrong;
  }
}

TEST(Configuration, KeysReadBackAsTheyWereWritten) {
  const Node tree =
      parse_text("'#': 1\n\"a: b\": {'null': [x], '': 2}\n'- c': 0.5\n0.35: {'\\n\"': y}\n", {.file = "run.yaml"});
  const std::string written = to_yaml(tree);
  EXPECT_THAT(written, ::testing::HasSubstr("\"#\": 1\n"));
  EXPECT_EQ(flatten(parse_text(written, {.file = "run.yaml"})), flatten(tree));
}

std::string refusal_of_yaml(const std::string& text) {
  return albert::testing::refusal<UsageError>([&] { parse_text(text, Origin{.file = "a.yaml", .line = 1}); });
}

TEST(ParseText, AliasesStandForABoundedTree) {
  EXPECT_EQ(parse_text("a: &x [1, 2]\nb: *x\n", {}).find("b")->items.size(), 2U);
  EXPECT_THAT(refusal_of_yaml("train: &a {steps: *a}\n"), ::testing::HasSubstr("alias (*) that repeats itself"));
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    bomb += fmt::format("a{}: &a{} [", i, i);
    for (int j = 0; j < 10; ++j) bomb += fmt::format("{}*a{}", j > 0 ? ", " : "", i - 1);
    bomb += "]\n";
  }
  EXPECT_THAT(refusal_of_yaml(bomb), ::testing::HasSubstr("expected at most 20000 values"));
  for (const std::size_t depth : {100U, 100'000U}) {  // more than 500 yaml-cpp itself refuses
    const std::string nested = std::string(depth, '[') + std::string(depth, ']');
    EXPECT_THAT(refusal_of_yaml(nested), ::testing::HasSubstr("a.yaml:1: expected at most 20000 values, 64 inside"));
  }
}

TEST(ParseText, WhatIsTooLargeIsRefusedBeforeItIsParsed) {
  std::string list = "[a";
  while (list.size() < kMaxYamlBytes) list += ",a";
  EXPECT_THAT(refusal_of_yaml(list + "]"), ::testing::HasSubstr("a.yaml:1: expected at most 1048576 bytes of YAML"));
}

TEST(Configuration, OfManyMistakesTheFirstAreNamedAndTheOthersCounted) {
  std::string yaml;
  for (int i = 0; i < 15'000; ++i) yaml += fmt::format("zzzzzzzz{}: 1\n", i);
  Configuration configuration;
  configuration.add_assignment("name=x");
  configuration.add_tree(parse_text(yaml, Origin{.file = "a.yaml", .line = 1}));
  const std::string error = error_of(configuration);
  EXPECT_THAT(error, ::testing::HasSubstr("has 15000 mistakes:"));
  EXPECT_THAT(error, ::testing::HasSubstr("a.yaml:20: unknown key"));
  EXPECT_THAT(error, ::testing::Not(::testing::HasSubstr("a.yaml:21:")));
  EXPECT_THAT(error, ::testing::EndsWith("\n  and 14980 more"));
}

TEST(ParseText, ASecondDocumentAndATabAreNamed) {
  EXPECT_EQ(parse_text("---\na: 1\n", {}).find("a")->scalar, "1");
  EXPECT_THAT(refusal_of_yaml("a: 1\n---\nb: 2\n"), ::testing::HasSubstr("a.yaml:2: expected one YAML document"));
  EXPECT_THAT(refusal_of_yaml("# settings\na: 1\n...\nb: 2\n"), ::testing::HasSubstr("a.yaml:4: expected one YAML"));
  EXPECT_NO_THROW(parse_text("%YAML 1.2\n# settings\n---\na: 1\n...\n# end\n", {}));
  EXPECT_NO_THROW(parse_text("\xef\xbb\xbf# settings\n---\na: 1\n", {})) << "a byte order mark is no content";
  EXPECT_EQ(parse_text("a: 1\rb: 2\r", {}).find("b")->scalar, "2") << "old Macs";
  EXPECT_THAT(refusal_of_yaml(std::string("a: 1\n\0", 6)), ::testing::HasSubstr("found a NUL byte"));
  EXPECT_NO_THROW(parse_text("...x: 1\nb: 2\n", {})) << "a key, and no end of the document";
  EXPECT_THAT(refusal_of_yaml("a:\n\tb: 1\n"), ::testing::HasSubstr("a.yaml:2"));
  EXPECT_THAT(refusal_of_yaml("a:\n\tb: 1\n"), ::testing::HasSubstr("begins with a tab: indent by spaces"));
  EXPECT_THAT(refusal_of_yaml("a:\n  b: 1\n\tc: 1\n"), ::testing::HasSubstr("begins with a tab"));
  EXPECT_THAT(refusal_of_yaml("[a, b]: 1\n"), ::testing::HasSubstr("expected a word as key"));
}

TEST(Bounds, AreWrittenInFull) {
  EXPECT_EQ(between(8, 1 << 20).to_string(), "between 8 and 1048576");
  EXPECT_EQ(between(0.05, 0.5).to_string(), "between 0.05 and 0.5");
}

TEST(Configuration, OneForAnotherCommandIsNamed) {
  const testing::TemporaryFolder folder;
  write_file_atomically(folder / "a.yaml", "name: x\npart: {count: 1}\n");
  const auto read = [&](const OtherKind& other) { read_written<Whole>(folder / "a.yaml", "finetune", {}, other); };
  EXPECT_NO_THROW(read({{"part.other"}, "pretrain"}));
  EXPECT_THAT(albert::testing::refusal<UsageError>([&] {
                read({{"part.other", "part.count"}, "pretrain"});
              }),
              ::testing::HasSubstr("a.yaml:2: this configuration is one for `albert pretrain`: it has 'part.count'"));
}

TEST(Configuration, NumbersThatAreNoneAreRefused) {
  for (const char* number : {"inf", "nan", "1e400"}) {
    Configuration configuration;
    configuration.add_assignment(fmt::format("part.rate={}", number));
    EXPECT_THAT(error_of(configuration), ::testing::HasSubstr("part.rate: expected a number")) << number;
  }
  Configuration configuration;
  configuration.add_assignment("part.count=1e30");
  EXPECT_THAT(error_of(configuration), ::testing::HasSubstr("part.count: expected a whole number"));
}

TEST(Configuration, AnAssignmentOfNothingIsAnEmptyText) {
  Configuration configuration;
  configuration.add_assignment("name=");
  EXPECT_EQ(configuration.read<Whole>().name, "");
  configuration.add_assignment("part.count=");
  EXPECT_THAT(error_of(configuration),
              ::testing::HasSubstr("part.count: expected a whole number, found the text \"\""));
}

TEST(Nearest, HasSomethingInCommon) {
  EXPECT_EQ(nearest("lable", {"text", "label"}), "label");
  EXPECT_EQ(nearest("7", {"0", "1"}), "");
  EXPECT_EQ(nearest("1.0", {"0", "1"}), "1") << "of those that are as near, the one that it begins with";
}

TEST(Configuration, AKeyMayNameAFile) {
  const testing::TemporaryFolder folder;
  fs::create_directories(folder / "parts");
  write_file_atomically(folder / "parts/p.yaml", "count: 7\n");
  write_file_atomically(folder / "parts/q.yaml", "rate: 0.1\n");
  write_file_atomically(folder / "a.yaml", "part: parts/p.yaml\n");
  Configuration configuration({"part"});
  configuration.add_tree(parse_file(folder / "a.yaml"));
  configuration.add_assignment("part.rate=0.75");
  EXPECT_EQ(configuration.read<Whole>().part.count, 7);
  EXPECT_EQ(configuration.read<Whole>().part.rate, 0.75);
  configuration.add_assignment("part=" + (folder / "parts/q.yaml").string());
  EXPECT_EQ(configuration.read<Whole>().part.count, 3);
  EXPECT_EQ(configuration.read<Whole>().part.rate, 0.1);
  EXPECT_THROW(configuration.add_assignment("part=missing.yaml"), UsageError);
}

TEST(Configuration, AKeyMayNameAFileByItsBareName) {
  const testing::TemporaryFolder folder;
  fs::create_directories(folder / "part");
  fs::create_directories(folder / "whole");
  write_file_atomically(folder / "part/tiny.yaml", "count: 7\n");
  write_file_atomically(folder / "whole/a.yaml", "part: tiny\n");
  write_file_atomically(folder / "whole/b.yaml", "part: tiyn\n");
  Configuration configuration({"part"});
  configuration.add_tree(parse_file(folder / "whole/a.yaml"));
  EXPECT_EQ(configuration.read<Whole>().part.count, 7);
  try {
    configuration.add_tree(parse_file(folder / "whole/b.yaml"));
    ADD_FAILURE();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr((folder / "part/tiyn.yaml").string()));
  }
}

TEST(Configuration, SyntaxErrorsAndDoubleKeysNameTheLine) {
  const testing::TemporaryFolder folder;
  write_file_atomically(folder / "bad.yaml", "name: one\nwords: [a\n");
  write_file_atomically(folder / "twice.yaml", "name: one\nname: two\n");
  EXPECT_THAT(albert::testing::refusal<UsageError>([&] { Configuration().add_tree(parse_file(folder / "bad.yaml")); }),
              ::testing::HasSubstr("bad.yaml:3"));
  Configuration configuration;
  configuration.add_tree(parse_file(folder / "twice.yaml"));
  EXPECT_THAT(error_of(configuration), ::testing::HasSubstr("twice.yaml:2: the key 'name' is written twice"));
}

TEST(ToNode, WhatIsWrittenReadsBack) {
  Whole whole;
  whole.name = "a: \"tricky\" # name\n";
  whole.shape = Shape::kSquare;
  whole.words = {"x y", "-z", "1", "\n5", "\t5"};
  whole.part.rate = 1e-12;
  const std::string text = to_yaml(to_node(whole));
  const testing::TemporaryFolder folder;
  write_file_atomically(folder / "a.yaml", text);
  Configuration configuration;
  configuration.add_tree(parse_file(folder / "a.yaml"));
  const auto again = configuration.read<Whole>();
  EXPECT_EQ(again.name, whole.name);
  EXPECT_EQ(again.words, whole.words);
  EXPECT_EQ(again.part.rate, whole.part.rate);
  EXPECT_EQ(flatten(to_node(again)), flatten(to_node(whole)));
  EXPECT_THAT(flatten(to_node(again)), ::testing::Contains(std::pair<std::string, std::string>("part.count", "3")));
}

}  // namespace
}  // namespace albert::config
