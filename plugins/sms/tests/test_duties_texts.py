"""What conversations hold of members goes home with them, comes back, and is erased."""

import pytest

from communicate.mydata.importing import bring_back
from communicate.testing import kit, promises
from communicate.testing.archives import exported
from communicate_sms import states
from communicate_sms.queue import Queue
from communicate_sms.reach import ToNumber
from communicate_sms.transports.passing import Receipt

from .correspondents import LEA, NUMBERS, OMAR, People

DAY = 86_400_000


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    """Yield people who have written to each other."""
    made = People(tmp_path_factory.mktemp("site"))
    made.send("ines", LEA, "Héliotrope")
    made.send("ines", made.to("paul"), "Pivoine")
    made.come("paul", made.to("ines"), "Jonquille")
    made.come("ines", LEA, "Anémone")
    made.drain()
    yield made
    made.close()


def test_what_is_kept_is_declared_and_nothing_is_in_clear(people):
    words = ("Héliotrope", "Pivoine", "Jonquille", "Anémone", LEA.e164, *NUMBERS.values())
    assert promises.undeclared(people.house, "sms", words=words) == []
    assert kit.intruders(people.house) == []


def test_an_archive_has_what_one_wrote_and_received_and_no_number_that_is_not_told(people):
    at = people.do(lambda texts: texts.queue.now) + DAY
    people.send("ines", people.to("paul"), "Demain", at)
    archive = exported(people.house, "ines")
    assert archive.failed == {}
    assert NUMBERS["paul"] not in archive.text
    written = {row["text"]: row for row in archive.records("sms", "written")}
    assert (written["Héliotrope"]["to"], written["Pivoine"]["to"]) == (LEA.e164, "paul")
    assert written["Héliotrope"]["before"] == "ines: "
    assert [row["text"] for row in archive.records("sms", "came")] == ["Anémone"]
    assert [row["text"] for row in archive.records("sms", "waiting")] == ["Demain"]
    answers = exported(people.house, "paul").records("sms", "answers")
    assert ("ines", "Jonquille") in [(row["by"], row["text"]) for row in answers]


@pytest.mark.parametrize("guess", ["paul", "zoe"])
def test_an_archive_does_not_tell_whose_a_number_is_that_is_guessed(people, guess):
    login = f"devin{guess}"
    people.uids[login] = people.house.member(login)
    people.has(login, "+33655555555")
    seen = []
    for to in (people.to("paul"), ToNumber(NUMBERS[guess]), people.to("paul")):
        people.send(login, to, "Bonjour")
        people.drain()
        rows = exported(people.house, login).records("sms", "numbers")
        seen.append(sorted(row["number"] is not None for row in rows))
    assert seen == [[False], [False, True], [False, True]]


def test_export_import_and_export_again_are_alike_and_nothing_leaves_again(
    people, tmp_path_factory
):
    def receipt(request):
        queue = Queue(request)
        for message in queue.tree.messages.values():
            queue.receive(message, Receipt(states.DELIVERED))

    people.house.work(receipt)
    first = exported(people.house, "ines")
    folder = tmp_path_factory.mktemp("other")
    (folder / "home.zip").write_bytes(first.data)
    other = People(folder / "site")
    try:
        bring_back(other.house.registry, folder / "home.zip", "hugo")
        again = exported(other.house, "hugo")
        there = [row for row in first.records("sms", "written") if row["to"] != "paul"]
        assert again.records("sms", "written") == there
        assert again.records("sms", "came") == first.records("sms", "came")
        assert other.drain() == []
        assert other.said("hugo", LEA)[-2:] == ["Héliotrope", "Anémone"]
        assert other.unread("hugo") == 0
        other.send("hugo", LEA, "D'ailleurs")
        assert "STOP" in other.drain()[0]  # this site has not told yet how to stop
    finally:
        other.close()


def test_what_is_no_number_in_an_archive_is_refused(people):
    from communicate_sms.exporting import Restoring

    class Archive:
        here = False

        def text(self, value, _longest):
            return value

    class Member:
        uid = people.uids["zoe"]

    def read(request, name):
        Member.request = request
        return Restoring(Member, Archive())._whom(name)

    for name in ("+33", "+3361234567890123", "+1900555"):
        with pytest.raises(ValueError, match=r"number|digits|country"):
            people.house.work(lambda request, name=name: read(request, name))
    assert people.house.work(lambda request: read(request, "paul")) is None


def test_who_is_erased_is_named_nowhere_and_what_was_written_to_them_stays_its_authors(people):
    people.send("zoe", people.to("paul"), "Pour Paul")
    people.come("zoe", people.to("paul"), "De Paul")
    at = people.do(lambda texts: texts.queue.now) + DAY
    people.send("zoe", people.to("paul"), "Plus tard", at)
    uid = people.uids["zoe"]
    assert promises.forgotten(people.house, "sms", "paul") == []

    def left(texts):
        return [
            (texts.name(talk), [line.text for line in texts.lines(talk)])
            for talk in texts.talks(uid)
        ]

    assert people.do(left) == [((None, None, None), ["Pour Paul"])]
    people.later(days=2)
    assert "zoe: Plus tard" not in people.drain()


def test_who_has_very_much_is_erased_in_batches(people):
    uid = people.uids["ines"]

    def fill(texts):
        for one in range(450):
            texts.receive(uid, OMAR, f"{one}", texts.queue.now)

    people.do(fill)
    assert promises.forgotten(people.house, "sms", "ines") == []
