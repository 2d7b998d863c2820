#include "echo/load/load_text.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/substitute.h"

namespace isopoll::echo {
namespace {

constexpr double kPercentiles[] = {50, 90, 99, 99.9};

// The kinds that happened, or all.
std::string Errors(const LoadReport& report, absl::string_view format,
                   bool all) {
  std::vector<std::string> kinds;
  for (int kind = 0; kind < kLoadErrors; ++kind) {
    if (report.errors[kind] == 0 && !all) continue;
    kinds.push_back(
        absl::Substitute(format, report.errors[kind], kLoadErrorNames[kind]));
  }
  return absl::StrJoin(kinds, all ? "," : ", ");
}

// `text` as a JSON string.
std::string Quoted(absl::string_view text) {
  return absl::StrCat(
      "\"",
      absl::StrReplaceAll(text,
                          {{"\"", "\\\""}, {"\\", "\\\\"}, {"\n", "\\n"}}),
      "\"");
}

std::string LatencyJson(const Histogram& latency) {
  std::string json =
      absl::StrFormat("{\"count\":%d,\"mean\":%.0f,\"min\":%d", latency.count(),
                      latency.mean(), latency.min());
  for (const double percent : kPercentiles) {
    absl::StrAppend(&json, ",\"p", percent, "\":", latency.Percentile(percent));
  }
  return absl::StrCat(json, ",\"max\":", latency.max(), "}");
}

}  // namespace

std::string FormatNanoseconds(uint64_t nanoseconds) {
  const double value = static_cast<double>(nanoseconds);
  if (value < 1e3) return absl::StrFormat("%d ns", nanoseconds);
  if (value < 1e6) return absl::StrFormat("%.3g us", value / 1e3);
  if (value < 1e9) return absl::StrFormat("%.3g ms", value / 1e6);
  return absl::StrFormat("%.3g s", value / 1e9);
}

std::string LoadText(const LoadReport& report) {
  std::string text = absl::StrFormat(
      "%s on %s in %.2f s: %.0f requests/s, %.2f MB/s each way\nlatency:",
      Count(report.requests, "request"),
      Count(report.connections, "connection"),
      absl::ToDoubleSeconds(report.elapsed), report.requests_per_second(),
      report.megabytes_per_second());
  for (const double percent : kPercentiles) {
    absl::StrAppend(&text, " p", percent, " ",
                    FormatNanoseconds(report.latency.Percentile(percent)), ",");
  }
  absl::StrAppend(&text, " max ", FormatNanoseconds(report.latency.max()), "\n",
                  "errors: ",
                  report.all_errors() == 0
                      ? "none"
                      : absl::StrCat(Errors(report, "$0 $1", /*all=*/false),
                                     " (", report.first_error, ")"),
                  "\n");
  if (report.not_sent > 0) {
    absl::StrAppend(&text, Count(report.not_sent, "request"),
                    " due and not sent\n");
  }
  if (report.reopened > 0) {
    absl::StrAppend(&text, Count(report.reopened, "connection"),
                    " opened again\n");
  }
  if (report.late > 0) {
    absl::StrAppend(&text, report.late, " of the lost came later\n");
  }
  return text;
}

std::string LoadJson(const LoadReport& report, const LoadOptions& options,
                     absl::string_view server, absl::string_view backend) {
  return absl::StrCat(
      "{\"server\":", Quoted(server), ",\"backend\":", Quoted(backend),
      ",\"connections\":", options.connections, ",\"size\":", options.size,
      ",\"pipeline\":", options.pipeline, ",\"rate\":", options.rate,
      ",\"opened\":", report.connections, ",\"most_open\":", report.most_open,
      ",\"reopened\":", report.reopened, ",\"requests\":", report.requests,
      ",\"not_sent\":", report.not_sent, ",\"bytes\":", report.bytes,
      ",\"seconds\":", absl::ToDoubleSeconds(report.elapsed),
      ",\"requests_per_second\":", report.requests_per_second(),
      ",\"megabytes_per_second\":", report.megabytes_per_second(),
      ",\"latency_ns\":", LatencyJson(report.latency),
      ",\"late\":", report.late, ",\"errors\":", "{",
      Errors(report, "\"$1\":$0", /*all=*/true), "}",
      ",\"first_error\":", Quoted(report.first_error), "}\n");
}

std::string ProgressLine(const LoadReport& report) {
  if (report.elapsed == absl::ZeroDuration()) {
    return absl::StrCat("connecting: ", report.connections, " of ",
                        report.open);
  }
  return absl::StrFormat("%.0f s: %d open, %.0f requests/s, p50 %s, p99 %s, %s",
                         absl::ToDoubleSeconds(report.elapsed), report.open,
                         report.requests_per_second(),
                         FormatNanoseconds(report.latency.Percentile(50)),
                         FormatNanoseconds(report.latency.Percentile(99)),
                         Count(report.all_errors(), "error"));
}

std::string Count(uint64_t count, absl::string_view what) {
  return absl::StrCat(count, " ", what, count == 1 ? "" : "s");
}

}  // namespace isopoll::echo
