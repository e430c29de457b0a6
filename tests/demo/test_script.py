"""What the scripted visitor does next, as a function of the conversation so far."""

import pytest

from inbox_app.demo.visitor.persona import Persona, personas
from inbox_app.demo.visitor.script import WORDS, Book, End, Leave, Message, Move, Say, Thread, next_move

BY_KEY = {persona.key: persona for persona in personas()}
LENA, QUICK, HANNA, ANTOINE = BY_KEY["lena"], BY_KEY["quick"], BY_KEY["hanna"], BY_KEY["antoine"]


def after(persona: Persona, *answers: str, silence: float = 0, state: str = "active") -> Move:
    """The move after the opening, and after each answer but the last was replied to as scripted."""
    messages = [Message(True, text) for text in persona.opening]
    for number, text in enumerate(answers):
        messages.append(Message(False, text))
        if number < len(answers) - 1:
            move = next_move(persona, Thread(state, tuple(messages), 0))
            assert isinstance(move, Say), text
            messages.append(Message(True, move.text))
    return next_move(persona, Thread(state, tuple(messages), silence))


def said(move: Move) -> str:
    assert isinstance(move, Say), move
    return move.text


def test_nobody_came_so_the_visitor_goes() -> None:
    assert after(LENA, state="offered", silence=10) is None
    assert isinstance(after(LENA, state="offered", silence=200), End)


def test_an_opening_in_two_messages_is_finished_first() -> None:
    uwe = BY_KEY["uwe"]
    thread = Thread("active", (Message(True, uwe.opening[0]),), 0)
    assert said(next_move(uwe, thread)) == uwe.opening[1]


def test_a_greeting_is_no_answer_yet() -> None:
    for text in ("Hello, this is Ana.", "Hi Lena!", "Bonjour", "One moment, let me look"):
        assert after(LENA, text) is None, text
    assert said(after(LENA, "Hello, this is Ana.", silence=100)) == LENA.lines[0]


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("Which town do you live in?", "place"),
        ("How much power do you use?", "use"),
        ("When would it suit you?", "time"),
        ("May I have your phone number?", "phone"),
    ],
)
def test_it_answers_what_is_asked(question: str, fact: str) -> None:
    assert LENA.facts[fact] in said(after(LENA, question))


def test_it_answers_two_questions_at_once() -> None:
    answer = said(after(LENA, "Where do you live, and what is your email?"))
    assert LENA.facts["place"] in answer
    assert LENA.email in answer


def test_it_goes_on_in_french() -> None:
    assert said(after(ANTOINE, "Oui, partout.")) == ANTOINE.lines[0]
    assert said(after(ANTOINE, "Quelle est votre adresse ?")) == ANTOINE.facts["place"]
    assert said(after(ANTOINE, "Bonne journée !")) in WORDS["fr"]["goodbye"]


def test_it_thanks_when_all_is_answered_and_ends() -> None:
    answers = ["Only 24 dB.", "One day.", "Yes, with any."]
    assert said(after(LENA, *answers)) == WORDS["en"]["goodbye"][0]
    assert after(LENA, *answers, "You are welcome.") is None
    assert isinstance(after(LENA, *answers, "You are welcome.", silence=20), End)


def test_one_who_stays_leaves_the_end_to_the_agent() -> None:
    answers = ["Yes.", "The 10.", "In a hallway.", "I will."]
    assert after(HANNA, *answers, "Done.", silence=60) is None


def test_one_loses_interest_and_closes_the_tab() -> None:
    assert after(QUICK, "Yes, it is.", "It does not.") is None
    assert isinstance(after(QUICK, "Yes, it is.", "It does not.", silence=120), Leave)


def test_it_asks_once_whether_somebody_is_there() -> None:
    assert after(LENA, silence=30) is None
    assert said(after(LENA, silence=100)) == WORDS["en"]["nudge"][0]


@pytest.mark.parametrize("persona", personas(), ids=lambda persona: persona.key)
def test_every_conversation_comes_to_an_end(persona: Persona) -> None:
    messages: list[Message] = [Message(True, persona.opening[0])]
    for _ in range(30):
        move = next_move(persona, Thread("active", tuple(messages), 1_000))
        if isinstance(move, Say):
            assert Message(True, move.text) not in messages, "it repeats itself"
            messages += [Message(True, move.text), Message(False, "What about that?")]
        else:
            assert isinstance(move, End | Leave)
            return
    pytest.fail("it never ends")


def test_a_shared_calendar_is_booked_first_and_said_once() -> None:
    messages = [*(Message(True, text) for text in LENA.opening), Message(False, "Shall we talk? Here are my times.")]
    shared = Thread("active", tuple(messages), 0, frozenset({"share"}))
    assert next_move(LENA, shared) == Book("share")
    booked = Thread("active", tuple(messages), 0, frozenset(), has_booked=True)
    assert said(next_move(LENA, booked)) == WORDS["en"]["booked"][0]
    thanked = (*messages, Message(True, WORDS["en"]["booked"][0]), Message(False, "Good."))
    assert said(next_move(LENA, Thread("active", thanked, 0, frozenset(), has_booked=True))) == LENA.lines[0]


def test_a_calendar_shared_after_the_goodbye_is_booked_too() -> None:
    messages = (*(Message(True, text) for text in LENA.opening), Message(True, WORDS["en"]["goodbye"][0]))
    assert next_move(LENA, Thread("active", messages, 60, frozenset({"share"}))) == Book("share")


def test_who_gave_no_email_says_so_instead_of_booking() -> None:
    passer_by = BY_KEY["passer-by"]
    messages = (*(Message(True, text) for text in passer_by.opening), Message(False, "Pick a time, please."))
    thread = Thread("active", messages, 0, frozenset({"share"}))
    assert said(next_move(passer_by, thread)) == WORDS["en"]["no_email"][0]
