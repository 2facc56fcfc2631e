// registered_test.cc - values of the registry, as they may lie there.
#include "ras/registered.h"

#include <gtest/gtest.h>

namespace berth::ras {
namespace {

Registered with(std::uint32_t type, std::string dll_path) {
  return {.key = true,
          .display_name = RegisteredValue{.type = kTextValue, .text = "Berth"},
          .dll_path = RegisteredValue{.type = type, .text = std::move(dll_path)}};
}

TEST(RegisteredValues, R100TheListHasItsName) {
  const Loaded<Registration> list = registration_of(with(kTextValue, R"(C:\a.dll;C:\b.dll)"));
  ASSERT_TRUE(list);
  EXPECT_EQ(list->display_name, "Berth");
  EXPECT_EQ(list->paths, (std::vector<std::string>{R"(C:\a.dll)", R"(C:\b.dll)"}));
}

TEST(RegisteredValues, R102WithoutAKeyOrAValueThereIsNoModule) {
  for (const Registered& each : {Registered{}, Registered{.key = true}, with(kTextValue, "")}) {
    const Loaded<Registration> list = registration_of(each);
    ASSERT_TRUE(list);
    EXPECT_TRUE(list->paths.empty());
  }
}

TEST(RegisteredValues, R103OtherTypesThanTextAreRefused) {
  EXPECT_TRUE(registration_of(with(kExpandableValue, R"(C:\a.dll)")));
  for (std::uint32_t type : {0U, 3U, 4U, 7U, 11U}) {
    const Loaded<Registration> list = registration_of(with(type, ""));
    ASSERT_FALSE(list) << type;
    EXPECT_EQ(list.error().rule, "R103");
    EXPECT_EQ(list.error().code, 1015U);
    EXPECT_FALSE(list.error().remedy.empty());
  }
}

TEST(RegisteredValues, R111EachKindOfRefusalHasItsNumberInTheLog) {
  EXPECT_EQ(event_id_of({.code = 5, .rule = "R100"}), 20112U);
  EXPECT_EQ(event_id_of({.code = 1015, .rule = "R103"}), 20002U);
  EXPECT_EQ(event_id_of({.code = 193, .rule = "R110"}), 20204U);
  EXPECT_EQ(event_id_of({.code = 191, .rule = "R110"}), 20204U);
  EXPECT_EQ(event_id_of({.code = 126, .rule = "R107"}), 20113U);
  EXPECT_EQ(event_id_of({.code = 87, .rule = "R36"}), 20113U);
  EXPECT_EQ(event_id_of({.code = 1450, .rule = "R11"}), 20113U);
}

}  // namespace
}  // namespace berth::ras
