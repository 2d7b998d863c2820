#include "tests/support/vocabulary.h"

#include "absl/strings/str_format.h"
#include "tests/support/basic_actions.h"
#include "tests/support/channel_kinds.h"
#include "tests/support/socket_actions.h"
#include "tests/support/special_commands.h"
#include "tests/support/usage.h"

namespace isopoll::tests {
namespace {

constexpr Command kPollerCommands[] = {
    {"watch NAME INTEREST [oneshot]", "Add, with a token of its own", nullptr},
    {"modify NAME INTEREST [oneshot]", "Modify, with a new token", nullptr},
    {"set NAME INTEREST [oneshot]",
     "Set, with a new token; - is to be registered no more", nullptr},
    {"remove NAME", "Remove", nullptr},
    {"wait [COUNT]", "one look; COUNT is the size of the span", nullptr},
    {"waits COUNT [COUNT]", "so many looks; the second is the span's size",
     nullptr},
    {"wakeup", "Wakeup", nullptr},
    {"sleep", "each poller Waits for ever, on a thread of its own", nullptr},
    {"dwell COUNT", "COUNT ms in which sleepers must sleep on, without a spin",
     nullptr},
    {"rouse", "wakes those that sleep still, as they must", nullptr},
};

void Describe(absl::string_view title, absl::Span<const Command> commands,
              std::string& text) {
  absl::StrAppendFormat(&text, "%s\n", title);
  for (const Command& command : commands) {
    absl::StrAppendFormat(&text, "  %-30s  %s\n", command.usage,
                          command.meaning);
  }
}

}  // namespace

absl::Span<const Command> PollerCommands() { return kPollerCommands; }

const Command* FindCommand(absl::string_view name) {
  for (absl::Span<const Command> table :
       {ChannelKinds(), BasicActions(), SocketActions(), SpecialActions(),
        PollerCommands()}) {
    for (const Command& command : table) {
      if (CommandName(command.usage) == name) return &command;
    }
  }
  return nullptr;
}

std::string DescribeVocabulary() {
  std::string text;
  Describe("Channels:", ChannelKinds(), text);
  Describe("What is done to any channel:", BasicActions(), text);
  Describe("What is done to sockets:", SocketActions(), text);
  Describe("What is done to special channels:", SpecialActions(), text);
  Describe("What is done to pollers:", PollerCommands(), text);
  return text;
}

}  // namespace isopoll::tests
