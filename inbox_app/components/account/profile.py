"""Who one is, on /settings: the picture and the name as others see them."""

from typing import Any

import reflex as rx

from inbox_app.components.forms.browser import SCRIPTS
from inbox_app.components.forms.fields import SavedInput, problem, saved
from inbox_app.components.marks import avatar, icon
from inbox_app.components.settings import setting_row
from inbox_app.components.words import t
from inbox_app.domain.people import NAME_LIMIT


class PictureButtons(rx.Component):
    """Sends a file to the API, which keeps a small copy; or removes it."""

    library = SCRIPTS["picture_buttons.jsx"]
    tag = "PictureButtons"
    path: rx.Var[str]
    has_picture: rx.Var[bool]
    texts: rx.Var[dict[str, Any]]
    symbol: rx.Var[rx.Component]


def profile(
    *,
    name: rx.Var[str],
    email: rx.Var[str],
    role: rx.Var[str],
    initials: rx.Var[str],
    colour: rx.Var[int],
    picture: rx.Var[str],
    answer: rx.Var[Any],
    on_rename: rx.EventHandler,
) -> rx.Component:
    """The signed-in member, and the choices that they can make."""
    roles = rx.match(role, ("agent", t("Agent")), ("manager", t("Manager")), ("admin", t("Admin")), role)
    buttons = PictureButtons.create(
        path="/api/v1/account/picture", has_picture=picture != "", texts=_texts(), symbol=icon("image-up")
    )
    return rx.fragment(
        rx.el.section(
            avatar(initials, colour, picture=picture, size="large"),
            rx.el.div(
                rx.el.h2(name, class_name="setting-person-name"),
                rx.el.p(email, " · ", roles, class_name="setting-hint"),
                class_name="setting-person-words",
            ),
            buttons,
            aria_label=t("Your account"),
            class_name="setting-person",
        ),
        setting_row(
            t("Your name"),
            t("As visitors and colleagues see it."),
            _name(name, answer, on_rename),
            class_name="setting setting-wide",
        ),
    )


def _name(name: rx.Var[str], answer: rx.Var[Any], on_rename: rx.EventHandler) -> rx.Component:
    is_wrong = answer.problem != ""
    box = SavedInput.create(
        value=name, name=t("Your name"), limit=NAME_LIMIT, is_wrong=is_wrong, problem_id="problem-name",
        class_name="account-name-box", on_save=on_rename,
    )  # fmt: skip
    return rx.el.div(
        rx.el.div(saved((answer.beat > 0) & ~is_wrong), box, class_name="setting-control"),
        rx.cond(is_wrong, problem(answer.problem, id="problem-name")),
        class_name="profile-name",
    )


def _texts() -> dict[str, Any]:
    return {
        "choose": t("Change picture"),
        "remove": t("Remove"),
        "removeName": t("Remove your picture"),
        "file": t("Picture file"),
        "busy": t("One moment…"),
        "tooLarge": t("Choose a picture of at most 5 MB."),
        "unreachable": t("The server did not answer. Try again in a moment."),
    }
