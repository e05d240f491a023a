# SPDX-License-Identifier: MIT
"""Reads a pprof profile by its wire format, and takes nothing that is not exactly as it should be: every
reference leads somewhere, every id and string is there once, every number is in its shortest form.
"""

import collections
import gzip

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5

# Number: name, kind. The kinds: i(nt), m(essage), s(tring), r(epeated) before them, packed ints among them.
PROFILE = {1: ("sample_type", "rm"), 2: ("sample", "rm"), 3: ("mapping", "rm"), 4: ("location", "rm"),
           5: ("function", "rm"), 6: ("string_table", "rs"), 7: ("drop_frames", "i"), 8: ("keep_frames", "i"),
           9: ("time_nanos", "i"), 10: ("duration_nanos", "i"), 11: ("period_type", "m"), 12: ("period", "i"),
           13: ("comment", "ri"), 14: ("default_sample_type", "i")}
VALUE_TYPE = {1: ("type", "i"), 2: ("unit", "i")}
SAMPLE = {1: ("location_id", "ri"), 2: ("value", "ri"), 3: ("label", "rm")}
MAPPING = {1: ("id", "i"), 2: ("memory_start", "i"), 3: ("memory_limit", "i"), 4: ("file_offset", "i"),
           5: ("filename", "i"), 6: ("build_id", "i"), 7: ("has_functions", "i"), 8: ("has_filenames", "i"),
           9: ("has_line_numbers", "i"), 10: ("has_inline_frames", "i")}
LOCATION = {1: ("id", "i"), 2: ("mapping_id", "i"), 3: ("address", "i"), 4: ("line", "rm"), 5: ("is_folded", "i")}
LINE = {1: ("function_id", "i"), 2: ("line", "i")}
FUNCTION = {1: ("id", "i"), 2: ("name", "i"), 3: ("system_name", "i"), 4: ("filename", "i"), 5: ("start_line", "i")}
INNER = {"sample_type": VALUE_TYPE, "period_type": VALUE_TYPE, "sample": SAMPLE, "mapping": MAPPING,
         "location": LOCATION, "function": FUNCTION, "line": LINE}


class Malformed(Exception):
    pass


def require(condition, what):
    if not condition:
        raise Malformed(what)


def varint(data, at):
    value = shift = 0
    while True:
        require(at < len(data) and shift < 70, "a number that does not end")
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            require(byte or shift == 7, "a number longer than it need be")
            require(value < 1 << 64, "a number above 64 bits")
            return value, at


def signed(value):
    return value - (1 << 64) if value >> 63 else value


def packed(data):
    at, values = 0, []
    while at < len(data):
        value, at = varint(data, at)
        values.append(signed(value))
    return values


def message(data, fields, name="profile"):
    """A namespace of the fields; those that are not there are empty, or 0."""
    result = {field: [] if kind[0] == "r" else 0 for field, kind in fields.values()}
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        number, wire = key >> 3, key & 7
        require(number in fields, f"{name} has an unknown field {number}")
        field, kind = fields[number]
        require(wire in (VARINT, BYTES), f"{name}.{field} has wire type {wire}")
        if wire == VARINT:
            require(kind.endswith("i"), f"{name}.{field} is a number")
            value, at = varint(data, at)
            value = signed(value)
        else:
            length, at = varint(data, at)
            require(length <= len(data) - at, f"{name}.{field} is longer than what holds it")
            value, at = data[at:at + length], at + length
            if kind.endswith("m"):
                value = message(value, INNER[field], field)
            elif kind.endswith("s"):
                value = value.decode("utf-8", errors="strict")
            else:
                require(kind == "ri", f"{name}.{field} is bytes")
                result[field] += packed(value)
                continue
        if kind[0] == "r":
            result[field].append(value)
        else:
            require(not result[field], f"{name}.{field} is there twice")
            result[field] = value
    return collections.namedtuple(name, result)(**result)


Frame = collections.namedtuple("Frame", "function file line")


class Profile:
    """types: (name, unit); stacks: (frames from the outermost, values)."""

    def __init__(self, data):
        require(data[:3] == b"\x1f\x8b\x08", "compressed by gzip")
        self.raw = message(gzip.decompress(data), PROFILE)
        self.strings = self.raw.string_table
        require(self.strings and self.strings[0] == "", "the first string is empty")
        require(len(set(self.strings)) == len(self.strings), "every string is there once")
        self.used = {0}
        self.types = [(self.string(of.type), self.string(of.unit)) for of in self.raw.sample_type]
        require(self.types and len(set(self.types)) == len(self.types), "each type is there once")
        require(all(name and unit for name, unit in self.types), "types have names and units")
        self.default = self.string(self.raw.default_sample_type)
        require(self.default in [name for name, _ in self.types], "the default is a type")
        self.comments = [self.string(index) for index in self.raw.comment]
        self.period_type = self.raw.period_type and (self.string(self.raw.period_type.type),
                                                     self.string(self.raw.period_type.unit))
        require(bool(self.raw.period) == bool(self.period_type) and self.raw.period >= 0, "a period has a type")
        require(self.raw.time_nanos > 0 and self.raw.duration_nanos >= 0, "when it was")
        self.check_mappings()
        self.check_functions()
        self.check_locations()
        self.check_samples()
        require(self.used == set(range(len(self.strings))), "every string is used")

    def string(self, index):
        require(0 <= index < len(self.strings), f"string {index} of {len(self.strings)}")
        self.used.add(index)
        text = self.strings[index]
        require(text.isprintable() or not text, f"a string of one line: {text!r}")
        return text

    @staticmethod
    def by_id(items, what):
        table = {item.id: item for item in items}
        require(len(table) == len(items) and 0 not in table, f"every {what} has an id of its own, above 0")
        return table

    def check_mappings(self):
        self.mappings = self.by_id(self.raw.mapping, "mapping")
        end = -1
        for mapping in sorted(self.raw.mapping, key=lambda one: one.memory_start):
            require(end <= mapping.memory_start < mapping.memory_limit, "mappings have ranges of their own")
            end = mapping.memory_limit
            require(self.string(mapping.filename), "a mapping has a file")
            build_id = self.string(mapping.build_id)
            require(len(build_id) % 2 == 0 and not set(build_id) - set("0123456789abcdef"), f"build id {build_id}")
            require(mapping.has_functions == 1, "its functions are named")
            require({mapping.has_filenames, mapping.has_line_numbers, mapping.has_inline_frames} <= {0, 1}, "flags")

    def check_functions(self):
        self.functions = self.by_id(self.raw.function, "function")
        names = set()
        for function in self.raw.function:
            name = self.string(function.name), self.string(function.filename)
            require(name[0] and self.string(function.system_name), "a function has a name")
            require(name not in names, f"function {name} is there once")
            names.add(name)

    def check_locations(self):
        self.locations = self.by_id(self.raw.location, "location")
        addresses, used = set(), set()
        for location in self.raw.location:
            require(location.line, "a location has a line")
            require((location.mapping_id == 0) == (location.address == 0), "an address has a mapping")
            if location.mapping_id:
                require(location.mapping_id in self.mappings, "the mapping is there")
                mapping = self.mappings[location.mapping_id]
                require(mapping.memory_start <= location.address < mapping.memory_limit, "the address lies in it")
                require(location.address not in addresses, "an address is one location")
                addresses.add(location.address)
            for line in location.line:
                require(line.function_id in self.functions, "the function is there")
                require(line.line >= 0, "a line's number")
                function = self.functions[line.function_id]
                require(line.line == 0 or function.filename, "a line is of a file")
                used.add(line.function_id)
                if mapping_says(self.mappings, location, "has_line_numbers"):
                    require(line.line > 0, "lines are known where that is said")
                if mapping_says(self.mappings, location, "has_filenames"):
                    require(function.filename, "files are known where that is said")
        require(used == set(self.functions), "every function is used")

    def check_samples(self):
        seen = set()
        self.stacks = []
        for sample in self.raw.sample:
            require(len(sample.value) == len(self.types), "a value for each type")
            require(min(sample.value) >= 0 and max(sample.value) > 0, f"values {sample.value}")
            require(sample.location_id and set(sample.location_id) <= set(self.locations), "locations are there")
            require(tuple(sample.location_id) not in seen, "a stack is there once")
            seen.add(tuple(sample.location_id))
            frames = [frame for at in sample.location_id for frame in self.frames(self.locations[at])]
            self.stacks.append((tuple(reversed(frames)), tuple(sample.value)))

    def frames(self, location):
        """Innermost first."""
        for line in location.line:
            function = self.functions[line.function_id]
            yield Frame(self.strings[function.name], self.strings[function.filename], line.line)

    def total(self, name):
        index = [known for known, _ in self.types].index(name)
        return sum(values[index] for _, values in self.stacks)


def mapping_says(mappings, location, what):
    return location.mapping_id and getattr(mappings[location.mapping_id], what)


def read(path):
    with open(path, "rb") as file:
        return Profile(file.read())
