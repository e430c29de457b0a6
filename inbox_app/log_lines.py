"""How a record becomes lines of the log: text from clients is escaped and shortened, and can't start a new line."""

import logging
from types import TracebackType
from typing import Final

MAX_BYTES: Final = 2_048
MAX_TRACEBACK_LINES: Final = 60
SHOWN: Final = 200
_ONCE: Final = " (further occurrences of this error will be logged with level INFO)"  # Engine.IO's words; ours is ERROR
CONTINUED: Final = "    | "
_CONTROLS: Final = {
    code: f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
    for code in (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
} | {ord("\n"): "\\n", ord("\r"): "\\r", ord("\t"): "\\t"}


def escaped(text: str, *, limit: int = MAX_BYTES) -> str:
    """One line of at most `limit` bytes: control characters and changes of text direction are written out."""
    whole = text[:limit].translate(_CONTROLS).encode(errors="backslashreplace")
    if len(text) <= limit and len(whole) <= limit:
        return whole.decode()
    return whole[: limit - 3].decode(errors="ignore") + "…"


class OneLine(logging.Formatter):
    """A message is one line. A traceback follows, with a mark before each of its lines."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  the library's name
        """The line."""
        return escaped(super().formatMessage(record))

    def formatException(  # noqa: N802  the library's name
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """The traceback; the middle of a long one is left out."""
        lines = super().formatException(ei).splitlines()
        half = MAX_TRACEBACK_LINES // 2
        shown = lines if len(lines) <= MAX_TRACEBACK_LINES else [*lines[:half], "…", *lines[-half:]]
        return "\n".join(CONTINUED + escaped(line, limit=400) for line in shown)


class ClientFault(logging.Filter):
    """What the socket server logs as an error was sent by a client: one warning says what and where, no stack.

    Without an exception it is a handshake that was refused, of each kind the first in a process; it quotes the client.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record; always let it through."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            record.msg = f"{record.getMessage()}: {error!r} {_place(error)}"
        elif record.levelno == logging.ERROR:
            record.msg = f"refused a malformed socket handshake ({record.getMessage().removesuffix(_ONCE)[:SHOWN]})"
        else:
            return True
        record.args, record.exc_info, record.exc_text = (), None, None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


def _place(error: BaseException) -> str:
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    return f"({frame.tb_frame.f_code.co_filename}:{frame.tb_lineno})" if frame else ""
