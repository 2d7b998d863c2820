// Rendering: the matrix for people and for programs.

#ifndef ISOPOLL_TOOLS_AGREEMENT_RENDER_H_
#define ISOPOLL_TOOLS_AGREEMENT_RENDER_H_

#include <string>

#include "tools/agreement/matrix.h"
#include "tools/agreement/verdicts.h"

namespace isopoll::agreement {

// What the cells mean, a sentence or two without mark-up.
extern const char kLegend[];

// Aligned columns. What differs has an exclamation mark, and with `color` (the
// escape codes of terminals) stands out. The last line is the summary's.
std::string RenderText(const Matrix& matrix, const Summary& summary,
                       bool color);

// A table for each family, as GitHub shows them; what differs is bold.
std::string RenderMarkdown(const Matrix& matrix, const Summary& summary);

// A page that needs nothing beside it, for light and dark screens.
std::string RenderHtml(const Matrix& matrix, const Summary& summary);

// RFC 4180 with a head line. The last field of a line names the columns that
// differ, or says why the state could not be made. No summary.
std::string RenderCsv(const Matrix& matrix);

}  // namespace isopoll::agreement

#endif  // ISOPOLL_TOOLS_AGREEMENT_RENDER_H_
