"""The invitation text of an agent's meeting settings and the tokens in it (PRODUCT 4.2)."""

import re
from collections.abc import Mapping
from typing import Final

TOKENS: Final = ("visitor_name", "agent_name", "company", "date", "time", "video_link")
_TOKEN: Final = re.compile(r"\{(" + "|".join(TOKENS) + r")\}")


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its tokens replaced; what is no token stays as it was typed, what has no value is left out.

    A value is never looked through for tokens: a visitor may be called `{video_link}`.
    """
    return _TOKEN.sub(lambda found: values.get(found[1], ""), text).strip()
