"""A TCP proxy between a browser and a server whose connections can go dead: open, and nothing comes through."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Proxy:
    """`proxy.url` in front of a server; `proxy.lose("/events")`: those connections carry nothing any more."""

    def __init__(self, to_port: int) -> None:
        self.port = 0
        self._to_port = to_port
        self._loop = asyncio.new_event_loop()
        self._requests: dict[asyncio.Task[None], bytes] = {}
        self._writers: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._dead: set[asyncio.Task[None]] = set()
        self._is_away = self._is_silent = False
        self._is_ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def lose(self, path: str) -> int:
        """Connections that last asked for something with this in its address; how many."""
        lost = [task for task, asked in list(self._requests.items()) if path.encode() in asked and not task.done()]
        self._dead.update(lost)
        return len(lost)

    def alive(self, path: str) -> int:
        """How many connections last asked for this and carry what comes."""
        open_ones = [task for task, asked in list(self._requests.items()) if path.encode() in asked and not task.done()]
        return len(set(open_ones) - self._dead)

    def cut(self) -> None:
        """End every connection at once."""
        for task in list(self._requests):
            self._loop.call_soon_threadsafe(self._writers[task].transport.abort)

    @contextmanager
    def away(self) -> Iterator[None]:
        """No network: connections are cut, and new ones are refused."""
        self._is_away = True
        self.cut()
        yield
        self._is_away = False

    @contextmanager
    def silent(self) -> Iterator[None]:
        """A dead path: nothing is cut or refused and nothing comes through, also on connections made meanwhile."""
        self._is_silent = True
        self.lose("")
        yield
        self._is_silent = False

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._connected, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._is_ready.set()
        self._loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or self._is_away:
            writer.transport.abort()
            return
        self._requests[task], self._writers[task] = b"", writer
        if self._is_silent:
            self._dead.add(task)
        try:
            with contextlib.suppress(OSError):
                await self._join(reader, writer, task)
        finally:
            writer.close()  # also where the server refuses

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, task: asyncio.Task[None]) -> None:
        there, here = await asyncio.open_connection("127.0.0.1", self._to_port)
        answers = asyncio.create_task(self._pump(there, writer, task))
        try:
            await self._pump(reader, here, task, is_asking=True)
        finally:
            answers.cancel()
            here.close()

    async def _pump(
        self,
        source: asyncio.StreamReader,
        target: asyncio.StreamWriter,
        of: asyncio.Task[None],
        is_asking: bool = False,
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65_536):
                if is_asking and data.startswith((b"GET ", b"POST ")):
                    self._requests[of] = data.split(b"\r\n", 1)[0]
                if of not in self._dead:
                    target.write(data)
                    await target.drain()
            if of not in self._dead:
                target.close()

    def start(self) -> None:
        self._thread.start()
        self._is_ready.wait(10)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)


@contextmanager
def proxy_to(port: int) -> Iterator[Proxy]:
    """A proxy for the length of the block."""
    proxy = Proxy(port)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()
