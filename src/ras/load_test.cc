// load_test.cc - lists of modules as RAS meets them at its start.
#include "ras/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ras/modules_for_tests.h"

namespace berth::ras::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class LoadTest : public ::testing::TestWithParam<Isolation> {
 protected:
  Loaded<LoadedChain> load(std::initializer_list<const char*> names) {
    Registration registration;
    for (const char* name : names) registration.paths.push_back(module_path(name));
    LoadOptions options{.isolation = GetParam(),
                        .workers = {.program = worker_path()},
                        .chain = {.observer = [this](const Made& made) {
                          heard_.emplace_back(callout_name(made.call.callout));
                        }}};
    return load_chain(registration, options);
  }
  std::vector<std::string> heard_;
};

TEST_P(LoadTest, R101Windows2000TakesOneModule) {
  Registration registration{.display_name = {}, .paths = {}, .warnings = {}};
  registration.paths = {module_path("odd")};
  LoadOptions options{.isolation = GetParam(),
                      .workers = {.program = worker_path()},
                      .chain = {.windows_2000 = true}};
  EXPECT_TRUE(load_chain(registration, options));
  registration.paths.push_back(module_path("odd_table"));
  const auto refused = load_chain(registration, options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().rule, "R101");
}

TEST_P(LoadTest, R101ModulesStandInTheOrderOfTheList) {
  const auto loaded = load({"odd_table", "odd"});
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  ASSERT_EQ(loaded->chain->size(), 2U);
  EXPECT_EQ(loaded->chain->at(0).path(), module_path("odd_table"));
  EXPECT_EQ(loaded->chain->provider(Family::ipv4)->path(), module_path("odd_table"));
  EXPECT_EQ(loaded->chain->provider(Family::ipv6)->path(), module_path("odd"));
  EXPECT_THAT(loaded->warnings, ::testing::Each(HasSubstr("odd")));
}

TEST_P(LoadTest, R102NoModuleIsAChainThatAsksNobody) {
  const auto loaded = load({});
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->chain->provider(Family::ipv4), nullptr);
  EXPECT_TRUE(loaded->chain->accept_connection({}).accepted);
}

TEST_P(LoadTest, R110TheFirstThatIsRefusedEndsTheStart) {
  const auto loaded = load({"odd", "odd_half", "nothing"});
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().module, module_path("odd_half"));
  EXPECT_EQ(loaded.error().rule, "R36");
  EXPECT_THAT(heard_, ElementsAre("MprAdminTerminateDll"));
}

TEST_P(LoadTest, R18WhatWasRefusedIsNotTerminated) {
  ASSERT_FALSE(load({"odd_half"}));
  EXPECT_THAT(heard_, IsEmpty());
}

TEST_P(LoadTest, R14R16ModulesAreTerminatedInTheirOrder) {
  const auto loaded = load({"odd", "odd"});
  ASSERT_TRUE(loaded);
  loaded->chain->terminate();
  EXPECT_THAT(heard_, ElementsAre("MprAdminTerminateDll", "MprAdminTerminateDll"));
}

INSTANTIATE_TEST_SUITE_P(Isolations, LoadTest,
                         ::testing::Values(Isolation::in_process, Isolation::workers),
                         [](const auto& isolation) {
                           return isolation.param == Isolation::workers ? "InWorkers" : "InProcess";
                         });

}  // namespace
}  // namespace berth::ras::testing
