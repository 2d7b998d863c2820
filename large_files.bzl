"""For 32-bit systems: sizes of files and inodes have 64 bits."""

# The local_defines of all that fills, or reads, one struct stat. Not on 64-bit
# processors, where it changes nothing but the names of functions (fstat64) that
# tests put their own in the place of.
LARGE_FILES = select({
    "//:has_small_files": ["_FILE_OFFSET_BITS=64"],
    "//conditions:default": [],
})
