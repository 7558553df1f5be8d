# SPDX-License-Identifier: LGPL-2.1-or-later
"""A binding for Python's ctypes, made from the public headers and nothing else. That it can be made by
these few rules is what it is here for: it knows no function and no constant by name."""
import ctypes
import glob
import os
import re

HEADERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../include/xmpp/*.h")
SCALARS = {"void": None, "int": ctypes.c_int, "unsigned": ctypes.c_uint, "short": ctypes.c_short,
           "size_t": ctypes.c_size_t, "int64_t": ctypes.c_int64, "uint32_t": ctypes.c_uint32,
           "uint16_t": ctypes.c_uint16, "uint8_t": ctypes.c_uint8, "uint64_t": ctypes.c_uint64}
WORDS = r"((?:const |struct )*\w+)\s*((?:\*\s*)*)"


class Binding:
    """`binding.xmpp_conn_new()`, `binding.XMPP_E_NOMEM`, `binding.xmpp_state_fn(function)`."""

    def __init__(self, library):
        text = "".join(map(read, sorted(glob.glob(HEADERS))))
        self.n_declared = len(re.findall(r"^XMPP_API ", text, re.M))
        self._add_constants(text)
        self.callbacks = re.findall(r"typedef " + WORDS + r"\(\*(\w+)\)\(([^)]*)\);", text)
        for ret, stars, name, params in self.callbacks:
            setattr(self, name, ctypes.CFUNCTYPE(self._type(ret, stars), *self._types(params)))
        self.functions = re.findall(r"XMPP_API " + WORDS + r"(\w+)\(([^)]*)\);", text)
        loaded = ctypes.CDLL(library)
        for ret, stars, name, params in self.functions:
            function = getattr(loaded, name)
            function.restype, function.argtypes = self._type(ret, stars), self._types(params)
            setattr(self, name, function)

    def _add_constants(self, text):
        for name, value in re.findall(r"^\s*(XMPP_\w+)\s*=\s*(-?\d+)", text, re.M):
            setattr(self, name, int(value))
        for name, value in re.findall(r"^#define (XMPP_\w+) (\d+|\".*\")$", text, re.M):
            setattr(self, name, value[1:-1] if value[0] == '"' else int(value))

    def _types(self, params):
        found = [re.match(WORDS, param.strip()) for param in params.split(",")]
        types = [(match[1], match[2], match.string[match.end():]) for match in found]
        if types == [("void", "", "")]:
            return []
        return [ctypes.py_object if name == "userdata" else self._type(word, stars)
                for word, stars, name in types]

    def _type(self, word, stars):
        stars = "".join(stars.split())
        if word == "const char" and stars == "*":
            return ctypes.c_char_p  # borrowed or copied; what is owned is a char **
        if stars:
            return ctypes.c_void_p
        return SCALARS[word] if word in SCALARS else getattr(self, word)


def read(path):
    """A header without its comments, and without what says that a pointer itself is constant."""
    with open(path, encoding="utf-8") as file:
        return re.sub(r"/\*.*?\*/|(?<=\*)\s*const\b", "", file.read(), flags=re.S)
