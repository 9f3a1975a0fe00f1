"""Rows packed into bytes: few are found where they stand, many are unpacked together."""

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from communicate_email.store import rows as rowing
from communicate_email.store.rows import Row

UIDS = st.sets(st.integers(1, 400), max_size=300)


def row(uid):
    return Row(uid, 1, uid * 7, rowing.SEEN, 1_700_000_000_000 + uid, 100, uid, 9)


@given(UIDS, UIDS)
def test_those_that_are_there_are_found_in_order(there, wanted):
    box = SimpleNamespace(rows={})
    rowing.put(box, map(row, sorted(there)))
    found = list(rowing.some(box, wanted))
    assert found == [row(uid) for uid in sorted(there & wanted)]
    assert all(isinstance(each, Row) for each in found)


@given(UIDS, st.integers(0, 401))
def test_one_is_found_or_is_not_there(there, uid):
    box = SimpleNamespace(rows={})
    rowing.put(box, map(row, sorted(there)))
    assert rowing.one(box, uid) == (row(uid) if uid in there else None)
