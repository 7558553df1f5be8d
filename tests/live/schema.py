# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checks a value by a JSON Schema (draft 2020-12), as far as the schemas of this repository go. A
keyword that is not known here raises, so that none is passed over."""
import re

TYPES = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "null": lambda value: value is None,
}
NOTES = {"$schema", "$defs", "title", "description"}


def of(*types):
    """A check counts for values of these types only; others pass."""
    def bind(check):
        def bound(wanted, value):
            return not any(TYPES[one](value) for one in types) or check(wanted, value)
        return bound
    return bind


# Whether a value is what the keyword wants, where that can be said of the value alone.
SIMPLE = {
    "type": lambda wanted, value: any(
        TYPES[one](value) for one in ([wanted] if isinstance(wanted, str) else wanted)),
    "enum": lambda wanted, value: value in wanted,
    "required": of("object")(lambda wanted, value: set(wanted) <= value.keys()),
    "maxItems": of("array")(lambda wanted, value: len(value) <= wanted),
    "minLength": of("string")(lambda wanted, value: len(value) >= wanted),
    "pattern": of("string")(lambda wanted, value: re.search(wanted, value) is not None),
    "minimum": of("integer")(lambda wanted, value: value >= wanted),
    "maximum": of("integer")(lambda wanted, value: value <= wanted),
}


def problems(root, value, schema=None, where="$"):
    """Yields what is wrong with the value, and where."""
    schema = root if schema is None else schema
    for keyword, wanted in schema.items():
        if keyword in NOTES:
            continue
        if keyword in SIMPLE:
            if not SIMPLE[keyword](wanted, value):
                yield f"{where}: {value!r} is not of {keyword} {wanted}"
        elif keyword == "$ref":
            yield from problems(root, value, root["$defs"][wanted.removeprefix("#/$defs/")], where)
        elif keyword == "items":
            for index, one in enumerate(value if isinstance(value, list) else []):
                yield from problems(root, one, wanted, f"{where}[{index}]")
        elif keyword == "properties":
            for name in wanted.keys() & (value.keys() if isinstance(value, dict) else set()):
                yield from problems(root, value[name], wanted[name], f"{where}.{name}")
        elif keyword == "additionalProperties":
            assert wanted is False, "only false is known"
            if isinstance(value, dict):
                yield from (f"{where}: {name} is not known"
                            for name in value.keys() - schema.get("properties", {}).keys())
        else:
            raise AssertionError(f"the schema uses {keyword}, which is not known here")
