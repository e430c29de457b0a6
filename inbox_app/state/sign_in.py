"""The one state that a stranger may use: what the sign-in page shows."""

import reflex as rx

from inbox_app.domain.errors import DomainError
from inbox_app.services import mailing
from inbox_app.services.demo_mark import is_demo_database
from inbox_app.state.viewer import viewer


class SignInState(rx.State):
    """`is_signed_in`: the page redirects. `is_demo`: the demo's sign-ins are public and may be shown.

    `has_mail`: a reset link can be mailed; meaningful once `is_known`.
    """

    is_signed_in: bool = False
    is_demo: bool = False
    is_known: bool = False
    has_mail: bool = False

    @rx.event
    async def look(self) -> None:
        """When /login opens."""
        try:
            self.is_signed_in = bool(await viewer(self))
        except DomainError:
            self.is_signed_in = False
        self.is_demo = await is_demo_database()
        self.has_mail = mailing.is_configured()
        self.is_known = True
