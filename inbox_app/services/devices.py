"""Which browser is calling: kept briefly, since the message path asks on every call."""

from typing import Final

from inbox_app import live
from inbox_app.data import visitors
from inbox_app.domain.errors import NotSignedIn
from inbox_app.domain.people import Device
from inbox_app.services.kept_briefly import KeptBriefly
from inbox_app.services.use_case import UseCase

_devices: Final = KeptBriefly[Device](20_000, seconds=30)


async def device(token: str) -> Device:
    """The browser with this token. Raises NotSignedIn."""
    found = await _devices.get(token, lambda: visitors.device_of(token))
    if found is None:
        raise NotSignedIn("This visitor token is not known. Begin a new session.")
    return found


def tell_all_processes(case: UseCase, *ids: str) -> None:
    """These browsers or visitors changed. Also forgets them here before the commit: its own change shows at once."""
    _forget(*ids)
    case.tell(live.topics.visitors(), "changed", ids=ids)


async def forget_what_changes() -> None:
    """A browser that moved to another visitor, a corrected name: in all processes; runs as long as the process."""
    async with live.subscribe(live.topics.visitors()) as changes:
        _forget()  # what changed before, if this begins again
        while True:
            event = await changes.next()
            _forget(*event.data.get("ids", ()))


def _forget(*ids: str) -> None:
    """Of browsers and visitors; without any, all."""
    if ids:
        _devices.forget_where(lambda kept: kept.id in ids or kept.visitor_id in ids)
    else:
        _devices.forget()
