"""Junk and trash come to their end."""

from communicate_email.interfaces import IMailStore
from communicate_email.letters import Letter
from communicate_email.store import sweeping


def test_what_lay_there_for_its_days_is_destroyed_and_nothing_else(fresh_office, monkeypatch):
    monkeypatch.setattr(sweeping, "BATCH", 2)
    office = fresh_office(**{"email.junk_days": 5, "email.trash_days": 10})
    junk = Letter(office.letter("Gagnez").raw, junk=True)
    for _ in range(5):
        office.deliver(junk, "ines")
    office.deliver(office.letter("Vieux"), "ines", "paul")
    office.pass_time(days=4)
    office.deliver(junk, "ines")

    def throw(request):
        store = request.find_service(IMailStore)
        store.throw_away(store.account(office.uids["ines"]).box("inbox"), [1])

    office.do(throw)
    office.run_all()
    assert len(office.rows("ines", "junk")) == 6
    office.pass_time(days=2)
    office.run_all()
    assert [row.uid for row in office.rows("ines", "junk")] == [6]
    assert len(office.rows("ines", "trash")) == 1
    office.pass_time(days=9)
    office.run_all()
    assert office.rows("ines", "junk") == office.rows("ines", "trash") == []
    assert office.look("ines", lambda _request, held: len(held.mails)) == 0
    assert len(office.rows("paul")) == 1
