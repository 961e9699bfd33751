"""`ask`: one question, its answer on stdout as it comes."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from desktop_chat.commands.arguments import FAILED, PARAMETERS, Arguments
from desktop_chat.commands.speaking import (
    Refusal,
    allow_cleartext,
    complain,
    failure_sentence,
    provider_called,
    read_stdin,
)
from desktop_chat.domain.parameter_refusals import unsent
from desktop_chat.domain.parameter_words import BY_NAME
from desktop_chat.domain.parameters import Parameters
from desktop_chat.domain.provider_words import WordsError
from desktop_chat.domain.providers import ModelChoice
from desktop_chat.domain.spending import CapState
from desktop_chat.runtime.preferences import Preferences, default_model
from desktop_chat.runtime.process.text_output import TextOutput
from desktop_chat.runtime.process.waiting import Interruption, Waiting
from desktop_chat.ui.words.money_text import stop_sentence, warning_sentence

if TYPE_CHECKING:
    from desktop_chat.domain.assistants import Assistant
    from desktop_chat.runtime.chats.chat_setup import ChatSetup
    from desktop_chat.runtime.chats.session import ChatSession
    from desktop_chat.runtime.core import Core


def ask(
    core: Core, waiting: Waiting, arguments: Arguments, question: str, parameters: Parameters
) -> int:
    """Ask, print the answer as it comes, and return the exit status."""
    session = _session(core, arguments)
    _set(session.setup, parameters)
    stops: list[object] = []
    session.refused.connect(stops.append)
    core.spending_warned.connect(lambda state: complain(limit_sentence(core, state, stop=False)))
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
            raise Refusal(limit_sentence(core, stops[0], stop=True))
        output.end_line()
        output.finish()
        waiting.for_any(output.drained)
    except Interruption:
        session.stop()
        output.end_line()
        raise
    if output.trouble is not None:
        raise Refusal(f"The answer could not be written out: {output.trouble.strerror}.")
    answer = session.messages[-1]
    failure = answer.failure
    if failure is None and not answer.text and (names := answer.tool_names):
        complain(f"The model asks for a tool: {', '.join(names)}.")
    if output.gone or failure is None:
        return 0
    complain(failure_sentence(failure, has_text=bool(answer.text)))
    return FAILED


def _set(setup: ChatSetup, parameters: Parameters) -> None:
    """Set what was asked for, and say what the service is not told of it."""
    setup.set_parameters(parameters)
    provider = setup.provider(setup.choice)
    if provider is not None and (said := unsent(parameters, provider)):
        complain(said)


def _session(core: Core, arguments: Arguments) -> ChatSession:
    """Return a new chat with whom is to answer; a named model goes before an assistant's."""
    choice = _choice(core.preferences, arguments)
    session = core.library.new_session(temporary=arguments.temporary)
    if arguments.assistant:
        session.setup.set_assistant(_assistant(core.preferences, arguments.assistant))
    if arguments.provider or arguments.model or not arguments.assistant:
        session.setup.set_choice(choice)
    allow_cleartext(core, core.preferences.provider(session.setup.choice.provider_id), arguments)
    return session


def question_from(arguments: Arguments) -> str:
    """Return the question, read from stdin for `-`."""
    text = " ".join(arguments.text)
    if text == "-":
        text = read_stdin().decode("utf-8-sig", "replace")
    if not text.strip():
        raise Refusal("There is no question. Write it after ask, or - to read it from stdin.")
    return text


def parameters_from(arguments: Arguments) -> Parameters:
    """Return what `ask` sets, checked."""
    try:
        texts = {name: getattr(arguments, f"set_{name}", "") for name in PARAMETERS}
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


def _choice(preferences: Preferences, arguments: Arguments) -> ModelChoice:

    usual = preferences.choice()
    if arguments.provider:
        provider = provider_called(preferences, arguments.provider)
        if provider.id != usual.provider_id:
            usual = ModelChoice(provider.id, default_model(provider))
    return replace(usual, model=arguments.model) if arguments.model else usual


def limit_sentence(core: Core, state: object, *, stop: bool) -> str:
    """Return what a limit to spending means here, where no dialog can raise it."""
    if not isinstance(state, CapState):
        raise TypeError
    provider = core.preferences.provider(state.cap.provider_id)
    told = stop_sentence if stop else warning_sentence
    return told(state, provider.name if provider is not None else "")
