"""A C++ toolchain for Windows that runs on Linux: Debian's mingw-w64. (The one
for Unix that Bazel brings does not know that programs are called .exe.)"""

load("@bazel_tools//tools/build_defs/cc:action_names.bzl", "ACTION_NAMES")
load(
    "@bazel_tools//tools/cpp:cc_toolchain_config_lib.bzl",
    "artifact_name_pattern",
    "feature",
    "flag_group",
    "flag_set",
    "tool_path",
)

_TOOLS = {
    "ar": "ar",
    "cpp": "cpp-posix",
    "gcc": "g++-posix",
    "gcov": "gcov-posix",
    "ld": "ld",
    "nm": "nm",
    "objdump": "objdump",
    "strip": "strip",
}

_COMPILE_FLAGS = [
    # Windows 10.
    "-D_WIN32_WINNT=0x0A00",
    "-DWINVER=0x0A00",
    "-DNOMINMAX",
    "-DWIN32_LEAN_AND_MEAN",
    # Else printf has the formats of the oldest C library.
    "-D__USE_MINGW_ANSI_STDIO",
    # Tests of templates have more sections than COFF numbers otherwise.
    "-Wa,-mbig-obj",
    # What gcc warns of in Abseil, falsely.
    "-Wno-attributes",
    "-Wno-cast-function-type",
    "-Wno-stringop-overflow",
    "-Wno-unknown-pragmas",
]

# With libstdc++ in the program: Windows has none, nor has Wine.
_LINK_FLAGS = ["-static"]

_LIBRARIES = [
    "-lws2_32",
    "-lmswsock",
    "-lntdll",
    "-liphlpapi",
    "-ladvapi32",
    "-lbcrypt",
    "-ldbghelp",
]

def _flags(name, actions, flags):
    return feature(name = name, enabled = True, flag_sets = [
        flag_set(actions = actions, flag_groups = [flag_group(flags = flags)]),
    ])

def _mingw_toolchain_config_impl(ctx):
    compile_actions = [ACTION_NAMES.c_compile, ACTION_NAMES.cpp_compile]
    link_actions = [ACTION_NAMES.cpp_link_executable]
    return cc_common.create_cc_toolchain_config_info(
        ctx = ctx,
        abi_libc_version = "mingw",
        abi_version = "gcc",
        artifact_name_patterns = [artifact_name_pattern(
            category_name = "executable",
            prefix = "",
            extension = ".exe",
        )],
        # By this name Abseil knows it.
        compiler = "mingw-gcc",
        cxx_builtin_include_directories = [
            "/usr/lib/gcc/x86_64-w64-mingw32",
            "/usr/share/mingw-w64/include",
            "/usr/x86_64-w64-mingw32/include",
        ],
        features = [
            _flags("windows_compile_flags", compile_actions, _COMPILE_FLAGS),
            _flags("windows_link_flags", link_actions, _LINK_FLAGS),
            _flags("windows_libraries", link_actions, _LIBRARIES),
        ],
        host_system_name = "local",
        target_cpu = "x64_windows",
        target_libc = "mingw",
        target_system_name = "x86_64-w64-mingw32",
        tool_paths = [
            tool_path(name = name, path = "/usr/bin/x86_64-w64-mingw32-" + tool)
            for name, tool in _TOOLS.items()
        ],
        toolchain_identifier = "mingw",
    )

mingw_toolchain_config = rule(
    implementation = _mingw_toolchain_config_impl,
    provides = [CcToolchainConfigInfo],
)
