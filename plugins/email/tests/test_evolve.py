"""A site on which mail was tried before it was ready."""

from BTrees.LLBTree import LLBTree
from BTrees.LOBTree import LOBTree

from communicate.sealing.content import Sealed
from communicate.storage import evolve
from communicate_email.content import Leaves, Words
from communicate_email.interfaces import IMailStore
from communicate_email.store import filing, proof
from communicate_email.store.rows import thread_in
from communicate_email.store.words import WORDS, asked


def aged(account):
    """Keep the mail of *account* as it was kept once."""
    account.mails, account.places = LOBTree(account.mails), LOBTree(account.places)
    account.known = LLBTree(account.known)
    account.threads = LOBTree({at: thread_in(one) for at, one in account.threads.items()})
    fresh = LOBTree()
    for page in account.fresh.values():
        for number, envelope in page.sealed.items():
            fresh[number] = old = Words()
            old.sealed = Sealed(int(account.owner), WORDS, envelope)
    account.fresh = fresh
    for box in account.boxes.values():
        first = box.modseq + 1 - len(box.recent) - len(box.log)
        box.log, box.recent = LOBTree(dict(enumerate(filing.lines(box, 0), first))), ()


def changes(_request, account):
    """Return what happened in the inbox, from each change on."""
    inbox = account.box("inbox")
    return [filing.changes(inbox, since) for since in range(inbox.modseq)]


def test_is_brought_to_how_mail_is_kept_now(office):
    for number in range(9):
        office.deliver(office.letter(f"Tilleul {number}", Message_ID=f"<{number}@x.example>"))

    def change(request, account):
        store, inbox = request.find_service(IMailStore), account.box("inbox")
        store.flag(inbox, [2, 3], 1)
        store.expunge(inbox, [4])
        told = changes(request, account)
        aged(account)
        request.root_map["evolve"]["email"] = ()
        return told

    told = office.look("ines", change)
    steps = evolve.run(office.house.registry, evolve.chains({"email": "communicate_email"}))
    assert [str(step) for step in steps] == ["email.leaves"]

    def look(request, account):
        assert list(proof.faults(account)) == []
        assert isinstance(account.mails, Leaves)
        reading = request.find_service(IMailStore).reading(account)
        found = reading.found(reading.search(asked("tilleul")))
        return sorted(one.head.subject for one in found)

    assert office.look("ines", changes) == told
    left = [f"Tilleul {number}" for number in (0, 1, 2, 4, 5, 6, 7, 8)]
    assert office.look("ines", look) == left
    office.deliver(office.letter("Tilleul 9", References="<5@x.example>"))
    assert office.look("ines", look) == [*left, "Tilleul 9"]
