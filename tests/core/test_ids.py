"""Ids sort by time, survive their text form, and refuse everything else."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communicate import ids


class TestNewId:
    def test_later_ids_sort_after_earlier_ones(self):
        start = datetime(2026, 11, 23, tzinfo=UTC)
        made = [ids.new_id(start + timedelta(milliseconds=n)) for n in range(100)]
        assert made == sorted(made)

    def test_it_fits_a_signed_64_bit_key_until_2109(self):
        assert ids.new_id(datetime(2109, 1, 1, tzinfo=UTC)) < 2**63

    def test_two_of_one_millisecond_differ(self):
        now = datetime(2026, 11, 23, tzinfo=UTC)
        assert len({ids.new_id(now) for _ in range(200)}) > 190

    def test_its_time_can_be_read_back(self):
        now = datetime(2026, 11, 23, 12, 30, 1, 250_000, tzinfo=UTC)
        assert ids.time_of(ids.new_id(now)) == now


class TestText:
    @given(st.integers(0, 2**63 - 1))
    def test_every_id_survives(self, number):
        text = ids.encode(number)
        assert len(text) == ids.LENGTH
        assert ids.decode(text) == number

    @given(st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1))
    def test_text_sorts_as_numbers_do(self, one, other):
        assert (ids.encode(one) < ids.encode(other)) == (one < other)

    @pytest.mark.parametrize(
        "text", ["", "0", "0" * 12, "0" * 14, "A" * 13, "l" * 13, "é" * 13, "z" * 13]
    )
    def test_what_was_never_an_id_is_refused(self, text):
        with pytest.raises(ValueError, match="not an id"):
            ids.decode(text)

    def test_a_uid_is_never_zero(self):
        assert all(0 < ids.new_uid() < 2**63 for _ in range(1000))
