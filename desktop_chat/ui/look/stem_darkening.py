"""Keeps Chinese from looking bold in dark colours on Linux.

Qt draws CFF fonts, such as Noto Sans CJK, with FreeType's stem darkening, which makes white text
on black up to 1.4 times as heavy as black on white. FreeType's own environment variable has no
effect on the copy of the library that Qt holds, so the property is set on Qt's handle.
"""

from __future__ import annotations

import ctypes
import logging
import sys

_LOG = logging.getLogger(__name__)


def turn_off() -> bool:
    """Turn stem darkening off for this thread's text, and tell whether that could be done.

    Must run on the window's thread, after the application was made and before text is drawn.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        return _set_property()
    except (OSError, AttributeError) as problem:
        _LOG.info("stem darkening stays on: %s", problem)
        return False


def _set_property() -> bool:
    # Both are loaded already: no path is searched, and another build of Qt simply has no symbol.
    gui = ctypes.CDLL("libQt6Gui.so.6")
    freetype = ctypes.CDLL("libfreetype.so.6")
    handle_of_qt = gui["_Z14qt_getFreetypev"]
    handle_of_qt.restype = ctypes.c_void_p
    handle_of_qt.argtypes = []
    handle = handle_of_qt()
    if not handle:
        return False
    set_property = freetype.FT_Property_Set
    set_property.restype = ctypes.c_int
    set_property.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p]
    off = ctypes.c_ubyte(1)
    return bool(set_property(handle, b"cff", b"no-stem-darkening", ctypes.byref(off)) == 0)
