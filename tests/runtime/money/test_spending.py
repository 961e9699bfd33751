"""What answers cost is written down, whatever becomes of them, and limits stop in time."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from desktop_chat.domain.chat import MessageState, Usage
from desktop_chat.domain.errors import ErrorKind
from desktop_chat.domain.parameters import Parameters
from desktop_chat.domain.providers import ModelChoice
from desktop_chat.domain.settings import SPENDING_CAPS
from desktop_chat.domain.spending import Cap, CapState, Grouping, Period, Use
from desktop_chat.domain.token_counts import ASSUMED_ANSWER
from desktop_chat.runtime.money import spending
from desktop_chat.storage.conversations import ConversationStore
from tests.runtime.conftest import provider_at, session_with
from tests.runtime.loopback import begin, delta, end, finish, refuse, say, text

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.domain.errors import Failure
    from desktop_chat.runtime.chats.session import ChatSession
    from desktop_chat.runtime.core import Core
    from desktop_chat.storage.paths import Profile
    from tests.protocols.servers import Call
    from tests.runtime.conftest import CoreMaker, SessionMaker
    from tests.runtime.loopback import Loopback

PRICES = """
date = 2026-01-02
[[price]]
models = ["m"]
input = 1
cached = 0.5
output = 10
"""
# 3 tokens read and 5 written, at the prices above
COST = 53
COUNTS = {"prompt_tokens": 3, "completion_tokens": 5}


@pytest.fixture
def priced(profile: Profile) -> None:
    profile.prices_file.parent.mkdir(parents=True, exist_ok=True)
    profile.prices_file.write_text(PRICES)


async def counted(call: Call) -> None:
    usage = b"data: " + json.dumps({"choices": [], "usage": COUNTS}).encode() + b"\n\n"
    await begin(call, text("Hello"))
    await call.chunk(usage)
    await call.chunk(end())
    await call.chunk(b"")


async def uncounted(call: Call) -> None:
    await say(call, "Hello")


async def half(call: Call) -> None:
    await begin(call, text("half an answer"))
    await call.hold()


async def silent(call: Call) -> None:
    await call.hold()


async def unknown_key(call: Call) -> None:
    await refuse(call, "401 Unauthorized")


async def broken(call: Call) -> None:
    await begin(call, text("half an answer"))
    call.reset()


def ask(session: ChatSession, qtbot: QtBot, question: str = "Why is that?") -> Use | None:
    """Ask, and return the entry of the answer, once it is on the disk."""
    with qtbot.waitSignal(session.finished):
        assert session.send(question)
    return entry(session, qtbot)


def entry(session: ChatSession, qtbot: QtBot) -> Use | None:
    ledger = session._services.spending()
    qtbot.waitUntil(lambda: not ledger._unwritten)
    with qtbot.waitCallback() as written:
        session._services.store.post(durable=True, then=written)
    return ledger.use(session.messages[-1].id)


def stops(session: ChatSession) -> list[CapState]:
    found: list[CapState] = []
    session.refused.connect(found.append)
    return found


@pytest.mark.usefixtures("priced")
def test_an_answer_is_entered_with_its_cost(chat: SessionMaker, core: Core, qtbot: QtBot) -> None:
    session = chat(counted)
    use = ask(session, qtbot)
    assert use is not None
    assert (use.usage, use.about) == (Usage(3, 5), False)
    assert (use.cost, use.price_date) == (COST, "2026-01-02")
    assert (use.provider_name, use.model) == ("Here", "m")
    assert use.created_ms == session.messages[-1].created_ms
    assert core.spending.chat_cost(session.id).cost == COST


def test_the_time_to_the_first_word_is_stored_with_the_answer(
    chat: SessionMaker, qtbot: QtBot
) -> None:
    session = chat(counted)
    ask(session, qtbot)
    answer = session.messages[-1]
    assert 1 <= answer.first_ms <= answer.took_ms


@pytest.mark.usefixtures("priced")
def test_a_system_prompt_counts_in_an_estimate(
    chat: SessionMaker, core: Core, qtbot: QtBot
) -> None:
    session = chat(uncounted)
    session.setup.set_parameters(Parameters(system="Be brief, kind."))
    use = ask(session, qtbot)
    assert use is not None
    # 12 letters of the question, 15 of the prompt
    assert use.usage == Usage(7, 2)
    core.spending.set_caps((Cap(period=Period.DAY, micros=5_000),))
    found = stops(session)
    assert not session.edit(session.messages[0].id, "Why?")
    assert found[0].estimate == 5 + 10 * ASSUMED_ANSWER


def test_an_unknown_model_has_no_cost(chat: SessionMaker, qtbot: QtBot) -> None:
    use = ask(chat(counted), qtbot)
    assert use is not None
    assert (use.usage, use.cost, use.price_date) == (Usage(3, 5), None, "")


@pytest.mark.usefixtures("priced")
def test_an_answer_that_nobody_counted_is_estimated(chat: SessionMaker, qtbot: QtBot) -> None:
    use = ask(chat(uncounted), qtbot)
    assert use is not None
    # "Why is that?" has 12 letters, "Hello" 5.
    assert (use.usage, use.about, use.cost) == (Usage(3, 2), True, 23)


@pytest.mark.usefixtures("priced")
def test_an_answer_that_was_stopped_is_entered_with_what_came(
    chat: SessionMaker, qtbot: QtBot
) -> None:
    session = chat(half)
    with qtbot.waitSignal(session.text_arrived):
        session.send("Why is that?")
    session.stop()
    use = entry(session, qtbot)
    assert use is not None
    assert (use.usage, use.about, use.cost) == (Usage(3, 4), True, 43)


@pytest.mark.usefixtures("priced")
def test_a_question_that_was_sent_and_stopped_cost_its_own_tokens(
    chat: SessionMaker, qtbot: QtBot
) -> None:
    session = chat(silent)
    with qtbot.waitSignal(
        session.phase_changed, check_params_cb=lambda: session.phase == "waiting"
    ):
        session.send("Why is that?")
    session.stop()
    use = entry(session, qtbot)
    assert use is not None
    assert (use.usage, use.about) == (Usage(3, 0), True)


def test_a_broken_answer_is_entered(chat: SessionMaker, qtbot: QtBot) -> None:
    session = chat(broken)
    use = ask(session, qtbot)
    assert session.messages[-1].state is not MessageState.COMPLETE
    assert use is not None
    assert use.about


def test_a_question_that_was_refused_cost_nothing(chat: SessionMaker, qtbot: QtBot) -> None:
    assert ask(chat(unknown_key), qtbot) is None


@pytest.mark.usefixtures("priced")
def test_what_is_on_its_way_counts_with_an_estimate(
    chat: SessionMaker, core: Core, qtbot: QtBot
) -> None:
    session = chat(half)
    with qtbot.waitSignal(session.text_arrived):
        session.send("Why is that?")
    use = entry(session, qtbot)
    assert use is not None
    assert (use.usage, use.about) == (Usage(3, ASSUMED_ANSWER), True)
    core.spending.set_caps((Cap(period=Period.DAY, micros=10_000),))
    (state,) = core.spending.states()
    assert state.spent == 3 + 10 * ASSUMED_ANSWER


@pytest.mark.usefixtures("priced")
def test_a_deleted_chat_leaves_its_costs(chat: SessionMaker, core: Core, qtbot: QtBot) -> None:
    session = chat(counted)
    ask(session, qtbot)
    core.library.close_session(session)
    core.library.delete([session.id])
    job = core.spending.add_up(Grouping.SERVICE, core)
    with qtbot.waitSignal(job.done) as added:
        pass
    (sums,) = added.args[0]
    assert (sums.name, sums.answers, sums.cost) == ("Here", 1, COST)


@pytest.mark.usefixtures("priced")
def test_a_temporary_chat_is_counted_and_leaves_nothing_in_the_file(
    core: Core, loopback: Loopback, profile: Profile, qtbot: QtBot
) -> None:
    session = session_with(core, loopback.serve(counted), temporary=True)
    use = ask(session, qtbot)
    assert use is not None
    assert use.cost == COST
    core.spending.set_caps((Cap(period=Period.MONTH, micros=100),))
    (state,) = core.spending.states()
    assert state.spent == COST
    assert core.spending.chat_cost(session.id).cost == COST
    store = ConversationStore(profile.chats_file, "", read_only=True)
    assert store.ledger().use(use.message_id) is None
    store.close()


@pytest.mark.usefixtures("priced")
def test_the_count_of_the_last_answer_is_the_estimate_for_the_next(
    chat: SessionMaker, core: Core, qtbot: QtBot
) -> None:
    session = chat(counted)
    ask(session, qtbot)
    core.spending.set_caps((Cap(period=Period.DAY, micros=COST + 62),))
    found = stops(session)
    # 3 + 5 tokens of before, 4 letters more, and an answer as long as the last: 9 + 50
    assert session.send("more")
    assert found == []
    session.stop()


@pytest.mark.usefixtures("priced")
def test_a_limit_stops_a_question_before_anything_of_it_is_shown_or_sent(
    chat: SessionMaker, core: Core, qtbot: QtBot
) -> None:
    session = chat(counted)
    ask(session, qtbot)
    core.spending.set_caps((Cap(period=Period.DAY, micros=COST + 58),))
    found = stops(session)
    assert not session.send("more")
    assert len(session.messages) == 2
    assert not session.busy
    (state,) = found
    assert (state.spent, state.estimate) == (COST, 59)
    session.regenerate(session.messages[-1].id)
    session.retry(session.messages[-1].id)
    assert not session.edit(session.messages[0].id, "Another question, which is longer by far.")
    assert len(session.messages) == 2
    assert len(found) == 4


@pytest.mark.usefixtures("priced")
def test_a_question_that_waited_comes_back_when_a_limit_stops_it(
    core: Core, loopback: Loopback, qtbot: QtBot
) -> None:
    gate = loopback.gate()

    async def waiting(call: Call) -> None:
        await begin(call, text("Hello"))
        await gate.passed()
        await finish(call)

    session = session_with(core, loopback.serve(waiting))
    returned: list[str] = []
    session.outbox.returned.connect(returned.append)
    with qtbot.waitSignal(session.text_arrived):
        session.send("Why is that?")
    session.queue("And then?")
    core.spending.set_caps((Cap(period=Period.DAY, micros=1),))
    with qtbot.waitSignal(session.finished):
        gate.open()
    assert returned == ["And then?"]
    assert not session.busy


@pytest.mark.usefixtures("priced")
def test_a_limit_to_one_service_leaves_the_others_alone(
    core: Core, loopback: Loopback, qtbot: QtBot
) -> None:
    here = session_with(core, loopback.serve(counted))
    there = session_with(core, loopback.serve(counted))
    ask(here, qtbot)
    cap = Cap(period=Period.MONTH, micros=COST, provider_id=here.setup.choice.provider_id)
    core.spending.set_caps((cap,))
    assert not here.send("more")
    assert ask(there, qtbot) is not None


def test_a_model_on_this_computer_without_a_price_is_never_stopped(
    chat: SessionMaker, core: Core, qtbot: QtBot
) -> None:
    core.spending.set_caps((Cap(period=Period.DAY, micros=0),))
    assert ask(chat(counted), qtbot) is not None


@pytest.mark.usefixtures("priced")
def test_a_limit_warns_once_at_eighty_percent(chat: SessionMaker, core: Core, qtbot: QtBot) -> None:
    warnings: list[CapState] = []
    core.spending_warned.connect(warnings.append)
    session = chat(counted)
    core.spending.set_caps((Cap(period=Period.DAY, micros=10_000),))
    ask(session, qtbot)
    assert warnings == []
    core.spending.set_caps((Cap(period=Period.DAY, micros=COST * 100 // 80 + 60),))
    ask(session, qtbot, "m")
    assert [one.warns and not one.stops for one in warnings] == [True]


@pytest.mark.usefixtures("priced")
def test_limits_count_what_was_spent_before_the_program_began(
    make_core: CoreMaker, loopback: Loopback, qtbot: QtBot
) -> None:
    first = make_core()
    ask(session_with(first, loopback.serve(counted)), qtbot)
    assert first.close()
    again = make_core()
    again.spending.set_caps((Cap(period=Period.MONTH, micros=COST),))
    assert [state.spent for state in again.spending.states()] == [COST]
    assert not session_with(again, loopback.serve(counted)).send("more")


def test_a_limit_that_cannot_be_read_is_told(core: Core) -> None:
    told = []
    core.noticed.connect(lambda failure: told.append(failure.kind))
    core.preferences.set_value(SPENDING_CAPS, "day\t\tmuch\nmonth\t\t5")
    assert [cap.micros for cap in core.spending.caps()] == [5_000_000]
    assert told == [ErrorKind.CAPS_DAMAGED]


def test_a_persons_prices_count_as_soon_as_they_are_written(
    core: Core, profile: Profile, chat: SessionMaker, qtbot: QtBot
) -> None:
    session = chat(counted)
    use = ask(session, qtbot)
    assert use is not None
    assert use.cost is None
    profile.prices_file.parent.mkdir(parents=True, exist_ok=True)
    profile.prices_file.write_text(PRICES)
    use = ask(session, qtbot)
    assert use is not None
    assert use.cost == COST
    told = []
    core.noticed.connect(lambda failure: told.append(failure.kind))
    profile.prices_file.write_text("[[price]")
    use = ask(session, qtbot)
    assert use is not None
    assert use.cost is None
    assert told == [ErrorKind.PRICES_DAMAGED]


def test_the_words_of_a_chat_are_nowhere_in_the_ledger(
    chat: SessionMaker, profile: Profile, qtbot: QtBot
) -> None:
    ask(chat(counted), qtbot, "a very secret question")
    store = ConversationStore(profile.chats_file, "", read_only=True)
    rows = store._rows("SELECT * FROM ledger", ())
    store.close()
    assert rows
    assert "secret" not in repr(rows)
    assert "Hello" not in repr(rows)


async def reasoning(call: Call) -> None:
    await begin(call, delta(reasoning_content="Hm, hm. "))
    await finish(call, text("Yes."))


@pytest.mark.usefixtures("priced")
def test_reasoning_counts_where_nobody_counted(chat: SessionMaker, qtbot: QtBot) -> None:
    use = ask(chat(reasoning), qtbot)
    assert use is not None
    assert use.usage.output_tokens == 3


@pytest.mark.usefixtures("priced")
def test_of_tabs_that_send_at_once_only_as_many_go_as_the_limit_has_room_for(
    core: Core, loopback: Loopback
) -> None:
    server = loopback.serve(silent)
    tabs = [session_with(core, server) for _ in range(5)]
    refusals = [stops(one) for one in tabs]
    # Each is about to cost 1 for its question and 5,000 for its answer.
    core.spending.set_caps((Cap(period=Period.DAY, micros=3 * (1 + 10 * ASSUMED_ANSWER)),))
    assert [one.send("Why?") for one in tabs] == [True, True, True, False, False]
    assert [len(one) for one in refusals] == [0, 0, 0, 1, 1]
    tabs[0].stop()  # nothing of it was sent yet: it costs nothing
    assert tabs[3].send("Why?")
    assert not tabs[4].send("Why?")


@pytest.mark.usefixtures("priced")
def test_a_limit_of_a_day_holds_no_longer_than_to_midnight(
    chat: SessionMaker, core: Core, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = chat(counted)
    ask(session, qtbot)
    now = dt.datetime.now().astimezone()
    day, month = Cap(period=Period.DAY, micros=COST), Cap(period=Period.MONTH, micros=COST)
    core.spending.set_caps((day,))
    assert not session.send("more")
    tomorrow = now + dt.timedelta(days=1)
    monkeypatch.setattr(spending, "local_now", lambda: tomorrow)
    assert [state.spent for state in core.spending.states()] == [0]
    assert core.spending.spent_now()[Period.DAY] == 0
    eased: list[Cap] = []
    core.spending.eased.connect(eased.append)
    roomy = Cap(period=Period.DAY, micros=COST * 100 // 80)
    monkeypatch.setattr(spending, "local_now", lambda: now)
    core.spending.set_caps((roomy,))
    core.spending._warn(core.spending.states())
    assert eased == []
    monkeypatch.setattr(spending, "local_now", lambda: tomorrow)
    core.spending._warn(core.spending.states())
    assert eased == [roomy]
    monkeypatch.setattr(spending, "local_now", lambda: now + dt.timedelta(days=40))
    core.spending.set_caps((month,))
    assert [state.spent for state in core.spending.states()] == [0]
    monkeypatch.setattr(spending, "local_now", lambda: now)
    assert not session.send("more")


@pytest.mark.usefixtures("priced")
def test_a_limit_stops_a_service_that_counts_nothing(
    chat: SessionMaker, core: Core, qtbot: QtBot
) -> None:
    session = chat(uncounted)
    first = ask(session, qtbot)
    assert first is not None
    assert (first.about, first.cost) == (True, 23)
    core.spending.set_caps((Cap(period=Period.DAY, micros=23 + 10 * ASSUMED_ANSWER),))
    found = stops(session)
    assert not session.send("more")
    # 12 letters of the first question, 5 of its answer and 4 more: 6 tokens
    assert [(one.spent, one.estimate) for one in found] == [(23, 6 + 10 * ASSUMED_ANSWER)]


@pytest.mark.usefixtures("priced")
def test_what_costs_nothing_warns_of_no_limit(core: Core, loopback: Loopback, qtbot: QtBot) -> None:
    priced, free = (session_with(core, loopback.serve(counted)) for _ in range(2))
    free.setup.set_choice(ModelChoice(free.setup.choice.provider_id, "nobody-knows"))
    ask(priced, qtbot)
    core.spending.set_caps((Cap(period=Period.DAY, micros=COST),))
    warnings: list[CapState] = []
    core.spending_warned.connect(warnings.append)
    assert ask(free, qtbot) is not None
    assert warnings == []
    assert not priced.send("more")


def test_a_model_that_no_limit_holds_for_is_told_once(core: Core, loopback: Loopback) -> None:
    far = replace(provider_at(loopback.serve(silent).url), base_url="https://far.example/v1")
    told: list[Failure] = []
    core.noticed.connect(told.append)
    path = core.library.new_session().messages
    for model in ("x", "x", "y"):
        assert core.spending.judge(far, model, path, "Why?") is None
    assert told == []
    core.spending.set_caps((Cap(period=Period.DAY, micros=5_000_000),))
    for model in ("x", "x", "y"):
        assert core.spending.judge(far, model, path, "Why?") is None
    assert [(one.kind, one.service, one.model) for one in told] == [
        (ErrorKind.PRICE_UNKNOWN, far.name, "x"),
        (ErrorKind.PRICE_UNKNOWN, far.name, "y"),
    ]
