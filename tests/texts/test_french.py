"""No sentence is shown in English to somebody who reads French, and no gap of a sentence is lost on the way."""

import ast
import json
import re
from collections.abc import Iterator

import pytest

from inbox_app.domain import errors
from inbox_app.settings import ROOT
from inbox_app.texts.catalogue import LANGUAGES, translations
from tests.architecture.sources import sources

GAP = re.compile(r"\{(\w+)\}")
REFUSALS = {
    name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, errors.DomainError)
}


def shown() -> Iterator[tuple[str, str]]:
    """(where, sentence): all that a page shows by `t("…")`, and what a rule that is broken says."""
    for source in sources():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "t":
                assert isinstance(node.args[0], ast.Constant), f"{source.shown}:{node.lineno}: t() takes a sentence"
                yield f"{source.shown}:{node.lineno}", str(node.args[0].value)
            elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                yield from ((f"{source.shown}:{node.lineno}", sentence) for sentence in said_by(node.exc))


def said_by(raised: ast.Call) -> Iterator[str]:
    if getattr(raised.func, "id", "") in REFUSALS:
        for argument in raised.args:
            if isinstance(argument, ast.Constant) and " " in str(argument.value):
                yield str(argument.value)


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_sentence_is_translated(language: str) -> None:
    known = translations(language)
    missing = [f"{where}: {sentence}" for where, sentence in shown() if sentence not in known]

    assert not missing, "\n".join(missing)


OF_SCRIPTS = re.compile(r'\bt\(\s*("(?:[^"\\]|\\.)+")')


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_sentence_of_the_visitors_scripts_is_translated(language: str) -> None:
    scripts = [path for path in (ROOT / "widget").rglob("*.js") if path.name not in {"texts.js", "build.js"}]
    said = {(path.name, json.loads(text)) for path in scripts for text in OF_SCRIPTS.findall(path.read_text())}
    assert len(said) > 50, "the scripts say more than that"
    assert sorted(place for place in said if place[1] not in translations(language)) == []


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_a_translation_has_the_gaps_of_its_sentence(language: str) -> None:
    wrong = [
        f"{sentence!r} → {translated!r}"
        for sentence, translated in translations(language).items()
        if sorted(GAP.findall(sentence)) != sorted(GAP.findall(translated))
    ]

    assert not wrong, "\n".join(wrong)


ALWAYS_ALIKE = [
    errors.NotSignedIn(),
    errors.SignInFailed(),
    errors.NotFound(),
    errors.ConversationEnded(),
    errors.OfferGone(),
    errors.TooManyRequests(3),
    errors.DatabaseUnavailable(),
]


@pytest.mark.parametrize("refusal", ALWAYS_ALIKE, ids=lambda refusal: type(refusal).__name__)
def test_what_is_always_said_alike_is_translated(refusal: errors.DomainError) -> None:
    assert refusal.sentence in translations("fr")
