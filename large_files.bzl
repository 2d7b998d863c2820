"""For 32-bit systems: sizes of files and inodes have 64 bits."""

# The local_defines of all that fills, or reads, one struct stat.
LARGE_FILES = select({
    "//:has_small_files": ["_FILE_OFFSET_BITS=64"],
    "//conditions:default": [],
})
