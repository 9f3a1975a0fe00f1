"""Many do something with one mailbox at once: nothing is lost, doubled, or counted wrong."""

import threading
from collections import Counter

import pytest

from communicate.interfaces import IQuota
from communicate.storage.work import work
from communicate_email.interfaces import IDelivery, IMailStore
from communicate_email.store import proof, rows
from communicate_email.store.boxes import account_of

from .conftest import DOMAIN

EACH = 25


class Crowd:
    """Threads that each do their part, and what they raised."""

    def __init__(self, office):
        self.office, self.raised = office, []
        self.uid = office.uids["ines"]

    def run(self, *parts):
        """Run each of *parts*, a function of its number, side by side; raise what one raised."""
        ready = threading.Barrier(len(parts))

        def do(number, part):
            ready.wait(60)
            try:
                part(number)
            except BaseException as error:
                self.raised.append(error)

        threads = [threading.Thread(target=do, args=each) for each in enumerate(parts)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(240)
            assert not thread.is_alive()
        assert self.raised == []

    def work(self, func):
        """Return what *func* does with the store and the account, however many are in the way."""

        def act(request):
            store = request.find_service(IMailStore)
            return func(store, store.opened(self.uid))

        return work(self.office.house.registry, act, tries=200)

    # What they do

    def deliver(self, number):
        """Have letters come in."""
        for each in range(EACH):
            letter = self.office.letter(f"n{number}-{each}", Message_ID=f"<{number}-{each}@x>")

            def bring(request, letter=letter):
                return request.find_service(IDelivery).deliver(letter, [f"ines@{DOMAIN}"])

            found = work(self.office.house.registry, bring, tries=200)
            assert [one.value for one in found.values()] == ["stored"]

    def flag(self, _number):
        """Mark what is there, and look at pages of it."""
        for _ in range(EACH):
            self.work(lambda store, held: store.flag(held.box("inbox"), uids(held), rows.SEEN))
            self.work(lambda store, held: store.reading(held).page(held.box("inbox")))

    def move(self, _number):
        """Move some away, and one back."""
        for _ in range(EACH):

            def some(store, held):
                inbox, archive = held.box("inbox"), held.box("archive")
                store.move(inbox, uids(held)[:2], archive)
                store.copy(archive, uids(held, "archive")[:1], held.box("drafts"))

            self.work(some)


def uids(account, role="inbox"):
    return [row.uid for row in rows.every(account.box(role))]


@pytest.fixture
def crowd(fresh_office):
    """Return a crowd at a post office that has room."""
    office = fresh_office()
    office.deliver(office.letter("first", Message_ID="<first@x>"))
    return Crowd(office)


def state(crowd):
    """Return what does not add up, the subjects by folder, and uid_next of the inbox."""

    def look(request):
        account = account_of(request, crowd.uid)
        reading = request.find_service(IMailStore).reading(account)
        subjects = {
            role: [
                reading.heads(account.box(role), [uid])[uid].subject for uid in uids(account, role)
            ]
            for role in ("inbox", "archive", "drafts")
        }
        kept = sum(mail.size for mail in account.mails.values())
        used = request.find_service(IQuota).used(crowd.uid)
        return list(proof.faults(account)), subjects, account.box("inbox").uid_next, kept - used

    return crowd.office.do(look)


@pytest.mark.slow
def test_what_many_do_at_once_adds_up(crowd):
    crowd.run(crowd.deliver, crowd.deliver, crowd.deliver, crowd.flag, crowd.move)
    wrong, subjects, uid_next, missing = state(crowd)
    assert (wrong, missing) == ([], 0)
    came = Counter([*subjects["inbox"], *subjects["archive"]])
    assert came == Counter(
        ["first", *(f"n{one}-{each}" for one in range(3) for each in range(EACH))]
    )
    assert uid_next == 2 + 3 * EACH  # each was given one, and none was given twice
    assert proof.adds_up(crowd.office.house.registry) is None


def test_room_is_never_exceeded_by_those_who_come_at_once(fresh_office):
    office = fresh_office(quota="64 KB")
    crowd = Crowd(office)
    said = []

    def bring(number):
        for each in range(4):
            letter = office.letter(f"n{number}-{each}", body="Le tilleul penche. " * 500)

            def deliver(request, letter=letter):
                return request.find_service(IDelivery).deliver(letter, [f"ines@{DOMAIN}"])

            found = work(office.house.registry, deliver, tries=200)
            said.extend(outcome.value for outcome in found.values())

    crowd.run(*[bring] * 4)
    wrong, subjects, _next, missing = state(crowd)
    assert (wrong, missing) == ([], 0)
    assert Counter(said) == {"stored": 6, "full": 10}
    assert len(subjects["inbox"]) == 6
    assert office.do(lambda r: r.find_service(IQuota).used(crowd.uid)) <= 64 * 1024


def test_what_does_not_add_up_is_told(crowd):
    registry = crowd.office.house.registry
    assert proof.adds_up(registry) is None

    def spoil(_store, held):
        held.box("inbox").count += 1

    crowd.work(spoil)
    found = proof.adds_up(registry)
    assert found.mapping == {"n": 1, "what": "count of a folder"}


@pytest.mark.parametrize("part", ["count", "size", "unseen", "uid_next", "modseq"])
def test_each_number_is_looked_at(crowd, part):
    def spoil(_store, held):
        box = held.box("inbox")
        setattr(box, part, 1 if part == "uid_next" else getattr(box, part) - 1)
        return len(list(proof.faults(held)))

    assert crowd.work(spoil) >= 1
