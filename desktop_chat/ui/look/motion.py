"""Whether the system asks for stillness, which Qt 6.11 cannot tell yet."""

from __future__ import annotations

import ctypes
import os
import sys
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from PySide6.QtDBus import QDBusPendingCallWatcher

_PORTAL: Final = "org.freedesktop.portal.Desktop"
_PORTAL_PATH: Final = "/org/freedesktop/portal/desktop"
_PORTAL_SETTINGS: Final = "org.freedesktop.portal.Settings"
_NAMESPACE: Final = "org.gnome.desktop.interface"
_KEY: Final = "enable-animations"
_NO_BUS: Final = "disabled:"
_SPI_GETCLIENTAREAANIMATION: Final = 0x1042


class MotionProbe(QObject):
    """Asks the system once, without waiting for it, and tells where stillness is wished for."""

    answered = Signal(bool)
    """bool: whether things may move"""

    def start(self) -> None:
        """Ask. Where the system has no answer, nothing is told and things move."""
        if sys.platform == "win32":
            self.answered.emit(_windows_animates())
        elif sys.platform == "darwin":
            self.answered.emit(_macos_animates())
        elif os.environ.get("DBUS_SESSION_BUS_ADDRESS", _NO_BUS) != _NO_BUS:
            self._ask_portal()

    def _ask_portal(self) -> None:
        from PySide6.QtDBus import (  # noqa: PLC0415 - not needed for the first paint
            QDBusConnection,
            QDBusMessage,
            QDBusPendingCallWatcher,
        )

        question = QDBusMessage.createMethodCall(_PORTAL, _PORTAL_PATH, _PORTAL_SETTINGS, "Read")
        question.setArguments([_NAMESPACE, _KEY])
        question.setAutoStartService(False)
        watcher = QDBusPendingCallWatcher(
            QDBusConnection.sessionBus().asyncCall(question, 2000), self
        )
        watcher.finished.connect(self._on_portal_answered)

    @Slot("QDBusPendingCallWatcher*")
    def _on_portal_answered(self, watcher: QDBusPendingCallWatcher) -> None:
        from PySide6.QtDBus import QDBusVariant  # noqa: PLC0415 - as above

        reply = watcher.reply()
        watcher.deleteLater()
        if watcher.isError():
            return
        value: object = reply.arguments()[0] if reply.arguments() else None
        while isinstance(value, QDBusVariant):
            value = value.variant()
        if isinstance(value, bool):
            self.answered.emit(value)


def _windows_animates() -> bool:
    shown = ctypes.c_int(1)
    library = getattr(ctypes, "windll", None)
    if library is None:
        return True
    library.user32.SystemParametersInfoW(_SPI_GETCLIENTAREAANIMATION, 0, ctypes.byref(shown), 0)
    return bool(shown.value)


def _macos_animates() -> bool:
    import ctypes.util  # noqa: PLC0415 - no other system looks for it, 3 ms

    path = ctypes.util.find_library("objc")
    if path is None:
        return True
    objc = ctypes.cdll.LoadLibrary(path)
    objc.objc_getClass.restype = ctypes.c_void_p
    objc.sel_registerName.restype = ctypes.c_void_p
    send = objc.objc_msgSend
    send.restype = ctypes.c_void_p
    send.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    workspace = send(objc.objc_getClass(b"NSWorkspace"), objc.sel_registerName(b"sharedWorkspace"))
    if not workspace:
        return True
    still = send(workspace, objc.sel_registerName(b"accessibilityDisplayShouldReduceMotion"))
    return not (int(still or 0) & 0xFF)
