// What a registration remembers, and what of it is told to the kernel set. The
// numbers are multiples of four, as descriptors are on Windows.

#include "poller/core/registry.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/interest.h"

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
  Registration& first = registry.Insert(12, 1);
  EXPECT_EQ(registry.Find(12), &first);
  EXPECT_EQ(&registry.At(12), &first);
  EXPECT_EQ(registry.Find(8), nullptr);
  EXPECT_EQ(registry.Find(16), nullptr);
  EXPECT_EQ(registry.size(), 1u);
  registry.Insert(4, 2);
  EXPECT_EQ(registry.Find(12), &first);
  EXPECT_EQ(registry.size(), 2u);
  registry.Erase(first);
  EXPECT_EQ(registry.Find(12), nullptr);
  EXPECT_EQ(registry.size(), 1u);
}

// A kernel call that began before it says nothing of what came then.
TEST(RegistryTest, EachChangeIsOne) {
  Registry registry;
  registry.Insert(8, 1);
  uint64_t before = registry.changes();
  EXPECT_FALSE(registry.ChangedSince(8, before));

  Registration& registration = registry.Insert(4, 2);
  EXPECT_TRUE(registry.ChangedSince(4, before));
  before = registry.changes();
  EXPECT_FALSE(registry.ChangedSince(4, before));

  registry.MarkChanged(registration);
  EXPECT_TRUE(registry.ChangedSince(4, before));
  before = registry.changes();

  registry.Erase(registration);
  EXPECT_TRUE(registry.ChangedSince(4, before));
  EXPECT_FALSE(registry.ChangedSince(8, before));
}

TEST(RegistryTest, WhatNeverWasRegisteredHasNotChanged) {
  Registry registry;
  EXPECT_FALSE(registry.ChangedSince(0, 0));
  registry.Insert(8, 1);
  EXPECT_FALSE(registry.ChangedSince(4, 0));
  EXPECT_FALSE(registry.ChangedSince(12, 0));
}

TEST(RegistryTest, NothingOfTheLastRegistrationIsLeft) {
  Registry registry;
  Registration& old = registry.Insert(12, 1);
  old.interest = kReadable;
  old.applied = kReadable;
  old.renewed = true;
  old.reported_in = 7;
  old.unchecked_reports = 9;
  registry.Erase(old);
  const Registration& added = registry.Insert(12, 2);
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
  for (const int fd : {4, 8}) {
    Registration& registration = registry.Insert(fd, 1);
    registration.interest = kReadable;
    registry.Queue(fd, registration);
    registry.Queue(fd, registration);
  }
  EXPECT_TRUE(registry.AnyQueued());
  EXPECT_THAT(Told(registry, /*taken=*/true), ElementsAre(4, 8));
  EXPECT_FALSE(registry.AnyQueued());
  EXPECT_THAT(Told(registry, /*taken=*/true), IsEmpty());

  registry.At(8).interest = kWritable;
  registry.Queue(8, registry.At(8));
  EXPECT_THAT(Told(registry, /*taken=*/true), ElementsAre(8));
}

TEST(RegistryTest, WhatIsNotTakenStaysQueued) {
  Registry registry;
  for (const int fd : {4, 8, 12}) {
    Registration& registration = registry.Insert(fd, 1);
    registration.interest = kReadable;
    registry.Queue(fd, registration);
    registry.Queue(fd, registration);
  }
  registry.At(8).interest = kNone;  // as it is applied
  EXPECT_THAT(Told(registry, /*taken=*/false), ElementsAre(4, 12));
  EXPECT_TRUE(registry.AnyQueued());
  EXPECT_FALSE(registry.At(8).queued);
  EXPECT_THAT(Told(registry, /*taken=*/true), ElementsAre(4, 12));
}

TEST(RegistryTest, WhatIsRenewedIsToldThoughNothingHasChanged) {
  Registry registry;
  Registration& registration = registry.Insert(4, 1);
  registration.interest = registration.applied = kReadable;
  registry.Queue(4, registration);
  EXPECT_THAT(Told(registry, /*taken=*/true), IsEmpty());
  registration.renewed = true;
  registry.Queue(4, registration);
  EXPECT_THAT(Told(registry, /*taken=*/false), ElementsAre(4));
}

TEST(RegistryTest, EachRegisteredIsVisited) {
  Registry registry;
  for (const int fd : {0, 8, 20}) registry.Insert(fd, 1);
  registry.Erase(registry.At(8));
  std::vector<int> visited;
  registry.ForEach([&](int fd, Registration&) { visited.push_back(fd); });
  EXPECT_THAT(visited, ElementsAre(0, 20));
}

}  // namespace
}  // namespace isopoll::internal
