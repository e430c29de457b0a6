"""Who visitors say they are, and what proves it (PRODUCT 6.4, 10.2)."""

import hashlib
import hmac
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

from inbox_app.domain.people import clean_email, clean_text, with_ascii_domain

MORE: Final = ("phone", "job_title", "company")
EMAIL_MARK: Final = "email:"
"""Before an address in the text that is signed. An id that begins so is refused: its hash would be an address's."""


@dataclass(frozen=True)
class Claims:
    """A visitor's own words about themselves. An empty field means that nothing was said."""

    name: str = ""
    email: str = ""
    phone: str = ""
    job_title: str = ""
    company: str = ""

    def cleaned(self) -> "Claims":
        """Checked and trimmed. Raises InvalidInput, naming the field."""
        return Claims(
            name=clean_text(self.name, field="name"),
            email=clean_email(self.email) if self.email.strip() else "",
            phone=clean_text(self.phone, field="phone"),
            job_title=clean_text(self.job_title, field="job_title"),
            company=clean_text(self.company, field="company"),
        )

    def __bool__(self) -> bool:
        return any(vars(self).values())

    def over(self, earlier: Mapping[str, str]) -> "Claims":
        """These on top of what was said before."""
        known = {field.name: earlier.get(field.name, "") for field in fields(Claims)}
        return Claims(**known | self.said())

    def said(self) -> dict[str, str]:
        """The fields that hold something."""
        return {name: value for name, value in asdict(self).items() if value}

    def unlike(self, record: Mapping[str, str]) -> "Claims":
        """What the record doesn't say."""
        return Claims(**{name: value for name, value in self.said().items() if record.get(name) != value})


def more_in_chat(said: Mapping[str, str], record: Any, *, keeps_words: bool) -> dict[str, str]:
    """The visitor's phone, job title and company in a chat: as said there, else as the record has them.

    `keeps_words`: the record isn't asked, see `data/past_words.py`.
    """
    return {name: said.get(name) or ("" if keeps_words else getattr(record, name)) for name in MORE}


@dataclass(frozen=True)
class Signature:
    """What the site's server signed, each as hex HMAC-SHA256: `hash` covers `user_id`, `email_hash` the address.

    See `sign` and `sign_email`: neither can stand in for the other.
    """

    user_id: str = ""
    hash: str = ""
    email_hash: str = ""


UNSIGNED: Final = Signature()


@dataclass(frozen=True)
class Proof:
    """What is certain about a browser's visitor: the site's id of the user, an address, or both."""

    user_id: str = ""
    email: str = ""

    def __bool__(self) -> bool:
        return bool(self.user_id or self.email)


def sign(text: str, secret: str) -> str:
    """The hash that the site's server computes of a user's id."""
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def sign_email(email: str, secret: str) -> str:
    """The hash that the site's server computes of an address: of another text than that of an id."""
    return sign(EMAIL_MARK + email, secret)


def is_signed(text: str, signature: str, secrets: Collection[str]) -> bool:
    """Whether one of the secrets signed this text."""
    given = signature.strip().lower().encode(errors="replace")
    return bool(text) and any(hmac.compare_digest(sign(text, secret).encode(), given) for secret in secrets)


def proof_of(signature: Signature, email: str, secrets: Collection[str]) -> Proof | None:
    """What this signature proves; None: one of its hashes is wrong.

    The hash of a user's id says nothing about the address beside it, which the user could change in the browser, nor
    about an address that a user chose as the id. The address is proved if it is signed itself.
    """
    user_id, proved = signature.user_id, Proof()
    if signature.hash:
        if user_id.startswith(EMAIL_MARK) or not is_signed(user_id, signature.hash, secrets):
            return None
        proved = Proof(user_id)
    if signature.email_hash:
        texts = [EMAIL_MARK + spelling for spelling in (email, with_ascii_domain(email))]
        if not email or not any(is_signed(text, signature.email_hash, secrets) for text in texts):
            return None
        proved = Proof(proved.user_id, email)
    return proved
