#include "echo/load/plot.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "echo/load/load_text.h"

namespace isopoll::echo {
namespace {

constexpr double kWidth = 800, kHeight = 480;
constexpr double kLeft = 80, kRight = 30, kTop = 60, kBottom = 60;

// Where things are in the picture.
struct Frame {
  double nines;            // how many of them the last percentile has
  double lowest, highest;  // decades of nanoseconds, whole numbers

  // `above` of all are above it: 1 is the left edge, 0.1 one step further.
  double X(double above) const {
    const double steps = std::min(-std::log10(above), nines);
    return kLeft + steps / nines * (kWidth - kLeft - kRight);
  }
  double Y(double nanoseconds) const {
    const double part = (std::log10(nanoseconds) - lowest) / (highest - lowest);
    return kHeight - kBottom - part * (kHeight - kTop - kBottom);
  }
};

Frame FrameFor(const Histogram& latency) {
  Frame frame;
  const double count = static_cast<double>(latency.count());
  frame.nines = std::max(std::ceil(std::log10(count)), 2.0);
  const double min = std::max<double>(latency.min(), 1);
  const double max = std::max<double>(latency.max(), 1);
  frame.lowest = std::floor(std::log10(min));
  frame.highest = std::max(std::ceil(std::log10(max)), frame.lowest + 1);
  return frame;
}

void AppendLine(double x1, double y1, double x2, double y2,
                absl::string_view colour, std::string& svg) {
  absl::StrAppendFormat(&svg,
                        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" "
                        "stroke=\"%s\"/>\n",
                        x1, y1, x2, y2, colour);
}

void AppendText(double x, double y, absl::string_view anchor,
                absl::string_view text, std::string& svg) {
  absl::StrAppendFormat(
      &svg, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n", x, y,
      anchor,
      absl::StrReplaceAll(text,
                          {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}}));
}

void AppendGrid(const Frame& frame, std::string& svg) {
  const double bottom = kHeight - kBottom;
  const auto at = [&](double above, absl::string_view name) {
    AppendLine(frame.X(above), kTop, frame.X(above), bottom, "#ddd", svg);
    AppendText(frame.X(above), bottom + 20, "middle", name, svg);
  };
  at(1, "0");
  at(0.5, "50");
  std::string name = "90";
  for (int step = 1; step <= frame.nines; ++step) {
    at(std::pow(10.0, -step), name);
    absl::StrAppend(&name, step == 1 ? "" : step == 2 ? ".9" : "9");
    if (step == 1) name = "99";
  }
  for (double decade = frame.lowest; decade <= frame.highest; ++decade) {
    const double value = std::pow(10.0, decade);
    AppendLine(kLeft, frame.Y(value), kWidth - kRight, frame.Y(value), "#ddd",
               svg);
    AppendText(kLeft - 8, frame.Y(value) + 4, "end",
               FormatNanoseconds(static_cast<uint64_t>(value)), svg);
  }
  AppendText((kLeft + kWidth - kRight) / 2, kHeight - 15, "middle",
             "percentile of the requests", svg);
}

void AppendCurve(const Histogram& latency, const Frame& frame,
                 std::string& svg) {
  const double count = static_cast<double>(latency.count());
  absl::StrAppend(&svg,
                  "<polyline fill=\"none\" stroke=\"#1f5fa8\" "
                  "stroke-width=\"2\" points=\"");
  uint64_t before = 0;
  for (const Histogram::Bucket& bucket : latency.Buckets()) {
    const double y = frame.Y(std::max<double>(bucket.highest, 1));
    for (const uint64_t up_to : {before, bucket.cumulative}) {
      const double above =
          std::max((count - static_cast<double>(up_to)) / count, 1e-18);
      absl::StrAppendFormat(&svg, "%.1f,%.1f ", frame.X(above), y);
    }
    before = bucket.cumulative;
  }
  absl::StrAppend(&svg, "\"/>\n");
}

}  // namespace

std::string PlotSvg(const Histogram& latency, absl::string_view title) {
  std::string svg = absl::StrFormat(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %g %g\" "
      "width=\"%g\" height=\"%g\" font-family=\"sans-serif\" "
      "font-size=\"12\">\n<rect width=\"100%%\" height=\"100%%\" "
      "fill=\"white\"/>\n",
      kWidth, kHeight, kWidth, kHeight);
  AppendText(kLeft, 25, "start", title, svg);
  if (latency.count() == 0) {
    AppendText(kLeft, 45, "start", "nothing came back", svg);
    return svg + "</svg>\n";
  }
  AppendText(kLeft, 45, "start",
             absl::StrCat(latency.count(), " requests, p50 ",
                          FormatNanoseconds(latency.Percentile(50)), ", p99 ",
                          FormatNanoseconds(latency.Percentile(99)), ", max ",
                          FormatNanoseconds(latency.max())),
             svg);
  const Frame frame = FrameFor(latency);
  AppendGrid(frame, svg);
  AppendCurve(latency, frame, svg);
  return svg + "</svg>\n";
}

}  // namespace isopoll::echo
