// Asks PostgreSQL questions, all at the same time and each on a connection of
// its own, by libpq on a Poller.
//
//   query --database="host=a,b dbname=d" [--backend=epoll] "SELECT 1"...
//
// Prints the rows of each as they come, then how it ended, after the number of
// the question.

#include <postgresql/libpq-fe.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "docs/examples/loop.h"
#include "docs/examples/pq_client.h"
#include "isopoll/poller.h"

ABSL_FLAG(isopoll::Backend, backend, isopoll::DefaultBackend(),
          "how to wait for descriptors");
ABSL_FLAG(bool, check_closed, false, "see PollerOptions::check_closed");
ABSL_FLAG(std::string, database, "",
          "connection strings, one tried after the other, with ; between");
ABSL_FLAG(std::string, parameter_file, "", "a file for $1, as text");
ABSL_FLAG(absl::Duration, connect_timeout, absl::Seconds(10),
          "for each connection string");
ABSL_FLAG(absl::Duration, query_timeout, absl::Minutes(1),
          "for each question, which is then canceled");

namespace isopoll::examples {
namespace {

std::optional<std::string> Parameter() {
  const std::string name = absl::GetFlag(FLAGS_parameter_file);
  if (name.empty()) return std::nullopt;
  std::ifstream file(name, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void PrintRows(size_t number, const PGresult* result) {
  for (int row = 0; row < PQntuples(result); ++row) {
    std::cout << number << ": ";
    for (int column = 0; column < PQnfields(result); ++column) {
      std::cout << (column > 0 ? "|" : "") << PQgetvalue(result, row, column);
    }
    std::cout << "\n";
  }
}

// Prints what came, and returns whether it is an error.
bool Print(size_t number, const PGresult* result, const std::string& error) {
  if (result == nullptr) {
    std::cout << number << ": " << (error.empty() ? "end" : error) << std::endl;
    return !error.empty();
  }
  PrintRows(number, result);
  const ExecStatusType status = PQresultStatus(result);
  if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) return false;
  std::cout << number << ": "
            << absl::StripAsciiWhitespace(PQresultErrorMessage(result)) << "\n";
  return true;
}

absl::StatusOr<bool> Query(absl::Span<char* const> queries) {
  PollerOptions options;
  options.backend = absl::GetFlag(FLAGS_backend);
  options.check_closed = absl::GetFlag(FLAGS_check_closed);
  const auto poller = Poller::Create(options);
  if (!poller.ok()) return poller.status();
  bool all = true;
  std::vector<std::unique_ptr<PqClient>> connections;
  std::vector<Client*> clients;
  for (size_t i = 0; i < queries.size(); ++i) {
    PqQuestion question;
    question.databases = absl::StrSplit(absl::GetFlag(FLAGS_database), ';');
    question.query = queries[i];
    question.parameter = Parameter();
    question.connect_timeout = absl::GetFlag(FLAGS_connect_timeout);
    question.query_timeout = absl::GetFlag(FLAGS_query_timeout);
    connections.push_back(std::make_unique<PqClient>(
        **poller, std::move(question),
        [&all, i](const PGresult* result, const std::string& error) {
          if (Print(i, result, error)) all = false;
        }));
    connections.back()->Start();
    clients.push_back(connections.back().get());
  }
  const absl::Status status = Run(**poller, clients);
  if (!status.ok()) return status;
  return all;
}

}  // namespace
}  // namespace isopoll::examples

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("asks PostgreSQL: query [flag]... QUERY...");
  const std::vector<char*> arguments = absl::ParseCommandLine(argc, argv);
  const auto all =
      isopoll::examples::Query(absl::MakeConstSpan(arguments).subspan(1));
  if (!all.ok()) std::cerr << all.status() << "\n";
  return all.ok() && *all ? 0 : 1;
}
