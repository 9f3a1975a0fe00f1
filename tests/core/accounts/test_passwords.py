from typing import Any

import pytest
from argon2 import PasswordHasher

from communicate.accounts.passwords import (
    Passwords,
    WeakPassword,
    check_strength,
    hasher_for,
)

LIGHT = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)


class Counting(PasswordHasher):
    """Counts how often a password is worked on."""

    verified = 0

    def verify(self, *args: Any, **kwargs: Any) -> Any:
        self.verified += 1
        return super().verify(*args, **kwargs)


@pytest.fixture
def passwords() -> Passwords:
    return Passwords(LIGHT)


class TestHash:
    def test_it_is_argon2id(self, passwords: Passwords) -> None:
        assert passwords.hash("secret words here").startswith("$argon2id$")

    def test_production_follows_rfc_9106(self) -> None:
        hasher = hasher_for({"communicate.mode": "production"})
        assert (hasher.memory_cost, hasher.time_cost, hasher.parallelism) == (65536, 3, 4)

    def test_the_same_password_never_gives_the_same_hash(self, passwords: Passwords) -> None:
        assert passwords.hash("same words") != passwords.hash("same words")


class TestVerify:
    def test_the_right_one_is_right_and_a_wrong_one_wrong(self, passwords: Passwords) -> None:
        stored = passwords.hash("right words")
        assert passwords.verify(stored, "right words").right
        assert not passwords.verify(stored, "wrong words").right

    def test_the_same_letters_composed_otherwise_are_right(self, passwords: Passwords) -> None:
        assert passwords.verify(passwords.hash("été"), "été").right

    def test_no_account_costs_one_verification_and_is_never_right(self) -> None:
        hasher = Counting(time_cost=1, memory_cost=1024, parallelism=1)
        passwords = Passwords(hasher)
        assert not passwords.verify(None, "anything").right
        assert hasher.verified == 1
        passwords.verify(passwords.hash("x"), "y")
        assert hasher.verified == 2

    def test_a_hash_of_older_parameters_is_renewed(self, passwords: Passwords) -> None:
        old = Passwords(PasswordHasher(time_cost=1, memory_cost=512, parallelism=1)).hash("words")
        verdict = passwords.verify(old, "words")
        assert verdict.right
        assert verdict.rehashed is not None
        assert passwords.verify(verdict.rehashed, "words").rehashed is None

    def test_a_damaged_hash_is_wrong_not_an_error(self, passwords: Passwords) -> None:
        assert not passwords.verify("$argon2id$nonsense", "words").right


class TestStrength:
    @pytest.mark.parametrize("password", ["short", "password123", "aaaaaaaaaaaa", "qwertyuiop12"])
    def test_what_is_easy_to_guess_is_refused(self, password: str) -> None:
        with pytest.raises(WeakPassword):
            check_strength(password)

    def test_the_members_own_words_make_it_easy(self) -> None:
        check_strength("morvanclairette")
        with pytest.raises(WeakPassword):
            check_strength("morvanclairette", ["morvan.clairette@example.org"])

    def test_several_words_are_good_and_long_ones_too(self) -> None:
        check_strength("le tilleul penche vers le canal")
        check_strength("le tilleul penche vers le canal " * 8)

    def test_endless_ones_are_refused(self) -> None:
        with pytest.raises(WeakPassword, match="at most 256"):
            check_strength("x" * 257)
