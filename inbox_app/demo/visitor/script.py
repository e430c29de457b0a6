"""What the visitor does next: a pure function of the conversation so far, so that it goes on after any interruption."""

import re
from dataclasses import dataclass
from typing import Final

from inbox_app.demo.visitor.persona import Persona

UNANSWERED_SECONDS: Final = 150
"""So long a visitor waits for somebody to take the chat."""
NUDGE_SECONDS: Final = 80
GIVE_UP_SECONDS: Final = 300
AFTER_GOODBYE_SECONDS: Final = 6
SILENT_SECONDS: Final = 90
"""So long a tab stays open whose visitor has lost interest."""


@dataclass(frozen=True)
class Message:
    """One message of the conversation. `is_mine`: the visitor's."""

    is_mine: bool
    text: str


@dataclass(frozen=True)
class Thread:
    """The conversation as its stream has told it. `silence`: seconds since the last entry.

    `shared`: ids of shared calendars that can be booked. `has_booked`: a meeting stands.
    """

    state: str
    messages: tuple[Message, ...]
    silence: float
    shared: frozenset[str] = frozenset()
    has_booked: bool = False

    @property
    def said(self) -> set[str]:
        return {message.text for message in self.messages if message.is_mine}

    @property
    def answers(self) -> str:
        """What the agent has written since the visitor wrote last."""
        mine = [index for index, message in enumerate(self.messages) if message.is_mine]
        return "\n".join(message.text for message in self.messages[mine[-1] + 1 if mine else 0 :])


@dataclass(frozen=True)
class Say:
    """Write this."""

    text: str


@dataclass(frozen=True)
class Book:
    """Book a time of this shared calendar."""

    share_id: str


class End:
    """End the chat."""


class Leave:
    """Close the tab without a word."""


Move = Say | Book | End | Leave | None

WORDS: Final = {
    "en": {
        "goodbye": ("Great, that is all I wanted to know. Thank you!", "Thanks a lot, bye!"),
        "no_more": ("No, that was all. Thank you, bye!",),
        "see_above": ("It is about what I asked above.",),
        "unsure": ("Hm, I would have to check that.", "I am not sure, to be honest."),
        "nudge": ("Are you still there?",),
        "booked": ("I have booked a time. Thank you!",),
        "no_email": ("I would rather not give an email. Can we settle it here?",),
        "give_up": ("I have to go now, I will come back later.",),
    },
    "fr": {
        "goodbye": ("Parfait, c'est tout ce que je voulais savoir. Merci !", "Merci beaucoup, au revoir !"),
        "no_more": ("Non, c'est tout. Merci, au revoir !",),
        "see_above": ("C'est au sujet de ma question ci-dessus.",),
        "unsure": ("Hum, il faudrait que je vérifie.", "Je ne sais pas, à vrai dire."),
        "nudge": ("Vous êtes toujours là ?",),
        "booked": ("J'ai réservé un créneau. Merci !",),
        "no_email": ("Je préfère ne pas donner d'e-mail. Peut-on régler cela ici ?",),
        "give_up": ("Je dois partir, je reviendrai plus tard.",),
    },
}
ASKED_FOR: Final = {  # fact → what an agent writes who wants it, in either language
    "email": r"e-?mail|adresse mail|courriel",
    "phone": r"phone|number to call|call you|t[ée]l[ée]phone|rappeler",
    "name": r"your name|name, please|votre nom|quel nom",
    "number": r"serial|order number|case number|num[ée]ro de|commande",
    "budget": r"budget|how much would you|combien souhaitez",
    "use": r"kwh|yearly use|consum|how much (?:power|electricity)|bill|consomm|facture",
    "place": r"where|which town|address|live\b|o[ùu]\b|ville|adresse|habitez",
    "time": r"when|which day|what time|suit you|quand|quel jour|heure|convient",
}
ANYTHING_ELSE: Final = re.compile(r"\b(?:anything else|something else|autre chose|autre question)", re.IGNORECASE)
CLOSING: Final = re.compile(
    r"\b(?:bye|goodbye|have a (?:good|nice|sunny|great)|au revoir|bonne (?:journ[ée]e|soir[ée]e)|bient[ôo]t)",
    re.IGNORECASE,
)
CAN_I_HELP: Final = re.compile(r"\b(?:i help|i do for you|vous aider)\b", re.IGNORECASE)
HOLDING: Final = re.compile(
    r"\b(?:one moment|a moment|let me (?:look|check|see|ask)|i (?:will )?(?:look|check)|un instant"
    r"|je (?:regarde|v[ée]rifie))",
    re.IGNORECASE,
)
GREETING: Final = re.compile(
    r"(?:hello|hi|hey|good (?:day|morning|afternoon|evening)|bonjour|bonsoir)\b[^.!?]{0,25}[.!]?"
    r"(?:\s*(?:this is|i am|i'm|here is|ici|je suis)[^.!?]{0,25}[.!]?)?",
    re.IGNORECASE,
)


def next_move(persona: Persona, thread: Thread) -> Move:
    """None: nothing to do yet."""
    if thread.state in {"waiting", "offered"}:
        return End() if thread.silence > UNANSWERED_SECONDS else None
    said = thread.said
    unsaid = [text for text in persona.opening if text not in said]
    if unsaid:
        return Say(unsaid[0])
    if (move := _about_calendars(persona, thread)) is not None:
        return move
    if said & _farewells(persona):
        return _after_goodbye(persona, thread)
    if not thread.answers:
        return _wait_for_an_answer(persona, thread)
    if persona.ending == "leaves" and not _lines_left(persona, said):
        return Leave() if thread.silence > SILENT_SECONDS else None
    if _has_more_to_come(thread.answers) and thread.silence < NUDGE_SECONDS:
        return None
    return Say(_reply(persona, thread))


def _about_calendars(persona: Persona, thread: Thread) -> Move:
    """Who gave an email books what is shared, and says so; nobody else is asked for one by a script."""
    words, said = WORDS[persona.language], thread.said
    if thread.shared and persona.email:
        return Book(min(thread.shared))
    unsaid = [words["no_email"][0]] if thread.shared else [words["booked"][0]] if thread.has_booked else []
    return next((Say(text) for text in unsaid if text not in said), None)


def _has_more_to_come(answers: str) -> bool:
    """A greeting, or "one moment": nothing to answer yet."""
    return "?" not in answers and bool(HOLDING.search(answers) or GREETING.fullmatch(answers.strip()))


def _farewells(persona: Persona) -> set[str]:
    words = WORDS[persona.language]
    return {*words["goodbye"], *words["no_more"], *words["give_up"]}


def _after_goodbye(persona: Persona, thread: Thread) -> Move:
    has_given_up = bool(thread.said & set(WORDS[persona.language]["give_up"]))
    if persona.ending == "stays" and not has_given_up and thread.silence < GIVE_UP_SECONDS:
        return None
    return End() if thread.silence > AFTER_GOODBYE_SECONDS else None


def _wait_for_an_answer(persona: Persona, thread: Thread) -> Move:
    """Asks once whether somebody is there, and goes when nothing comes."""
    words, said = WORDS[persona.language], thread.said
    if words["nudge"][0] not in said:
        return Say(words["nudge"][0]) if thread.silence > NUDGE_SECONDS else None
    return Say(words["give_up"][0]) if thread.silence > GIVE_UP_SECONDS else None


def _lines_left(persona: Persona, said: set[str]) -> list[str]:
    return [text for text in persona.lines if text not in said]


def _reply(persona: Persona, thread: Thread) -> str:
    words, said, asked = WORDS[persona.language], thread.said, thread.answers
    if CLOSING.search(asked):
        return words["goodbye"][1]
    lines = _lines_left(persona, said)
    if ANYTHING_ELSE.search(asked):
        return lines[0] if lines else words["no_more"][0]
    if "?" in asked:
        if facts := _facts_asked_for(persona, asked, said):
            return " ".join(facts)
        for text in words["see_above"] if CAN_I_HELP.search(asked) else words["unsure"]:
            if text not in said:
                return text
    return lines[0] if lines else words["goodbye"][0]


def _facts_asked_for(persona: Persona, asked: str, said: set[str]) -> list[str]:
    """All that the agent wants to know and was not told yet."""
    wanted = [key for key, words in ASKED_FOR.items() if re.search(rf"\b(?:{words})", asked, re.IGNORECASE)]
    facts = [persona.known_facts[key] for key in wanted if key in persona.known_facts]
    return [fact for fact in dict.fromkeys(facts) if not any(fact in text for text in said)]
