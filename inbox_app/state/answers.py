"""What became of the newest save of a form, so that a refusal stands beside its field and what was typed stays."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any

from inbox_app.domain.errors import Conflict, InvalidInput, TooManyRequests
from inbox_app.state.viewer import language_of
from inbox_app.texts.catalogue import translate


@dataclass(frozen=True)
class Answer:
    """`field`: what it is about; `problem`: a sentence in the reader's language, empty when it was saved.

    `beat` counts the answers, so that the same one twice is two.
    """

    beat: int = 0
    field: str = ""
    problem: str = ""


async def answered(deed: Awaitable[Any], router_data: Mapping[str, Any], last: Answer, *, about: str = "") -> Answer:
    """Do it. A rule's refusal becomes the answer; whatever else goes wrong is raised."""
    try:
        await deed
    except (InvalidInput, Conflict, TooManyRequests) as refusal:
        problem = translate(refusal.sentence, language_of(router_data), **refusal.gaps)
        return Answer(last.beat + 1, getattr(refusal, "field", about), problem)
    return Answer(last.beat + 1, about)
