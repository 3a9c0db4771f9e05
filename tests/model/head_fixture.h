#pragma once

#include "fixture.h"
#include "model/head_config.h"
#include "model/item.h"

namespace albert::model {

/// A file of tests/fixtures/heads: items of one kind of head.
struct HeadFixture : FixtureFile {
  HeadConfig head;
  std::vector<Item> items;

  explicit HeadFixture(const std::string& name);
};

}  // namespace albert::model
