"""clang-tidy as an aspect: run again only for files whose inputs changed."""

load("@bazel_tools//tools/cpp:toolchain_utils.bzl", "find_cpp_toolchain")

def _flags(ctx, context):
    flags = ctx.fragments.cpp.copts + ctx.fragments.cpp.cxxopts
    flags += getattr(ctx.rule.attr, "copts", [])
    flags += ["-D" + define for define in context.defines.to_list()]
    flags += ["-D" + define for define in context.local_defines.to_list()]
    for flag, folders in [
        ("-iquote", context.quote_includes),
        ("-I", context.includes),
        ("-isystem", context.system_includes),
    ]:
        for folder in folders.to_list():
            flags += [flag, folder]
    return flags

def _clang_tidy_impl(target, ctx):
    if CcInfo not in target:
        return []
    context = target[CcInfo].compilation_context
    reports = []
    for source in getattr(ctx.rule.files, "srcs", []):
        if source.extension != "cc":
            continue
        report = ctx.actions.declare_file(
            "{}.{}.tidy".format(target.label.name, source.basename),
        )
        ctx.actions.run_shell(
            inputs = depset(
                [source, ctx.file._config],
                transitive = [context.headers, find_cpp_toolchain(ctx).all_files],
            ),
            outputs = [report],
            arguments = [report.path, source.path, "--"] + _flags(ctx, context),
            # What it says of a clean file (warnings it suppressed) is noise.
            command = """
                report=$1; shift
                clang-tidy --quiet "$@" >"$report" 2>&1 || {
                  cat "$report"; exit 1; }""",
            mnemonic = "ClangTidy",
            progress_message = "Running clang-tidy on " + source.short_path,
            use_default_shell_env = True,
        )
        reports.append(report)
    return [OutputGroupInfo(clang_tidy = depset(reports))]

clang_tidy = aspect(
    implementation = _clang_tidy_impl,
    attrs = {
        "_cc_toolchain": attr.label(
            default = "@bazel_tools//tools/cpp:current_cc_toolchain",
        ),
        "_config": attr.label(
            allow_single_file = True,
            default = "//:.clang-tidy",
        ),
    },
    fragments = ["cpp"],
    toolchains = ["@bazel_tools//tools/cpp:toolchain_type"],
)
