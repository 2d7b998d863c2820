#include "echo/load/plot.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "echo/load/load_text.h"

namespace isopoll::echo {
namespace {

constexpr double kWidth = 800, kHeight = 480;
constexpr double kLeft = 80, kRight = 770, kTop = 60, kBottom = 420;

// How many are above a percentile.
constexpr struct {
  double above;
  const char* name;
} kPercentiles[] = {{1, "0"},         {0.5, "50"},       {0.1, "90"},
                    {1e-2, "99"},     {1e-3, "99.9"},    {1e-4, "99.99"},
                    {1e-5, "99.999"}, {1e-6, "99.9999"}, {1e-7, "99.99999"}};

// Where things are in the picture.
struct Frame {
  explicit Frame(const Histogram& latency)
      : nines(std::clamp(std::ceil(std::log10(latency.count())), 2.0, 7.0)),
        lowest(std::floor(std::log10(std::max<double>(latency.min(), 1)))),
        highest(std::ceil(std::log10(std::max<double>(latency.max(), 1)))) {
    if (highest == lowest) ++highest;
  }

  // `above` of all are above it: 1 is the left edge, 0.1 one step further.
  double X(double above) const {
    const double steps = std::min(-std::log10(above), nines);
    return kLeft + steps / nines * (kRight - kLeft);
  }
  double Y(double nanoseconds) const {
    const double decades = std::log10(std::max(nanoseconds, 1.0)) - lowest;
    return kBottom - decades / (highest - lowest) * (kBottom - kTop);
  }

  double nines;            // how many of them the last percentile has
  double lowest, highest;  // decades of nanoseconds, whole numbers
};

void AppendGrid(const Frame& frame, std::string& svg) {
  constexpr char kLine[] =
      "<path d=\"M%.1f,%.1f L%.1f,%.1f\" stroke=\"#ddd\"/>"
      "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n";
  for (const auto& [above, name] : kPercentiles) {
    if (-std::log10(above) > frame.nines) break;
    const double x = frame.X(above);
    absl::StrAppendFormat(&svg, kLine, x, kTop, x, kBottom, x, kBottom + 20,
                          "middle", name);
  }
  for (double decade = frame.lowest; decade <= frame.highest; ++decade) {
    const double value = std::pow(10.0, decade), y = frame.Y(value);
    absl::StrAppendFormat(&svg, kLine, kLeft, y, kRight, y, kLeft - 8, y + 4,
                          "end",
                          FormatNanoseconds(static_cast<uint64_t>(value)));
  }
}

void AppendCurve(const Histogram& latency, const Frame& frame,
                 std::string& svg) {
  const double count = static_cast<double>(latency.count());
  svg +=
      "<polyline fill=\"none\" stroke=\"#1f5fa8\" stroke-width=\"2\" points=\"";
  uint64_t before = 0;
  for (const Histogram::Bucket& bucket : latency.Buckets()) {
    for (const uint64_t up_to : {before, bucket.cumulative}) {
      const double above =
          std::max((count - static_cast<double>(up_to)) / count, 1e-18);
      absl::StrAppendFormat(&svg, "%.1f,%.1f ", frame.X(above),
                            frame.Y(bucket.highest));
    }
    before = bucket.cumulative;
  }
  svg += "\"/>\n";
}

}  // namespace

std::string PlotSvg(const Histogram& latency, absl::string_view title) {
  std::string svg = absl::StrFormat(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %g %g\" "
      "font-family=\"sans-serif\" font-size=\"12\">\n"
      "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n"
      "<text x=\"%g\" y=\"25\">%s</text>\n"
      "<text x=\"%g\" y=\"45\">latency of %d requests over their percentile, "
      "p50 %s, p99 %s, max %s</text>\n",
      kWidth, kHeight, kLeft,
      absl::StrReplaceAll(title,
                          {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}}),
      kLeft, latency.count(), FormatNanoseconds(latency.Percentile(50)),
      FormatNanoseconds(latency.Percentile(99)),
      FormatNanoseconds(latency.max()));
  if (latency.count() > 0) {
    const Frame frame(latency);
    AppendGrid(frame, svg);
    AppendCurve(latency, frame, svg);
  }
  return svg + "</svg>\n";
}

}  // namespace isopoll::echo
