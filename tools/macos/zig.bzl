"""A C++ toolchain for macOS that runs on Linux: the one of Zig, which brings
macOS's headers and the names in its libraries."""

load("@bazel_tools//tools/cpp:cc_toolchain_config_lib.bzl", "tool_path")

# c++, as Bazel calls it. Zig keeps what it has compiled of libc++.
_CXX = """#!/usr/bin/env bash
export ZIG_GLOBAL_CACHE_DIR={zig}/cache ZIG_LOCAL_CACHE_DIR={zig}/cache
exec {zig}/zig c++ "$@"
"""

# What Bazel takes to be macOS's libtool: -static -o ARCHIVE FILE..., or @ and
# the name of a file with these, one a line.
_LIBTOOL = """#!/usr/bin/env bash
[[ "$1" != @* ]] || mapfile -t arguments <"${{1#@}}"
((${{#arguments[@]}})) || arguments=("$@")
set -- "${{arguments[@]}}"
files=()
while (($#)); do
  case "$1" in
    -static | -s) ;;
    -o) archive=$2 && shift ;;
    *) files+=("$1") ;;
  esac
  shift
done
rm -f "${{archive}}"
exec {zig}/zig ar rcsD "${{archive}}" "${{files[@]}}"
"""

# What Abseil needs of macOS's frameworks, which Zig does not bring.
_SDK = [
    "sdk/CoreFoundation/CFTimeZone.h",
    "sdk/Foundation.framework/Foundation.tbd",
]

def _zig_repository_impl(ctx):
    zig = ctx.os.environ.get("ISOPOLL_ZIG", "/ISOPOLL_ZIG-is-not-set")
    ctx.file("c++", _CXX.format(zig = zig))
    ctx.file("libtool", _LIBTOOL.format(zig = zig))
    ctx.file("zig.bzl", "ZIG = \"%s\"\n" % zig)
    ctx.symlink(Label("//tools/macos:zig.BUILD"), "BUILD")
    for file in _SDK:
        ctx.symlink(Label("//tools/macos:" + file), file)

zig_repository = repository_rule(
    implementation = _zig_repository_impl,
    doc = "Toolchains :aarch64 and :x86_64, of the Zig in the folder $ISOPOLL_ZIG.",
    environ = ["ISOPOLL_ZIG"],
    local = True,
)

def _toolchain_config_impl(ctx):
    tool_names = {
        "ar": "libtool",
        "gcc": "c++",
    }
    return cc_common.create_cc_toolchain_config_info(
        ctx = ctx,
        abi_libc_version = "unknown",
        abi_version = "unknown",
        compiler = "clang",
        cxx_builtin_include_directories = [ctx.attr.zig],
        host_system_name = "local",
        target_cpu = "darwin",
        # By this name Bazel knows that it links for macOS.
        target_libc = "macosx",
        target_system_name = ctx.attr.target,
        toolchain_identifier = ctx.attr.target,
        tool_paths = [
            tool_path(name = name, path = tool_names.get(name, "/bin/false"))
            for name in ["ar", "cpp", "gcc", "gcov", "ld", "nm", "objdump", "strip"]
        ],
    )

zig_toolchain_config = rule(
    implementation = _toolchain_config_impl,
    attrs = {
        "target": attr.string(mandatory = True),
        "zig": attr.string(mandatory = True),
    },
    provides = [CcToolchainConfigInfo],
)
