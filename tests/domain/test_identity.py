"""What a signature proves."""

import pytest

from inbox_app.domain.identity import Proof, Signature, proof_of, sign, sign_email
from inbox_app.domain.people import clean_email

SECRET = "a secret of the site"
SPELLINGS = ["vera@münchen.example", "vera@xn--mnchen-3ya.example"]


@pytest.mark.parametrize("typed", SPELLINGS)
@pytest.mark.parametrize("signed", SPELLINGS)
def test_an_address_is_proved_in_whichever_spelling_of_its_domain_the_site_signs_it(signed: str, typed: str) -> None:
    email = clean_email(typed)
    assert proof_of(Signature(email_hash=sign_email(signed, SECRET)), email, [SECRET]) == Proof(email=email)


def test_a_user_who_chose_an_address_as_id_does_not_prove_the_address() -> None:
    hash_of_id = sign("vera@acme.com", SECRET)
    by_id = Signature(user_id="vera@acme.com", hash=hash_of_id)
    assert proof_of(by_id, "vera@acme.com", [SECRET]) == Proof("vera@acme.com")
    for replayed in (Signature(email_hash=hash_of_id), Signature("vera@acme.com", hash_of_id, hash_of_id)):
        assert proof_of(replayed, "vera@acme.com", [SECRET]) is None


def test_a_signed_address_is_no_signed_id() -> None:
    replayed = Signature(user_id="vera@acme.com", hash=sign_email("vera@acme.com", SECRET))
    assert proof_of(replayed, "vera@acme.com", [SECRET]) is None


def test_an_id_that_looks_like_the_text_of_a_signed_address_is_refused() -> None:
    chosen = "email:vera@acme.com"
    assert proof_of(Signature(chosen, sign(chosen, SECRET)), "", [SECRET]) is None


def test_another_address_is_not_proved() -> None:
    wrong = Signature(email_hash=sign_email("vera@munchen.example", SECRET))
    assert proof_of(wrong, "vera@münchen.example", [SECRET]) is None


def test_an_address_at_a_similar_domain_is_not_proved() -> None:
    """IDNA 2003 took `straße` for `strasse`; mail goes to a domain of its own (IDNA 2008)."""
    wrong = Signature(email_hash=sign_email("vera@strasse.example", SECRET))
    assert proof_of(wrong, "vera@straße.example", [SECRET]) is None
