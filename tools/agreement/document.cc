#include "tools/agreement/document.h"

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace isopoll::agreement {
namespace {

// Where the block begins and ends.
struct Place {
  size_t begin = 0;
  size_t end = 0;
};

// The only place of `marker` in `text`.
absl::StatusOr<size_t> Find(absl::string_view text, absl::string_view marker) {
  const size_t at = text.find(marker);
  if (at != absl::string_view::npos &&
      text.find(marker, at + 1) == absl::string_view::npos) {
    return at;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "there must be one line ", marker.substr(0, marker.size() - 1)));
}

absl::StatusOr<Place> PlaceOfBlock(absl::string_view text) {
  absl::StatusOr<size_t> begin = Find(text, kBeginMarker);
  if (!begin.ok()) return begin.status();
  absl::StatusOr<size_t> end = Find(text, kEndMarker);
  if (!end.ok()) return end.status();
  const Place place = {*begin + sizeof(kBeginMarker) - 1, *end};
  if (place.begin <= place.end) return place;
  return absl::InvalidArgumentError("the markers are in the wrong order");
}

absl::Status CannotDo(absl::string_view what, const std::string& path) {
  return absl::ErrnoToStatus(errno, absl::StrCat("cannot ", what, " ", path));
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return CannotDo("read", path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

absl::Status WriteFile(const std::string& path, const std::string& text) {
  // Beside it first, so that a full disk does not cost the document.
  const std::string fresh = path + ".new";
  std::ofstream out(fresh, std::ios::binary);
  out << text;
  out.close();
  if (out.fail()) return CannotDo("write", fresh);
  std::error_code error;
  std::filesystem::rename(fresh, path, error);
  if (!error) return absl::OkStatus();
  return absl::UnknownError(
      absl::StrCat("cannot replace ", path, ": ", error.message()));
}

}  // namespace

absl::StatusOr<std::string> BlockOf(absl::string_view text) {
  absl::StatusOr<Place> place = PlaceOfBlock(text);
  if (!place.ok()) return place.status();
  return std::string(text.substr(place->begin, place->end - place->begin));
}

absl::StatusOr<std::string> WithBlock(absl::string_view text,
                                      absl::string_view block) {
  absl::StatusOr<Place> place = PlaceOfBlock(text);
  if (!place.ok()) return place.status();
  return absl::StrCat(text.substr(0, place->begin), block,
                      text.substr(place->end));
}

absl::Status UpdateFile(const std::string& path, absl::string_view block) {
  absl::StatusOr<std::string> old = ReadFile(path);
  if (!old.ok()) return old.status();
  absl::StatusOr<std::string> text = WithBlock(*old, block);
  if (!text.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": ", text.status().message()));
  }
  return WriteFile(path, *text);
}

}  // namespace isopoll::agreement
