#include "tasks/registry.h"

#include <array>

#include "tasks/choice/task.h"
#include "tasks/embedding/task.h"
#include "tasks/question/task.h"
#include "tasks/relation/task.h"
#include "tasks/text/task.h"
#include "tasks/tokens/task.h"

namespace albert::tasks {

std::span<const TaskType* const> all_task_types() {
  static const std::array kTypes = {&text_type(),     &tokens_type(),   &question_type(), &multiple_choice_type(),
                                    &relation_type(), &embedding_type()};
  return kTypes;
}

}  // namespace albert::tasks
