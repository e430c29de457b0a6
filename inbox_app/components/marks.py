"""Small marks that stand for a person or a number."""

from typing import Literal

import reflex as rx

from inbox_app.components.words import t

AvatarSize = Literal["small", "medium", "large"]


def avatar(
    initials: rx.Var[str] | str,
    colour: rx.Var[int] | int,
    *,
    picture: rx.Var[str] | None = None,
    is_online: rx.Var[bool] | None = None,
    size: AvatarSize = "medium",
) -> rx.Component:
    """The picture at this address, else initials on a person's stable colour (0-7).

    With `is_online`: a dot that says whether the person is there.

    Decoration beside a name: hidden from screen readers but for the dot.
    """
    dot = (
        []
        if is_online is None
        else [
            rx.el.span(
                role="img",
                aria_label=rx.cond(is_online, t("online"), t("offline")),
                class_name=rx.cond(is_online, "dot dot-online", "dot dot-offline"),
            )
        ]
    )
    face = rx.el.span(
        initials, aria_hidden="true", class_name=f"avatar avatar-{size}", custom_attrs={"data-colour": colour}
    )
    if picture is not None:
        shown = rx.el.img(src=picture, alt="", class_name=f"avatar avatar-{size} avatar-picture")
        face = rx.cond(picture != "", shown, face)
    return rx.el.span(
        face,
        *dot,
        class_name="avatar-holder",
    )


def unread_badge(count: rx.Var[int], words: rx.Var[str] | None = None) -> rx.Component:
    """A number to look at, "N unread" (or other words) to hear; nothing for none."""
    return rx.cond(
        count > 0,
        rx.el.span(
            rx.el.span(rx.cond(count > 99, "99+", count.to_string()), aria_hidden="true"),
            rx.el.span(t("{count} unread", count=count) if words is None else words, class_name="sr-only"),
            class_name="unread",
        ),
    )


def icon(name: str, **props: rx.Var | str) -> rx.Component:
    """A 16 px icon as decoration; the control that holds it carries the name."""
    return rx.icon(name, size=16, aria_hidden="true", **props)
