"""What a member chooses for the own screens. It comes back to every tab over the agent's topic (MemberState)."""

import reflex as rx

from inbox_app.services import people
from inbox_app.state.arguments import text
from inbox_app.state.viewer import viewer


class PreferencesState(rx.State):
    """Has no vars: the values are those of `MemberState.me`."""

    @rx.event
    async def choose_language(self, language: str) -> None:
        """The page reloads itself in the new language (components/preferences.js)."""
        language = text(language, field="language")
        await people.set_preferences(member=await viewer(self), language=language)

    @rx.event
    async def choose_colour_scheme(self, colour_scheme: str) -> None:
        """`system`, `light` or `dark`."""
        colour_scheme = text(colour_scheme, field="colour_scheme")
        await people.set_preferences(member=await viewer(self), colour_scheme=colour_scheme)
