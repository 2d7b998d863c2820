"""What isopoll is built from, pinned: upstream's release archives by sha256."""

load("@bazel_tools//tools/build_defs/repo:http.bzl", "http_archive")
load("@bazel_tools//tools/build_defs/repo:utils.bzl", "maybe")

def _native_shell_rules_impl(ctx):
    ctx.file("BUILD")
    ctx.file("shell/BUILD")
    for rule in ["sh_binary", "sh_library", "sh_test"]:
        ctx.file("shell/%s.bzl" % rule, "%s = native.%s\n" % (rule, rule))

_native_shell_rules = repository_rule(
    implementation = _native_shell_rules_impl,
    doc = "rules_shell, made of the native rules: the published one needs Bazel 6.",
)

def isopoll_dependencies():
    """Brings isopoll's dependencies, except those the workspace already has.

    Call it after your own http_archive and local_repository rules: a name that
    they have taken is left alone. Bazel fetches only what your targets need, so
    GoogleTest costs nothing to those who depend on //poller alone.
    """
    maybe(
        http_archive,
        name = "bazel_skylib",
        sha256 = "1c531376ac7e5a180e0237938a2536de0c54d93f5c278634818e0efc952dd56c",
        urls = ["https://github.com/bazelbuild/bazel-skylib/releases/download/1.0.3/bazel-skylib-1.0.3.tar.gz"],
    )
    maybe(
        http_archive,
        name = "com_google_absl",
        sha256 = "91ac87d30cc6d79f9ab974c51874a704de9c2647c40f6932597329a282217ba8",
        strip_prefix = "abseil-cpp-20220623.1",
        urls = ["https://github.com/abseil/abseil-cpp/archive/20220623.1.tar.gz"],
    )
    maybe(
        http_archive,
        name = "com_google_googletest",
        sha256 = "81964fe578e9bd7c94dfdb09c8e4d6e6759e19967e397dbea48d1c10e45d0df2",
        strip_prefix = "googletest-release-1.12.1",
        urls = ["https://github.com/google/googletest/archive/release-1.12.1.tar.gz"],
    )

    # Abseil selects on CPUs that Bazel 4's own platforms do not name.
    maybe(
        http_archive,
        name = "platforms",
        sha256 = "079945598e4b6cc075846f7fd6a9d0857c33a7afc0de868c2ccb96405225135d",
        urls = ["https://github.com/bazelbuild/platforms/releases/download/0.0.4/platforms-0.0.4.tar.gz"],
    )

    # Bazel itself brings a rules_cc that fits it.
    maybe(_native_shell_rules, name = "rules_shell")
