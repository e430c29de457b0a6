"""The message path on SQLite: one writing thread.

What gathers while it commits goes into the next transaction together.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from inbox_app.data.engine import SQLITE_PRAGMAS, Database
from inbox_app.data.gathering import Gathering
from inbox_app.data.instants import iso
from inbox_app.data.messages import Appended, Post
from inbox_app.data.models import MessageView
from inbox_app.data.sqlite_lock import BUSY_SECONDS, is_locked
from inbox_app.domain.conversation import Sender
from inbox_app.domain.errors import DatabaseUnavailable

Result = TypeVar("Result")
Job = Callable[[sqlite3.Connection], Any]

OWNER: Final = {Sender.VISITOR: "device_id", Sender.AGENT: "agent_id"}
TAKES: Final = {Sender.VISITOR: "('waiting', 'offered', 'active')", Sender.AGENT: "('active')"}

_TAKE: Final = """
UPDATE conversation SET
    last_seq = max(last_seq, seq_floor) + 1, last_text = :preview, last_sender = :sender, activity_at = :at,
    waiting_since = CASE WHEN :sender = 'visitor' THEN coalesce(waiting_since, :at) END,
    unread = unread + (:sender = 'visitor'),
    first_reply_at = CASE WHEN :sender = 'agent' THEN coalesce(first_reply_at, :at) ELSE first_reply_at END
WHERE id = :conversation AND {owner} = :author AND state IN {takes}
RETURNING last_seq, agent_id
"""
_ADD: Final = """
INSERT INTO entry (conversation_id, seq, kind, sender, actor_id, actor_name, client_id, text, at)
VALUES (:conversation, :seq, 'message', :sender, :actor, :name, :client, :text, :at)
"""
_STANDING: Final = "SELECT state, agent_id FROM conversation WHERE id = ? AND {owner} = ?"
_SAME: Final = """
SELECT e.seq, e.sender, e.actor_name, e.text, e.at, c.agent_id
FROM entry e JOIN conversation c ON c.id = e.conversation_id
WHERE e.conversation_id = ? AND e.client_id = ? AND c.{owner} = ?
"""
_SEEN: Final = {
    Sender.VISITOR: """
        UPDATE conversation SET visitor_seen_seq = min(:seq, last_seq)
        WHERE id = :conversation AND device_id = :author AND visitor_seen_seq < min(:seq, last_seq)
        RETURNING visitor_seen_seq, agent_id""",
    Sender.AGENT: """
        UPDATE conversation SET agent_seen_seq = min(:seq, last_seq), unread = (
            SELECT count(*) FROM entry
            WHERE conversation_id = :conversation AND sender = 'visitor' AND kind = 'message' AND seq > :seq)
        WHERE id = :conversation AND agent_id = :author AND agent_seen_seq < min(:seq, last_seq)
        RETURNING agent_seen_seq, agent_id""",
}


def stored(at: datetime) -> str:
    """As SQLAlchemy writes an instant into SQLite."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


class SqliteMessages:
    """Gathers jobs and commits them together; every job is answered only after its commit."""

    def __init__(self, database: Database) -> None:
        self._path = database.url.removeprefix("sqlite:///")
        self._lock = database.lock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite-messages")
        self._connection: sqlite3.Connection | None = None
        self._jobs: Gathering[Job, Any] = Gathering(self._commit_all, turn=database.writing)

    async def append(self, post: Post) -> Appended | None:
        return await self.run(lambda connection: _append(connection, post))

    async def mark_seen(
        self, conversation_id: str, *, sender: Sender, author_id: str, seq: int
    ) -> tuple[int, str | None] | None:
        values = {"conversation": conversation_id, "author": author_id, "seq": seq}
        return await self.run(lambda connection: connection.execute(_SEEN[sender], values).fetchone())

    async def standing(self, conversation_id: str, *, sender: Sender, author_id: str) -> tuple[str, str | None] | None:
        query = _STANDING.format(owner=OWNER[sender])
        return await self.run(lambda connection: connection.execute(query, (conversation_id, author_id)).fetchone())

    async def run(self, job: Callable[[sqlite3.Connection], Result]) -> Result:
        """Do this in the writing thread, in one transaction with what gathers; several statements are one hop then.

        Raises what the job raises. An OperationalError (a full disk, a lock) fails the whole round: no job is kept.
        """
        answer: Result = await self._jobs(job)
        return answer

    async def close(self) -> None:
        await self._jobs.close()
        if self._connection is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._connection.close)
        self._thread.shutdown(wait=False)

    async def _commit_all(self, jobs: list[Job]) -> list[Any]:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._commit, jobs)
        except sqlite3.Error as error:
            if is_locked(error):
                raise DatabaseUnavailable from error
            raise DatabaseUnavailable(f"The database could not be written: {error}.") from error

    def _commit(self, jobs: list[Job]) -> list[Any]:
        connection = self._connection or self._open()
        self._lock.begin(connection.execute)
        try:
            results = [_alone(connection, *jobs)] if len(jobs) == 1 else [_one(connection, job) for job in jobs]
            if connection.in_transaction:
                connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        return results

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        for pragma in SQLITE_PRAGMAS:
            connection.execute(pragma)
        self._connection = connection
        return connection


def _alone(connection: sqlite3.Connection, job: Job) -> Any:
    """A batch of one needs no savepoint, and so two statements fewer: to undo it is to undo everything."""
    try:
        return job(connection)
    except sqlite3.OperationalError:
        raise
    except Exception as error:
        connection.execute("ROLLBACK")
        return error


def _one(connection: sqlite3.Connection, job: Job) -> Any:
    """One job of a batch: what it breaks is undone and answered alone; a disk or lock that fails, fails for all."""
    connection.execute("SAVEPOINT job")
    try:
        result = job(connection)
    except sqlite3.OperationalError:
        raise
    except Exception as error:
        connection.execute("ROLLBACK TO job")
        result = error
    connection.execute("RELEASE job")
    return result


def _append(connection: sqlite3.Connection, post: Post) -> Appended | None:
    owner = OWNER[post.sender]
    same = connection.execute(
        _SAME.format(owner=owner), (post.conversation_id, post.client_id, post.author_id)
    ).fetchone()
    if same is not None:
        at = iso(datetime.fromisoformat(same[4]).replace(tzinfo=UTC))
        return Appended(MessageView(same[0], "message", same[1], same[2], same[3], at, post.client_id), False, same[5])
    at = stored(post.at)
    values = {
        "conversation": post.conversation_id, "author": post.author_id, "sender": post.sender.value, "at": at,
        "preview": post.preview, "client": post.client_id, "name": post.author_name, "text": post.text,
        "actor": post.author_id if post.sender is Sender.AGENT else None,
    }  # fmt: skip
    taken = connection.execute(_TAKE.format(owner=owner, takes=TAKES[post.sender]), values).fetchone()
    if taken is None:
        return None
    connection.execute(_ADD, values | {"seq": taken[0]})
    message = MessageView(
        taken[0], "message", post.sender.value, post.author_name, post.text, iso(post.at), post.client_id
    )
    return Appended(message, is_new=True, agent_id=taken[1])
