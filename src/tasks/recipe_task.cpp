#include "tasks/recipe_task.h"

#include <utility>

#include "base/error.h"
#include "config/document.h"
#include "config/recipes.h"

namespace albert::tasks {

namespace {

struct TaskPart {
  TaskConfig task;

  void fields(config::Fields& f) { f.group("task", task, "what is asked of a text"); }
  void check(config::Checks& c) const { task.check(c); }
};

}  // namespace

TaskConfig task_of_recipe(const std::filesystem::path& name) {
  const config::Node whole = config::read_configuration(name, {"finetune"});
  const config::Node* task = whole.find("task");
  if (task == nullptr) {
    throw UsageError("{} has no task: expected a configuration of `albert finetune`, or the name of a recipe",
                     name.string());
  }
  config::Node part;
  part.child("task") = *task;
  config::Document document;
  document.add_tree(std::move(part));
  return document.read<TaskPart>().task;
}

}  // namespace albert::tasks
