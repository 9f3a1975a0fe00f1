import pytest
from cryptography.exceptions import InvalidTag

from communicate.sealing.keys import MADE, MemberKey, unwrap, wrap

MASTER = bytes(range(32, 64))


class TestMemberKey:
    def test_each_label_has_a_key_of_its_own(self, key):
        drawn = {key.for_use(label) for label in ("cookie", "members.login", "cookie ")}
        assert len(drawn) == 3
        assert key.secret not in drawn

    def test_a_label_has_the_same_key_again(self, key):
        assert (
            key.for_use("cookie")
            == key.for_use("cookie")
            == MemberKey(key.secret).for_use("cookie")
        )

    def test_what_was_made_under_it_is_bounded(self, key):
        for number in range(3 * MADE + 1):
            key.keep(number, str(number))
            assert key.made[number] == str(number)
            assert len(key.made) <= MADE

    def test_its_repr_shows_no_secret(self, key):
        assert repr(key) == f"<MemberKey {key.id.hex()}>"
        assert key.secret.hex() not in repr(key)


class TestWrapping:
    def test_a_wrapped_key_comes_back(self, key):
        assert unwrap(MASTER, 7, wrap(MASTER, 7, key.secret)) == key.secret

    def test_two_wrappings_differ(self, key):
        assert wrap(MASTER, 7, key.secret) != wrap(MASTER, 7, key.secret)

    def test_it_belongs_to_its_member(self, key):
        with pytest.raises(InvalidTag):
            unwrap(MASTER, 8, wrap(MASTER, 7, key.secret))

    def test_another_master_key_does_not_open_it(self, key):
        with pytest.raises(InvalidTag):
            unwrap(bytes(32), 7, wrap(MASTER, 7, key.secret))

    def test_every_changed_byte_is_noticed(self, key):
        wrapped = wrap(MASTER, 7, key.secret)
        for at in range(len(wrapped)):
            changed = bytearray(wrapped)
            changed[at] ^= 1
            with pytest.raises(InvalidTag):
                unwrap(MASTER, 7, bytes(changed))
