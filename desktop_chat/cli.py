"""The doorstep of the commands that open no window, beside that of the window, `app`."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

from desktop_chat.commands import provider
from desktop_chat.commands.arguments import FAILED
from desktop_chat.commands.ask import ask, parameters_from, question_from
from desktop_chat.commands.describing import provider_from, secrets_from
from desktop_chat.commands.diagnostics import print_diagnostics
from desktop_chat.commands.speaking import Refusal, complain, failure_sentence, once

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.commands.arguments import Arguments
    from desktop_chat.runtime.core import Core
    from desktop_chat.runtime.process.waiting import Waiting

    Command = Callable[[Core, Waiting], int]

NO_GUI: Final = 4
INTERRUPTED: Final = 130
FIRST_QUESTION: Final = "Show me around"


def run_command(arguments: Arguments) -> int:
    """Carry out `ask`, `diagnostics` or `provider …`; return the exit status."""
    try:
        status = _run(arguments, _prepared(arguments))
        if sys.stdout is not None:
            sys.stdout.flush()
        return status
    except Refusal as refusal:
        complain(str(refusal))
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Nobody reads on; Python must not find that out once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        complain(f"The output could not be written: {error.strerror}.")
        return FAILED


def first_chat_in_text(arguments: Arguments, missing: ImportError) -> int:
    """Have the first chat where the window cannot open: QtCore alone, the answer as text."""
    complain(f"The window cannot open, as this system lacks a library that Qt needs ({missing}).")
    arguments.provider = "Demo"
    arguments.temporary = True
    arguments.text = [FIRST_QUESTION]
    arguments.command = "ask"
    return run_command(arguments) or NO_GUI


def no_window(reason: str) -> int:
    """Say why no window can open, and what works all the same; return the exit status."""
    complain(f"The window cannot open: {reason}. Ask in the terminal: desktop-chat ask TEXT")
    return NO_GUI


def _prepared(arguments: Arguments) -> Command:
    """Check what needs no program behind it, and return what is left to do."""
    match arguments.command, arguments.action:
        case "ask", _:
            question, parameters = question_from(arguments), parameters_from(arguments)
            return lambda core, waiting: ask(core, waiting, arguments, question, parameters)
        case "diagnostics", _:
            return print_diagnostics
        case _, "add":
            service, secrets = provider_from(arguments), secrets_from(arguments)
            return lambda core, waiting: provider.add(core, waiting, service, secrets, arguments)
        case _, "list":
            return provider.list_all
        case _, "test":
            return lambda core, waiting: provider.test(core, waiting, arguments)
        case _:
            return lambda core, waiting: provider.remove(core, waiting, arguments.name)


def _run(arguments: Arguments, command: Command) -> int:
    from PySide6.QtCore import QCoreApplication  # noqa: PLC0415 - `--help` needs none of these

    from desktop_chat.runtime.core import Core  # noqa: PLC0415
    from desktop_chat.runtime.process.waiting import Interruption, Waiting  # noqa: PLC0415
    from desktop_chat.storage.log import start_log  # noqa: PLC0415
    from desktop_chat.storage.paths import find_profile  # noqa: PLC0415

    application = QCoreApplication.instance() or QCoreApplication(sys.argv[:1])
    profile = find_profile(arguments.profile)
    start_log(profile)
    core = Core(profile, window=False)
    core.setParent(application)
    core.noticed.connect(once(lambda failure: complain(failure_sentence(failure))))
    status, ended = FAILED, False
    try:
        core.start()
        with Waiting() as waiting:
            try:
                status = command(core, waiting)
            except Refusal as refusal:
                complain(str(refusal))
            except Interruption as interruption:
                status = interruption.status
            finally:
                ended = core.close()
    finally:
        ended = ended or core.close()
        core.setParent(None)
    if not ended:
        # A thread that does not end would be waited for, or bring the program down.
        os._exit(status)
    return status
