"""About eighty invented visitors: some of whom much is known, some of whom nothing."""

import random
import unicodedata
from dataclasses import dataclass
from typing import Final

from inbox_app.demo import vocabulary as words
from inbox_app.demo.vocabulary import Country

NAMELESS: Final = 31
UMLAUTS: Final = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss"}
CRM_STATUSES: Final = {  # status → (audience of dialogues, weight)
    "Customer": ("customer", 30), "Lead": ("lead", 18), "MQL": ("lead", 14), "Opportunity": ("lead", 10),
    "Partner": ("partner", 9), "Former customer": ("customer", 3), "": ("lead", 16),
}  # fmt: skip


@dataclass(frozen=True)
class Guest:
    """A visitor before a row is made of it. Empty text: not supplied."""

    name: str
    email: str
    phone: str
    job_title: str
    company: str
    crm_status: str
    audience: str
    country: Country
    is_located: bool
    browser: str
    referrer: str
    tags: tuple[str, ...]

    @property
    def language(self) -> str:
        """What this visitor writes: French, or English with an English company."""
        return "fr" if self.country.locale.startswith("fr") else "en"


def guests(dice: random.Random) -> list[Guest]:
    """The named ones by country, then those of whom only the browser is known."""
    named = [_named(name, country, dice) for country in words.COUNTRIES for name in country.people]
    return named + [_nameless(dice) for _ in range(NAMELESS)]


def _named(name: str, country: Country, dice: random.Random) -> Guest:
    status = dice.choices(list(CRM_STATUSES), [weight for _, weight in CRM_STATUSES.values()])[0]
    audience = CRM_STATUSES[status][0]
    company = _company(name, audience, country.locale[:2], dice)
    has_email = bool(status) or dice.random() < 0.6  # whoever is in the CRM is known by an address
    jobs = words.INSTALLER_JOBS if audience == "partner" else words.JOBS
    return Guest(
        name=name, email=_email(name, company, dice) if has_email else "", company=company, crm_status=status,
        phone=_phone(country, dice) if dice.random() < 0.45 else "",
        job_title=dice.choice(jobs) if company and dice.random() < 0.8 else "", audience=audience, country=country,
        is_located=dice.random() < 0.85, browser=dice.choice(words.BROWSERS), referrer=dice.choice(words.REFERRERS),
        tags=("installer",) if audience == "partner" else (("heat pump",) if dice.random() < 0.12 else ()),
    )  # fmt: skip


def _nameless(dice: random.Random) -> Guest:
    country = dice.choice(words.COUNTRIES)
    return Guest(
        name="", email="", phone="", job_title="", company="", crm_status="", audience="lead", country=country,
        is_located=dice.random() < 0.7, browser=dice.choice(words.BROWSERS), referrer=dice.choice(words.REFERRERS),
        tags=(),
    )  # fmt: skip


def _phone(country: Country, dice: random.Random) -> str:
    digits = str(dice.randrange(10**8, 10**9))
    return f"{country.dial}{digits[:2]} {digits[2:5]} {digits[5:]}"


def _company(name: str, audience: str, language: str, dice: random.Random) -> str:
    """The one that bears the family name, if there is one."""
    among = (words.INSTALLERS if audience == "partner" else words.CUSTOMERS)[language]
    family = name.rpartition(" ")[2]
    own = [company for company in among if family in company]
    if own:
        return own[0]
    return dice.choice(among) if audience == "partner" or dice.random() < 0.35 else ""


def _email(name: str, company: str, dice: random.Random) -> str:
    first, _, last = name.partition(" ")
    host = f"{slug(company)}.example" if company else dice.choice(words.MAILBOXES)
    return f"{slug(first)}.{slug(last)}@{host}"


def slug(text: str) -> str:
    """ASCII letters and digits of a name, as addresses have them."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(UMLAUTS)).encode("ascii", "ignore").decode()
    return "".join(letter for letter in plain if letter.isalnum())
