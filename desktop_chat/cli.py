"""The command line: its words, and the doorstep of the commands that open no window."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from desktop_chat import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from desktop_chat.domain.assistants import Assistant
    from desktop_chat.domain.errors import Failure
    from desktop_chat.domain.keys import KeyResult, Secret
    from desktop_chat.domain.parameters import Parameters
    from desktop_chat.domain.providers import KeySource, ModelChoice, Provider
    from desktop_chat.runtime.core import Core
    from desktop_chat.runtime.preferences import Preferences
    from desktop_chat.runtime.session import ChatSession
    from desktop_chat.runtime.waiting import Waiting

    Command = Callable[[Core, Waiting], int]

FAILED: Final = 1
NO_GUI: Final = 4
INTERRUPTED: Final = 130
FIRST_QUESTION: Final = "Show me around"
KEY_BYTES: Final = 64 * 1024
PARAMETERS: Final = {
    "system": ("--system", "TEXT", "what the model is told before the question"),
    "temperature": ("--temperature", "N", "0 keeps to the likeliest words, 2 is wild"),
    "top_p": ("--top-p", "N", "from 0 to 1: how much of what is likely is chosen from"),
    "max_tokens": ("--max-tokens", "N", "how long the answer may be"),
    "reasoning_effort": ("--effort", "LEVEL", "none, minimal, low, medium, high or xhigh"),
    "stop": ("--stop", "TEXT", "end the answer before this text"),
    "seed": ("--seed", "N", "the same number asks for the same answer again"),
    "context_tokens": ("--context", "N", "how much Ollama lets the model read"),
    "extra_body": ("--extra", "JSON", "fields for the request as they stand"),
}
"""The options of `ask` that set parameters: option, what follows it, and what it is for."""


class Arguments(argparse.Namespace):
    """What was asked for. The class's own values stand for what was not."""

    profile: str | None = None
    first_chat: str | None = None
    command: str | None = None
    action: str = ""
    name: str = ""
    protocol: str = ""
    base_url: str = ""
    model: str = ""
    headers: Sequence[str] = ()
    header_variables: Sequence[str] = ()
    key_stdin: bool = False
    key_variable: str = ""
    key_command: str = ""
    provider: str = ""
    temporary: bool = False
    reasoning: bool = False
    assistant: str = ""
    text: Sequence[str] = ()
    allow_http: bool = False
    proxy: str = ""
    proxy_password_variable: str = ""
    ca_file: str = ""
    client_cert: str = ""
    client_key: str = ""


class Refusal(Exception):  # noqa: N818 - no mistake of the program's
    """A command cannot be carried out; the message is the sentence for the person."""


def parse(argv: Sequence[str]) -> Arguments:
    """Read the command line; a mistake in it ends the program with status 2."""
    return _parser().parse_args(argv, namespace=Arguments())


def run_command(arguments: Arguments) -> int:
    """Carry out `ask`, `diagnostics` or `provider …`; return the exit status."""
    try:
        return _run(arguments, _prepared(arguments))
    except Refusal as refusal:
        _complain(str(refusal))
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Nobody reads on; Python must not find that out once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def first_chat_in_text(arguments: Arguments, missing: ImportError) -> int:
    """Have the first chat where the window cannot open: QtCore alone, the answer as text."""
    _complain(f"The window cannot open, as this system lacks a library that Qt needs ({missing}).")
    arguments.provider = "Demo"
    arguments.temporary = True
    arguments.text = [FIRST_QUESTION]
    arguments.command = "ask"
    return run_command(arguments) or NO_GUI


def no_window(reason: str) -> int:
    """Say why no window can open, and what works all the same; return the exit status."""
    _complain(f"The window cannot open: {reason}. Ask in the terminal: desktop-chat ask TEXT")
    return NO_GUI


def _parser() -> argparse.ArgumentParser:
    anywhere = argparse.ArgumentParser(add_help=False)
    anywhere.add_argument(
        "--profile",
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="keep settings, chats and logs under DIR; else DESKTOP_CHAT_PROFILE, else the "
        "platform's own folders",
    )
    parser = argparse.ArgumentParser(
        prog="desktop-chat",
        parents=[anywhere],
        description="Chat with language models. Without a command, the window opens.",
    )
    parser.add_argument("--version", action="version", version=f"Desktop Chat {__version__}")
    parser.add_argument(
        "--first-chat",
        metavar="FILE",
        help="ask the built-in demo one question, print its answer, save a picture of the window",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _add_ask(commands.add_parser("ask", parents=[anywhere], help="ask one question"))
    commands.add_parser(
        "diagnostics",
        parents=[anywhere],
        help="print what helps to find a fault; no chats, no keys",
    )
    provider = commands.add_parser("provider", parents=[anywhere], help="set services up")
    actions = provider.add_subparsers(dest="action", metavar="ACTION", required=True)
    _add_add(actions.add_parser("add", parents=[anywhere], help="add a service"))
    actions.add_parser("list", parents=[anywhere], help="list the services")
    for action, words in (
        ("test", "test the connection to a service, layer by layer"),
        ("remove", "forget a service"),
    ):
        one = actions.add_parser(action, parents=[anywhere], help=words)
        one.add_argument("name", metavar="NAME")
        if action == "test":
            _add_allow(one)
    return parser


def _add_ask(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--provider", metavar="NAME", default="", help="the service to ask")
    parser.add_argument("--model", metavar="M", default="", help="the model to ask")
    parser.add_argument("--assistant", metavar="NAME", default="", help="who answers")
    parser.add_argument("--temporary", action="store_true", help="keep the chat in no file")
    parser.add_argument("--reasoning", action="store_true", help="show reasoning on stderr")
    _add_allow(parser)
    wanted = parser.add_argument_group("parameters, sent only where they are set")
    for name, (option, follows, words) in PARAMETERS.items():
        wanted.add_argument(option, dest=name, metavar=follows, default="", help=words)
    parser.add_argument(
        "text", nargs="+", metavar="TEXT", help="the question; - reads it from stdin"
    )


def _add_add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--protocol", metavar="ID", required=True)
    parser.add_argument("--base-url", metavar="URL", default="", help="where the service is")
    parser.add_argument("--model", metavar="M", default="", help="the model to begin with")
    parser.add_argument(
        "--header", metavar="'K: V'", action="append", dest="headers", default=[],
        help="a header for each request; none that holds a secret",
    )  # fmt: skip
    parser.add_argument(
        "--header-env", metavar="'K=VAR'", action="append", dest="header_variables", default=[],
        help="a header whose value is in an environment variable",
    )  # fmt: skip
    key = parser.add_mutually_exclusive_group()
    key.add_argument(
        "--key-stdin", action="store_true", help="put the key from stdin in the keyring"
    )
    key.add_argument(
        "--key-env", metavar="VAR", dest="key_variable", default="", help="the key is in VAR"
    )
    key.add_argument(
        "--key-command", metavar="'PROGRAM ARG…'", default="",
        help="the key is the first line that PROGRAM prints; no shell is involved",
    )  # fmt: skip

    way = parser.add_argument_group("the way there")
    _add_allow(way)
    way.add_argument(
        "--proxy", metavar="URL", default="", help="http://, https:// or socks5://, or none"
    )
    way.add_argument(
        "--proxy-password-env", metavar="VAR", dest="proxy_password_variable", default="",
        help="put the proxy's password, which is in VAR now, in the keyring",
    )  # fmt: skip
    way.add_argument("--ca-file", metavar="FILE", default="", help="trust these certificates too")
    way.add_argument("--client-cert", metavar="FILE", default="", help="your own certificate")
    way.add_argument("--client-key", metavar="FILE", default="", help="its key, if not in its file")


def _add_allow(parser: argparse.ArgumentParser | argparse._ArgumentGroup) -> None:
    parser.add_argument(
        "--allow-http", action="store_true", help="send the key though nothing is encrypted"
    )


def _prepared(arguments: Arguments) -> Command:
    """Check what needs no program behind it, and return what is left to do."""
    if arguments.command == "ask":
        question, parameters = _question(arguments), _parameters(arguments)

        def ask(core: Core, waiting: Waiting) -> int:
            return _ask(core, waiting, arguments, question, parameters)

        return ask
    if arguments.command == "diagnostics":
        return _diagnostics
    if arguments.action == "add":
        provider = _described(arguments)
        secrets = _secrets(arguments)
        return lambda core, waiting: _add(core, waiting, provider, secrets, arguments)
    if arguments.action == "list":
        return lambda core, _waiting: _list(core)
    if arguments.action == "test":
        return lambda core, waiting: _test(core, waiting, arguments)
    return lambda core, waiting: _remove(core, waiting, arguments.name)


def _run(arguments: Arguments, command: Command) -> int:
    from PySide6.QtCore import QCoreApplication  # noqa: PLC0415 - `--help` needs none of these

    from desktop_chat.runtime.core import Core  # noqa: PLC0415
    from desktop_chat.runtime.waiting import Interruption, Waiting  # noqa: PLC0415
    from desktop_chat.storage.log import start_log  # noqa: PLC0415
    from desktop_chat.storage.paths import find_profile  # noqa: PLC0415

    application = QCoreApplication.instance() or QCoreApplication(sys.argv[:1])
    profile = find_profile(arguments.profile)
    start_log(profile)
    core = Core(profile, window=False)
    core.setParent(application)
    core.noticed.connect(_once(lambda failure: _complain(_sentence(failure))))
    status, ended = FAILED, False
    try:
        core.start()
        with Waiting() as waiting:
            try:
                status = command(core, waiting)
            except Refusal as refusal:
                _complain(str(refusal))
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


def _ask(
    core: Core, waiting: Waiting, arguments: Arguments, question: str, parameters: Parameters
) -> int:
    from desktop_chat.runtime.text_output import TextOutput  # noqa: PLC0415
    from desktop_chat.runtime.waiting import Interruption  # noqa: PLC0415

    session = _session(core, arguments)
    session.set_parameters(parameters)
    stops: list[object] = []
    session.refused.connect(stops.append)
    core.spending_warned.connect(lambda state: _complain(_limit_sentence(core, state, stop=False)))
    output = TextOutput(sys.stdout, core)
    session.text_arrived.connect(lambda _id, text: output.write(text))
    output.closed.connect(session.stop)
    if arguments.reasoning:
        aside = TextOutput(sys.stderr, core)
        session.reasoning_arrived.connect(lambda _id, text: aside.write(text))
    try:
        if session.send(question) and session.busy:
            waiting.for_any(session.finished)
        if stops:
            raise Refusal(_limit_sentence(core, stops[0], stop=True))
        output.end_line()
        output.finish()
        waiting.for_any(output.drained)
    except Interruption:
        session.stop()
        output.end_line()
        raise
    if output.trouble is not None:
        raise Refusal(f"The answer could not be written out: {output.trouble.strerror}.")
    failure = session.messages[-1].failure
    if output.gone or failure is None:
        return 0
    _complain(_sentence(failure))
    return FAILED


def _session(core: Core, arguments: Arguments) -> ChatSession:
    """Return a new chat with whom is to answer; a named model goes before an assistant's."""
    choice = _choice(core.preferences, arguments)
    session = core.library.new_session(temporary=arguments.temporary)
    if arguments.assistant:
        session.set_assistant(_assistant(core.preferences, arguments.assistant))
    if arguments.provider or arguments.model or not arguments.assistant:
        session.set_choice(choice)
    _allow(core, core.preferences.provider(session.choice.provider_id), arguments)
    return session


def _add(
    core: Core,
    waiting: Waiting,
    provider: Provider,
    secrets: Mapping[str, Secret],
    arguments: Arguments,
) -> int:
    from desktop_chat.domain.keys import KEY_SLOT, KeyOutcome, KeyResult  # noqa: PLC0415
    from desktop_chat.domain.providers import DEMO_PROVIDER_ID, ModelChoice  # noqa: PLC0415
    from desktop_chat.runtime.preferences import default_model  # noqa: PLC0415

    preferences = core.preferences
    if any(one.name.casefold() == provider.name.casefold() for one in preferences.providers()):
        raise Refusal(f"There is a service called {provider.name} already. Choose another name.")
    _allow(core, provider, arguments, must=False)
    for slot, secret in secrets.items():
        result = waiting.for_any(core.keys.save(provider.id, secret, slot).finished)
        if isinstance(result, KeyResult) and result.outcome is not KeyOutcome.OK:
            raise Refusal(_key_sentence(result))
    if KEY_SLOT in secrets:
        provider = replace(provider, key_origin=provider.origin)
    troubles: list[object] = []
    core.noticed.connect(troubles.append)
    preferences.save_provider(provider)
    if preferences.choice().provider_id == DEMO_PROVIDER_ID:
        preferences.set_choice(ModelChoice(provider.id, default_model(provider)))
    waiting.for_any(core.when_written().done)
    if troubles:
        if secrets:
            waiting.for_any(core.keys.remove_all(provider).finished)
        return FAILED
    print(f"Added {provider.name}: {provider.protocol} at {provider.base_url}")
    return 0


def _list(core: Core) -> int:
    for provider in core.preferences.providers():
        where = "built in" if provider.is_demo else provider.base_url
        source = f"${provider.key_variable}" if provider.key_variable else provider.key_source.value
        print(
            provider.name,
            provider.protocol,
            where,
            provider.model or "-",
            source,
            sep="\t",
            flush=True,
        )
    return 0


def _test(core: Core, waiting: Waiting, arguments: Arguments) -> int:
    """Examine the connection to a service, and print what the window shows of it."""
    from desktop_chat.domain.checkup import Checkup  # noqa: PLC0415
    from desktop_chat.ui.words.checkup_text import report  # noqa: PLC0415

    provider = _called(core.preferences, arguments.name)
    _allow(core, provider, arguments)
    checkup = waiting.for_job(core.network.examine(provider, core))
    if not isinstance(checkup, Checkup):
        raise Refusal(_sentence(cast("Failure", checkup)))
    print(report(checkup), flush=True)
    if checkup.failure is not None:
        raise Refusal(_sentence(checkup.failure))
    if checkup.models and not provider.is_demo:
        model = provider.model or checkup.models[0]
        known = replace(provider, models=checkup.models, model=model)
        core.preferences.save_provider(known)
        waiting.for_any(core.when_written().done)
    names = checkup.models
    more = f": {', '.join(names[:3])}{', …' if len(names) > 3 else ''}" if names else ""
    count = f"{len(names)} model{'' if len(names) == 1 else 's'}"
    print(f"{provider.name} works and lists {count}{more}")
    return 0


def _diagnostics(core: Core, waiting: Waiting) -> int:
    from desktop_chat.runtime.diagnostics import collect  # noqa: PLC0415

    print(waiting.for_job(collect(core, parent=core)), end="", flush=True)
    return 0


def _remove(core: Core, waiting: Waiting, name: str) -> int:
    from desktop_chat.domain.keys import KeyOutcome, KeyResult  # noqa: PLC0415
    from desktop_chat.domain.providers import KeySource  # noqa: PLC0415

    provider = _called(core.preferences, name)
    if provider.is_demo:
        raise Refusal("The demo is built in and cannot be removed.")
    way = provider.network
    held = any(one.source is KeySource.KEYRING for one in provider.key_places)
    if held or way.password_for or way.certificate:
        result = waiting.for_any(core.keys.remove_all(provider).finished)
        gone = (KeyOutcome.OK, KeyOutcome.MISSING, KeyOutcome.NONE)
        if isinstance(result, KeyResult) and result.outcome not in gone:
            # The provider stays, for its id is the only way to its key.
            raise Refusal(_key_sentence(result))
    core.preferences.remove_provider(provider.id)
    waiting.for_any(core.when_written().done)
    print(f"Removed {provider.name}")
    return 0


def _question(arguments: Arguments) -> str:
    text = " ".join(arguments.text)
    if text == "-":
        text = _read_stdin().decode("utf-8-sig", "replace")
    if not text.strip():
        raise Refusal("There is no question. Write it after ask, or - to read it from stdin.")
    return text


def _parameters(arguments: Arguments) -> Parameters:
    """Return what `ask` sets, checked."""
    from desktop_chat.domain.parameter_words import BY_NAME  # noqa: PLC0415
    from desktop_chat.domain.parameters import Parameters  # noqa: PLC0415
    from desktop_chat.domain.provider_words import WordsError  # noqa: PLC0415

    try:
        texts = {name: getattr(arguments, name, "") for name in PARAMETERS}
        return Parameters(**{name: BY_NAME[name].value(text) for name, text in texts.items()})
    except WordsError as problem:
        raise Refusal(str(problem)) from None


def _assistant(preferences: Preferences, name: str) -> Assistant:
    named = {one.name.casefold(): one for one in preferences.assistants.all()}
    found = named.get(name.casefold())
    if found is None:
        known = ", ".join(one.name for one in named.values()) or "none yet"
        raise Refusal(f"There is no assistant called {name}. There are: {known}.")
    return found


def _described(arguments: Arguments) -> Provider:
    """Return the provider that `provider add` describes."""
    from desktop_chat.domain import provider_words as words  # noqa: PLC0415
    from desktop_chat.domain.ids import new_id  # noqa: PLC0415
    from desktop_chat.domain.network_words import network_from  # noqa: PLC0415
    from desktop_chat.domain.providers import Provider  # noqa: PLC0415

    try:
        name = words.name_from(arguments.name)
        protocol = _protocol(arguments.protocol)
        preset = words.preset_called(name, protocol)
        address = arguments.base_url or (preset.base_url if preset else "")
        if not address:
            raise Refusal(f"Say where {name} is: --base-url https://host/v1")
        variable = words.variable_from(arguments.key_variable) if arguments.key_variable else ""
        return Provider(
            id=new_id(),
            name=name,
            protocol=protocol,
            base_url=words.address_from(address),
            model=arguments.model.strip() or (preset.model if preset else ""),
            models=words.models_of(protocol),
            headers=(
                *map(words.header_from_line, arguments.headers),
                *map(words.header_from_variable, arguments.header_variables),
            ),
            key_source=_key_source(arguments, needed=preset is not None and preset.needs_key),
            key_variable=variable,
            key_command=words.command_from(arguments.key_command) if arguments.key_command else (),
            preset=preset.id if preset else "",
            network=network_from(
                arguments.proxy,
                *map(_file, (arguments.ca_file, arguments.client_cert, arguments.client_key)),
                password=bool(arguments.proxy_password_variable),
            ),
        )
    except words.WordsError as problem:
        raise Refusal(str(problem)) from None


def _file(path: str) -> str:
    """Return a file's whole path: the program may be started elsewhere the next time."""
    if path and not Path(path).is_file():
        raise Refusal(f"There is no file {path}. Check its path.")
    # A link stays a link: renewed certificates are often put behind one.
    return os.path.abspath(path) if path else ""  # noqa: PTH100 - see above


def _protocol(protocol_id: str) -> str:
    from desktop_chat.protocols.registry import PROTOCOLS  # noqa: PLC0415

    if protocol_id not in PROTOCOLS:
        known = ", ".join(PROTOCOLS)
        raise Refusal(f"There is no such protocol. Choose one of these: {known}")
    return protocol_id


def _key_source(arguments: Arguments, *, needed: bool) -> KeySource:
    from desktop_chat.domain.providers import KeySource  # noqa: PLC0415

    if arguments.key_variable:
        return KeySource.ENVIRONMENT
    if arguments.key_command:
        return KeySource.COMMAND
    return KeySource.KEYRING if arguments.key_stdin or needed else KeySource.NONE


def _secrets(arguments: Arguments) -> dict[str, Secret]:
    """Return what the keyring is to keep, by the names under which it does."""
    from desktop_chat.domain.keys import KEY_SLOT, take_variable  # noqa: PLC0415
    from desktop_chat.domain.network_options import PROXY_SLOT  # noqa: PLC0415

    secrets = {KEY_SLOT: _key_from_stdin()} if arguments.key_stdin else {}
    if name := arguments.proxy_password_variable:
        password = take_variable(name)
        if not password:
            raise Refusal("The variable of --proxy-password-env is not set. Set it, and try again.")
        secrets[PROXY_SLOT] = password
    return secrets


def _allow(
    core: Core, provider: Provider | None, arguments: Arguments, *, must: bool = True
) -> None:
    """Ask, once for each origin, before a key goes to another computer without encryption."""
    if provider is None or not provider.shows_secrets:
        return
    if provider.origin in core.preferences.network().clear_origins:
        return
    from desktop_chat.ui.words.network_text import cleartext  # noqa: PLC0415 - seldom

    warning = f"{cleartext(provider.host)} The option for that is --allow-http."
    if arguments.allow_http or _agrees(warning):
        core.preferences.allow_cleartext(provider.origin)
    elif must:
        raise Refusal(warning)
    else:
        _complain(warning)


def _agrees(warning: str) -> bool:
    """Ask at the terminal, where there is one."""
    if sys.stdin is None or sys.stderr is None or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    print(f"{warning}\nSend the key all the same? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _key_from_stdin() -> Secret:
    from desktop_chat.domain.keys import KeyFormatError, clean_key  # noqa: PLC0415

    if sys.stdin is not None and sys.stdin.isatty():
        import getpass  # noqa: PLC0415 - for a person at a terminal alone

        text = getpass.getpass("Key: ")
    else:
        text = _read_stdin(KEY_BYTES).decode("utf-8-sig", "replace")
    try:
        return clean_key(text)
    except KeyFormatError as problem:
        raise Refusal(str(problem)) from None


def _read_stdin(limit: int = -1) -> bytes:
    return sys.stdin.buffer.read(limit) if sys.stdin is not None else b""


def _called(preferences: Preferences, name: str) -> Provider:
    """Return the provider of a name, or whose name differs in case alone."""
    providers = preferences.providers()
    exact = (one for one in providers if one.name == name)
    alike = (one for one in providers if one.name.casefold() == name.casefold())
    found = next(exact, None) or next(alike, None)
    if found is None:
        called = name.encode("utf-8", "replace").decode()
        raise Refusal(f"No service is called {called}. See them with: desktop-chat provider list")
    return found


def _choice(preferences: Preferences, arguments: Arguments) -> ModelChoice:
    from desktop_chat.domain.providers import ModelChoice  # noqa: PLC0415
    from desktop_chat.runtime.preferences import default_model  # noqa: PLC0415

    usual = preferences.choice()
    if arguments.provider:
        provider = _called(preferences, arguments.provider)
        if provider.id != usual.provider_id:
            usual = ModelChoice(provider.id, default_model(provider))
    return replace(usual, model=arguments.model) if arguments.model else usual


def _key_sentence(result: KeyResult) -> str:
    """Return what a keyring's answer means here, where no program goes on to hold the key."""
    from desktop_chat.domain.keys import KeyOutcome  # noqa: PLC0415
    from desktop_chat.ui.words.error_text import key_sentence  # noqa: PLC0415

    instead = "Put the key into a variable and name it with --key-env."
    match result.outcome:
        case KeyOutcome.NONE:
            return f"This computer has no keyring that is safe for keys. {instead}"
        case KeyOutcome.REFUSED:
            return f"The keyring refused the key. {instead}"
        case KeyOutcome.SLOW:
            return "The keyring does not answer. Unlock it, then try again."
        case _:
            return key_sentence(result)


def _sentence(failure: object) -> str:
    from desktop_chat.ui.words.error_text import sentence  # noqa: PLC0415

    return sentence(cast("Failure", failure))


def _limit_sentence(core: Core, state: object, *, stop: bool) -> str:
    """Return what a limit to spending means here, where no dialog can raise it."""
    from desktop_chat.domain.spending import CapState  # noqa: PLC0415
    from desktop_chat.ui.words.money_text import stop_sentence, warning_sentence  # noqa: PLC0415

    if not isinstance(state, CapState):
        raise TypeError
    provider = core.preferences.provider(state.cap.provider_id)
    told = stop_sentence if stop else warning_sentence
    return told(state, provider.name if provider is not None else "")


def _once(tell: Callable[[object], None]) -> Callable[[object], None]:
    """Return a slot that tells each failure once: a full disk reports itself every second."""
    told: list[object] = []

    def tell_new(failure: object) -> None:
        if failure not in told:
            told.append(failure)
            tell(failure)

    return tell_new


def _complain(sentence: str) -> None:
    """Say one line on stderr, if anybody listens."""
    line = " ".join(sentence.split())
    if sys.stderr is not None:
        with contextlib.suppress(OSError, ValueError):
            print(line, file=sys.stderr, flush=True)
