# SPDX-License-Identifier: MIT
"""The tests that judge a mutant: fast, and between them past every slow path of src/."""

# Rooms of src/ alone, linked with the mutant under un-interposed names.
UNIT = ["size_class", "magazine", "arena", "spans", "slab", "purge", "large", "remote", "heap", "orphans", "upkeep",
        "no_memory", "counters", "corrupted", "vdso"]

# Programs of tests/ that run on the mutant by preload: (name, arguments). @LIBRARY@ is the mutant.
PRELOADED = [
    ("shadow_map", ["7", "60000", "1"]),
    ("shadow_map", ["8", "60000", "3"]),
    ("misuse/misuse_line", []),
    ("misuse/second_free", []),
    ("fork", ["20", "2"]),
    ("threads", ["300"]),
    ("api_probe", ["@LIBRARY@"]),
    ("address_space", []),
    ("counters_truth", []),
    ("locked_memory", []),
    ("memory_returned", []),
    ("use_after_free_write", []),
    ("sparse_slabs", []),
    ("early_start", []),
    ("cxx_operators", []),
    ("wild_pointers", []),
    ("producer_consumer", ["1", "1"]),
]
