# SPDX-License-Identifier: MIT
"""The tests that judge a mutant: fast, and between them past every slow path of src/."""

# Rooms of src/ alone, linked with the mutant under un-interposed names.
UNIT = ["size_class", "magazine", "arena", "spans", "slab", "purge", "large", "remote", "heap", "orphans",
        "realloc", "refill", "upkeep", "no_memory", "counters", "corrupted", "vdso"]

# Programs of tests/ that run on the mutant by preload: (name, arguments, files of src/ that it is for; none: all).
# @LIBRARY@ is the mutant. Longer ones are for the files that they are about.
PRELOADED = [
    ("shadow_map/shadow_map", ["7", "60000", "1"], ""),
    ("shadow_map/shadow_map", ["8", "60000", "3"], ""),
    ("misuse/misuse_line", [], ""),
    ("misuse/second_free", [], ""),
    ("fork", ["20", "2"], "heap.c counters.c tally.c lock.c magazine.c arena.c arena_range.c huge.c misuse.c"),
    ("threads", ["200"], "heap.c refill.c remote.c magazine.c upkeep.c slow_path.c"),
    ("api_probe", ["@LIBRARY@"], "interface.c statistics.c realloc.c slow_path.c interpose.c"),
    ("address_space", [], "arena.c arena_range.c huge.c os.c os_process.c large.c"),
    ("counters_truth", [], "counters.c tally.c refill.c slow_path.c upkeep.c statistics.c realloc.c large.c"),
    ("export/metrics_truth", [], "metrics.c metrics_file.c metrics_writer.c os_file.c counters.c"),
    ("locked_memory", [], "arena.c arena_range.c os.c os_file.c heap.c counters.c"),
    ("memory_returned", [], "decay.c upkeep.c"),
    ("use_after_free_write", [], "slab.c remote.c"),
    ("early_start", [], ""),
    ("cxx_operators", [], "interpose.c slow_path.c interface.c"),
    ("wild_pointers", [], "misuse.c misuse_line.c realloc.c slow_path.c huge.c large.c"),
    ("producer_consumer", ["1", "1"], "remote.c refill.c upkeep.c"),
]
