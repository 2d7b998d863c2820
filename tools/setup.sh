# What tools/bazel and tools/check share: installing Debian packages, and taking
# the archives that deps.bzl names from Debian's source packages.
#
# To be sourced by bash.

# Without HOME (a service, a container) it is below the account's own folder.
cache=${XDG_CACHE_HOME:-${HOME:-~}/.cache}/isopoll
distdir=${cache}/distdir
readonly cache distdir

# The name in the URL, the sha256 (both as in deps.bzl), Debian's source
# package, its tarball.
readonly archives="\
20220623.1.tar.gz \
91ac87d30cc6d79f9ab974c51874a704de9c2647c40f6932597329a282217ba8 \
abseil abseil_20220623.1.orig.tar.gz
release-1.12.1.tar.gz \
81964fe578e9bd7c94dfdb09c8e4d6e6759e19967e397dbea48d1c10e45d0df2 \
googletest googletest_1.12.1.orig.tar.gz"

say() { echo "tools/${0##*/}: $*" >&2; }

die() {
  say "$@"
  exit 1
}

as_root() {
  if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

can_install() {
  command -v apt-get >/dev/null &&
    { ((EUID == 0)) || command -v sudo >/dev/null; }
}

# install WHY PACKAGE...: installs packages by apt, or ends with one line.
install() {
  local why=$1 log
  shift
  can_install || die "${why}: install $*; that needs apt-get, and root or sudo"
  say "${why}: installing $*"
  log=$(mktemp)
  # A broken source matters only if the packages are then not to be had.
  as_root apt-get -qq update </dev/null >"${log}" 2>&1 || true
  if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
    -o DPkg::Lock::Timeout=600 --no-install-recommends install "$@" \
    </dev/null >>"${log}" 2>&1; then
    tail -n 20 "${log}" >&2
    rm -f "${log}"
    die "apt-get could not install $*"
  fi
  rm -f "${log}"
}

# Runs a command while no other set-up of this account runs.
locked() {
  mkdir -p "${distdir}"
  (flock 9 && "$@") 9>"${cache}/lock"
}

# needs_clang PACKAGE...: installs Clang with what its sanitizers, libFuzzer and
# the counting of coverage link, and the packages given.
needs_clang() {
  command -v clang >/dev/null && [[ -d "$(clang -print-runtime-dir)" ]] &&
    dpkg -s "$@" >/dev/null 2>&1 && return
  locked install "Clang, or what it links, is missing" clang libclang-rt-dev "$@"
}

# Prints the lines of ${archives} that the distdir lacks.
missing_archives() {
  local line
  while read -r line; do
    [[ -e "${distdir}/${line%% *}" ]] || echo "${line}"
  done <<<"${archives}"
}

# apt_privately ARGUMENT...: apt-get, knowing the sources in ./parts and no
# others. Everything it writes is in the current folder.
apt_privately() {
  apt-get -qq -o APT::Sandbox::User="$(id -un)" \
    -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="${PWD}/parts" \
    -o Dir::State::lists="${PWD}/lists" -o Dir::Cache="${PWD}/cache" "$@"
}

# know_packages TYPE SUITE: has apt_privately know the packages (deb), or source
# packages (deb-src), of that version of Debian, from the machine's own mirrors.
know_packages() {
  local type=$1 suite=$2 file
  mkdir -p parts lists/partial cache/archives/partial
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [[ ! -r "${file}" ]] ||
      sed -nE "s/^deb +(\[.*\] +)?([^ ]+) +[^ ]+/${type} \1\2 ${suite}/p" \
        "${file}" >"parts/${file##*/}.list"
  done
  for file in /etc/apt/sources.list.d/*.sources; do
    [[ ! -r "${file}" ]] ||
      sed "s/^Types:.*/Types: ${type}/; s/^Suites:.*/Suites: ${suite}/" \
        "${file}" >"parts/${file##*/}"
  done
  # A mirror that has no such thing (a vendor's) is no reason to give up.
  apt_privately update || true
}

# Downloads the source packages given of Debian 12 into the current folder.
download_sources() {
  know_packages deb-src bookworm
  apt_privately source --download-only "$@"
}

# upstream_abseil TARBALL: prints the archive of Abseil's tag, byte for byte, of
# which Debian's tarball differs in nothing but the folder's name: the same
# `git archive` of the same tree and time, then the commit's id put back.
upstream_abseil() {
  local upstream tree commit
  upstream=$(gzip -dc "$1" | git get-tar-commit-id)
  # In a hook, git's variables name the repository of the commit.
  # shellcheck disable=SC2046  # several words
  unset $(git rev-parse --local-env-vars)
  export GIT_DIR="${PWD}/abseil.git" GIT_WORK_TREE="${PWD}/abseil"
  export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
  mkdir -p "${GIT_WORK_TREE}"
  tar -xzf "$1" -C "${GIT_WORK_TREE}" --strip-components=1
  GIT_COMMITTER_DATE="$(stat -c %Y "${GIT_WORK_TREE}/BUILD.bazel") +0000"
  export GIT_COMMITTER_DATE GIT_AUTHOR_DATE="${GIT_COMMITTER_DATE}"
  git init -q
  git add --all --force
  tree=$(git write-tree)
  commit=$(git -c user.name=- -c user.email=- commit-tree "${tree}" -m -)
  git archive --prefix=abseil-cpp-20220623.1/ "${commit}" |
    sed "1,/${commit}/s/${commit}/${upstream}/" | gzip -n
}

# Fills the distdir as far as it can, in a subshell of its own.
fill_distdir() {
  local missing packages name sha256 package tarball
  missing=$(missing_archives)
  [[ -n "${missing}" ]] || return 0
  say "taking Abseil and GoogleTest from Debian's source packages"
  work=$(mktemp -d "${cache}/tmp.XXXXXX")
  trap 'rm -rf "${work}"' EXIT
  cd "${work}" || return
  mapfile -t packages < <(cut -d' ' -f3 <<<"${missing}")
  download_sources "${packages[@]}" >log 2>&1 || grep '^E:' log >&2
  while read -r name sha256 package tarball; do
    if [[ "${package}" == abseil && -e "${tarball}" ]]; then
      (upstream_abseil "${tarball}") >upstream 2>>log && mv upstream "${tarball}"
    fi
    if sha256sum --status -c <<<"${sha256}  ${tarball}" 2>>log; then
      mv "${tarball}" "${distdir}/${name}"
    else
      say "no ${tarball} with the pinned sha256; Bazel will ask upstream for it"
    fi
  done <<<"${missing}"
}
