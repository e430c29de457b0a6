"""What a signature proves."""

import pytest

from inbox_app.domain.identity import Proof, Signature, proof_of, sign
from inbox_app.domain.people import clean_email

SECRET = "a secret of the site"
SPELLINGS = ["vera@münchen.example", "vera@xn--mnchen-3ya.example"]


@pytest.mark.parametrize("typed", SPELLINGS)
@pytest.mark.parametrize("signed", SPELLINGS)
def test_an_address_is_proved_in_whichever_spelling_of_its_domain_the_site_signs_it(signed: str, typed: str) -> None:
    email = clean_email(typed)
    assert proof_of(Signature(email_hash=sign(signed, SECRET)), email, [SECRET]) == Proof(email=email)
    by_id = Signature(user_id=signed, hash=sign(signed, SECRET))
    assert proof_of(by_id, email, [SECRET]) == Proof(signed, email)


def test_another_address_is_not_proved() -> None:
    wrong = Signature(email_hash=sign("vera@munchen.example", SECRET))
    assert proof_of(wrong, "vera@münchen.example", [SECRET]) is None


def test_an_address_at_a_similar_domain_is_not_proved() -> None:
    """IDNA 2003 took `straße` for `strasse`; mail goes to a domain of its own (IDNA 2008)."""
    wrong = Signature(email_hash=sign("vera@strasse.example", SECRET))
    assert proof_of(wrong, "vera@straße.example", [SECRET]) is None
