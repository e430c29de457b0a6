"""Half of a character and NUL, as a broken or hostile page sends them: left out, and no handler fails on them."""

import httpx

from tests import people
from tests.people import ANA
from tests.servers import InboxServer
from tests.state.handlers import handler
from tests.state.raw_socket import HYDRATE, RawSocket

HALF, NUL = "\ud83d", "\x00"
SAVE = handler("meeting_settings.MeetingSettingsState", "save")


def test_what_a_form_sends_is_kept_without_it(shared_server: InboxServer) -> None:
    session = people.session_of(shared_server, ANA)
    with RawSocket(shared_server, session=session, path="/settings") as socket:
        socket.send(SAVE, value={"invitation_text": f"See{NUL} you{HALF}", f"un{HALF}known": [{HALF: NUL}]})
        socket.listen("See you")

    with httpx.Client(base_url=shared_server.url, cookies={"inbox_session": session}) as ana:
        assert ana.get("/api/v1/agent/meeting-settings").json()["invitation_text"] == "See you"


def test_an_address_with_it_is_opened(shared_server: InboxServer) -> None:
    session = people.session_of(shared_server, ANA)
    for path in ("/inbox/%ED%A0%BD", "/inbox/a%00b", "/inbox?q=%00&filter=all", "/inbox?q=%ED", "/history/%00"):
        with RawSocket(shared_server, session=session, path=path) as socket:
            socket.send(HYDRATE)
            socket.listen(ANA.name)


def test_a_path_with_it_is_unknown(shared_server: InboxServer) -> None:
    cookies = {"inbox_session": people.session_of(shared_server, ANA)}
    with httpx.Client(base_url=f"{shared_server.url}/api/v1", cookies=cookies) as ana:
        for path in ("/conversations/%ED%A0%BD", "/conversations/%FF/messages", "/visitors/a%00b"):
            assert ana.get(path).status_code == httpx.codes.NOT_FOUND
        for query in ("q=%ED%A0%BD", "q=%FF", "before=%ED%A0%BD"):
            assert ana.get(f"/conversations?{query}").status_code in {200, 422}
