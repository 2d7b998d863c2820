// What a registration remembers, and what of it is told to the kernel set.

#include "poller/core/registry.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "poller/interest.h"

namespace isopoll::internal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The fds that are told to a kernel set that answers `taken`.
std::vector<int> Told(Registry& registry, bool taken) {
  std::vector<int> told;
  registry.ForEachQueued([&](int fd, Registration& registration) {
    told.push_back(fd);
    if (taken) registration.applied = registration.interest;
    return taken;
  });
  return told;
}

TEST(RegistryTest, OnlyWhatIsRegisteredIsFound) {
  Registry registry;
  EXPECT_EQ(registry.Find(0), nullptr);
  Registration& first = registry.Insert(3, 1);
  EXPECT_EQ(registry.Find(3), &first);
  EXPECT_EQ(&registry.At(3), &first);
  EXPECT_EQ(registry.Find(2), nullptr);
  EXPECT_EQ(registry.Find(4), nullptr);
  EXPECT_EQ(registry.size(), 1u);
  registry.Insert(1, 2);
  EXPECT_EQ(registry.Find(3), &first);
  EXPECT_EQ(registry.size(), 2u);
  registry.Erase(first);
  EXPECT_EQ(registry.Find(3), nullptr);
  EXPECT_EQ(registry.size(), 1u);
}

// A kernel call that began before it says nothing of what came then.
TEST(RegistryTest, EachChangeIsOne) {
  Registry registry;
  registry.Insert(2, 1);
  uint64_t before = registry.changes();
  EXPECT_FALSE(registry.ChangedSince(2, before));

  Registration& registration = registry.Insert(1, 2);
  EXPECT_TRUE(registry.ChangedSince(1, before));
  before = registry.changes();
  EXPECT_FALSE(registry.ChangedSince(1, before));

  registry.MarkChanged(registration);
  EXPECT_TRUE(registry.ChangedSince(1, before));
  before = registry.changes();

  registry.Erase(registration);
  EXPECT_TRUE(registry.ChangedSince(1, before));
  EXPECT_FALSE(registry.ChangedSince(2, before));
}

TEST(RegistryTest, WhatNeverWasRegisteredHasNotChanged) {
  Registry registry;
  EXPECT_FALSE(registry.ChangedSince(0, 0));
  registry.Insert(2, 1);
  EXPECT_FALSE(registry.ChangedSince(1, 0));
  EXPECT_FALSE(registry.ChangedSince(3, 0));
}

TEST(RegistryTest, NothingOfTheLastRegistrationIsLeft) {
  Registry registry;
  Registration& old = registry.Insert(3, 1);
  old.interest = kReadable;
  old.applied = kReadable;
  old.renewed = true;
  old.reported_in = 7;
  old.unchecked_reports = 9;
  registry.Erase(old);
  const Registration& added = registry.Insert(3, 2);
  EXPECT_EQ(added.generation, 2u);
  EXPECT_EQ(added.reported_in, 0u);
  EXPECT_EQ(added.unchecked_reports, 0);
  EXPECT_FALSE(Registry::Unapplied(added));
  EXPECT_EQ(added.interest, kNone);
  EXPECT_EQ(added.applied, kNone);
}

TEST(RegistryTest, GenerationsAreNew) {
  Registry registry;
  const uint32_t first = registry.NewGeneration();
  EXPECT_NE(first, 0u);
  EXPECT_NE(registry.NewGeneration(), first);
}

TEST(RegistryTest, WhatIsQueuedIsToldOnce) {
  Registry registry;
  for (const int fd : {1, 2}) {
    Registration& registration = registry.Insert(fd, 1);
    registration.interest = kReadable;
    registry.Queue(fd, registration);
    registry.Queue(fd, registration);
  }
  EXPECT_TRUE(registry.AnyQueued());
  EXPECT_THAT(Told(registry, /*taken=*/true), ElementsAre(1, 2));
  EXPECT_FALSE(registry.AnyQueued());
  EXPECT_THAT(Told(registry, /*taken=*/true), IsEmpty());

  registry.At(2).interest = kWritable;
  registry.Queue(2, registry.At(2));
  EXPECT_THAT(Told(registry, /*taken=*/true), ElementsAre(2));
}

TEST(RegistryTest, WhatIsNotTakenStaysQueued) {
  Registry registry;
  for (const int fd : {1, 2, 3}) {
    Registration& registration = registry.Insert(fd, 1);
    registration.interest = kReadable;
    registry.Queue(fd, registration);
    registry.Queue(fd, registration);
  }
  registry.At(2).interest = kNone;  // as it is applied
  EXPECT_THAT(Told(registry, /*taken=*/false), ElementsAre(1, 3));
  EXPECT_TRUE(registry.AnyQueued());
  EXPECT_FALSE(registry.At(2).queued);
  EXPECT_THAT(Told(registry, /*taken=*/true), ElementsAre(1, 3));
}

TEST(RegistryTest, WhatIsRenewedIsToldThoughNothingHasChanged) {
  Registry registry;
  Registration& registration = registry.Insert(1, 1);
  registration.interest = registration.applied = kReadable;
  registry.Queue(1, registration);
  EXPECT_THAT(Told(registry, /*taken=*/true), IsEmpty());
  registration.renewed = true;
  registry.Queue(1, registration);
  EXPECT_THAT(Told(registry, /*taken=*/false), ElementsAre(1));
}

TEST(RegistryTest, EachRegisteredIsVisited) {
  Registry registry;
  for (const int fd : {0, 2, 5}) registry.Insert(fd, 1);
  registry.Erase(registry.At(2));
  std::vector<int> visited;
  registry.ForEach([&](int fd, Registration&) { visited.push_back(fd); });
  EXPECT_THAT(visited, ElementsAre(0, 5));
}

}  // namespace
}  // namespace isopoll::internal
