"""Every handler that the app has, as a browser names it."""

from reflex.route import get_route_args
from reflex_base.registry import RegistrationContext

REFLEX_OWN = {
    "reflex___state____state.hydrate",
    "reflex___state____state.hydrate_and_load",
    "reflex___state____state.set_is_hydrated",
    "reflex___state____state.reflex___state____on_load_internal_state.on_load_internal",
    "reflex___state____state.reflex___state____on_load_internal_state.set_is_hydrated",
    "reflex___state____state.reflex___state____update_vars_internal_state.update_vars_internal",
}
OPEN = REFLEX_OWN | {
    "reflex___state____state.inbox_app___state___sign_in____sign_in_state.look",
    "reflex___state____state.inbox_app___state___load_again____load_again_state.fail",
    "reflex___state____state.inbox_app___state___load_again____load_again_state.load",
}
"""What a stranger may send, written down a second time on purpose: who adds to it has to say so here too."""


def all_handlers() -> list[str]:
    """Read from the app, so that a new one can't be forgotten."""
    import inbox_app.inbox_app  # noqa: F401  registers the states

    return sorted(RegistrationContext.get().event_handlers)


def route_arguments() -> list[str]:
    """What the addresses of all pages have in brackets."""
    from inbox_app.inbox_app import app

    return sorted({name for route in app._unevaluated_pages for name in get_route_args(route)})


def handler(state: str, name: str) -> str:
    """`handler("offers.OffersState", "accept")`: the full name of one."""
    module, _, state_class = state.rpartition(".")
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in state_class).lstrip("_")
    found = f"reflex___state____state.inbox_app___state___{module}____{snake}.{name}"
    assert found in all_handlers(), f"there is no {found}"
    return found
