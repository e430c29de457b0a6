"""A page that shows the last text posted to `/push`: no database, no sign-in, no list."""

import asyncio

import reflex as rx
from fastapi import FastAPI
from starlette.requests import Request

QUEUES: set[asyncio.Queue[str]] = set()
api = FastAPI()


@api.post("/push")
async def push(request: Request) -> dict[str, bool]:
    """Hand the text to every page."""
    text = (await request.json())["text"]
    for queue in QUEUES:
        queue.put_nowait(text)
    return {"pushed": True}


class Shown(rx.State):
    """One text."""

    text: str = ""

    @rx.event(background=True)
    async def watch(self) -> None:
        """Show what is pushed."""
        queue: asyncio.Queue[str] = asyncio.Queue()
        QUEUES.add(queue)
        try:
            while True:
                text = await queue.get()
                async with self:
                    self.text = text
        finally:
            QUEUES.discard(queue)


def index() -> rx.Component:
    """The page."""
    return rx.el.main(rx.el.p(Shown.text), id="floor")


app = rx.App(api_transformer=api)
app.add_page(index, route="/", on_load=Shown.watch)
