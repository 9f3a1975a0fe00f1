import pytest
from hypothesis import given
from hypothesis import strategies as st

from communicate.sealing.envelope import OVERHEAD, open_envelope, seal_envelope
from communicate.sealing.errors import Destroyed, SealBroken, SealError
from communicate.sealing.keys import MemberKey

KEY = MemberKey(bytes(range(32)))
UIDS = st.integers(0, 2**63 - 1)


class TestRoundTrip:
    @given(uid=UIDS, kind=st.text(max_size=40), data=st.binary(max_size=5000))
    def test_what_was_sealed_comes_back(self, uid, kind, data):
        sealed = seal_envelope(KEY, uid, kind, data)
        assert open_envelope(KEY, uid, kind, sealed) == data
        assert len(sealed) == len(data) + OVERHEAD

    def test_nothing_of_the_text_is_left_to_see(self):
        assert b"secret words" not in seal_envelope(KEY, 7, "post", b"secret words")

    def test_the_same_text_is_never_sealed_the_same_way(self):
        assert len({seal_envelope(KEY, 7, "post", b"yes") for _ in range(1000)}) == 1000


class TestTampering:
    def test_every_flipped_bit_is_noticed(self):
        sealed = seal_envelope(KEY, 7, "post", b"text")
        for bit in range(len(sealed) * 8):
            changed = bytearray(sealed)
            changed[bit // 8] ^= 1 << bit % 8
            with pytest.raises(SealError):
                open_envelope(KEY, 7, "post", bytes(changed))

    def test_every_cut_is_noticed(self):
        sealed = seal_envelope(KEY, 7, "post", b"text")
        for length in range(len(sealed)):
            with pytest.raises(SealBroken):
                open_envelope(KEY, 7, "post", sealed[:length])

    def test_an_added_byte_is_noticed(self):
        with pytest.raises(SealBroken):
            open_envelope(KEY, 7, "post", seal_envelope(KEY, 7, "post", b"text") + b"\0")

    @given(junk=st.binary(max_size=200))
    def test_junk_is_no_envelope(self, junk):
        with pytest.raises(SealError):
            open_envelope(KEY, 7, "post", junk)

    def test_another_version_is_refused(self):
        sealed = seal_envelope(KEY, 7, "post", b"text")
        with pytest.raises(SealBroken, match="version 1"):
            open_envelope(KEY, 7, "post", b"\x02" + sealed[1:])


class TestBinding:
    def test_another_owner_does_not_open_it(self):
        with pytest.raises(SealBroken, match="sealed for 8 as post"):
            open_envelope(KEY, 8, "post", seal_envelope(KEY, 7, "post", b"text"))

    def test_another_kind_does_not_open_it(self):
        with pytest.raises(SealBroken, match="sealed for 7 as mail"):
            open_envelope(KEY, 7, "mail", seal_envelope(KEY, 7, "post", b"text"))

    def test_a_seal_by_an_earlier_key_reads_as_destroyed(self):
        sealed = seal_envelope(KEY, 7, "post", b"text")
        with pytest.raises(Destroyed) as caught:
            open_envelope(MemberKey(bytes(32)), 7, "post", sealed)
        assert caught.value.uid == 7
