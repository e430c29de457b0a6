"""What a client sent can't write lines of the log, nor fill it."""

import io
import logging
import logging.config
from collections.abc import Iterator

import pytest

from inbox_app.log_lines import MAX_BYTES
from inbox_app.server import LOGGING

FORGED = "x\n2026-11-28 03:00:00,000 WARNING inbox_app: forged\r\x1b[2J\u2028\u202eforged"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What a server's handlers write; the loggers of this process stay as they were."""
    stream, root = io.StringIO(), logging.getLogger("inbox_app.test_log_lines")
    config = logging.config.DictConfigurator(LOGGING)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(config.configure_formatter(dict(LOGGING["formatters"]["line"])))
    root.addHandler(handler)
    root.propagate = False
    yield stream
    root.removeHandler(handler)


def logger() -> logging.Logger:
    return logging.getLogger("inbox_app.test_log_lines")


@pytest.mark.parametrize("text", [FORGED, "\n" * 5_000, "é" * 5_000, "👩‍👩‍👧" * 1_000, "\x85\x9b31m", "half \ud83d"])
def test_a_message_is_one_short_printable_line(log: io.StringIO, text: str) -> None:
    logger().warning("somebody sent %s", text)
    line = log.getvalue()
    assert line.count("\n") == 1
    assert len(line.encode()) <= MAX_BYTES + 1
    assert not set(line.rstrip("\n")) & {*map(chr, range(32)), "\x7f", "\x85", "\x9b", "\u2028", "\u202e"}
    assert "somebody sent" in line


def test_other_letters_stay_readable(log: io.StringIO) -> None:
    logger().warning("%s", "Zoë, 東京, مرحبا")
    assert "Zoë, 東京, مرحبا" in log.getvalue()


def test_no_line_of_a_traceback_can_be_taken_for_another_message(log: io.StringIO) -> None:
    try:
        int(FORGED * 1_000)
    except ValueError:
        logger().exception("a handler failed")
    first, *others = log.getvalue().splitlines()
    assert first.endswith("a handler failed")
    assert 4 <= len(others) <= 61
    assert all(line.startswith("    | ") and len(line.encode()) <= 410 for line in others)
    assert "test_log_lines.py" in log.getvalue()
