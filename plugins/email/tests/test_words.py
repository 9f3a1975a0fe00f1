"""The words of messages come and go with them, whatever is done at the same time."""

import threading

import pytest

from communicate_email.interfaces import IMailStore
from communicate_email.store import proof
from communicate_email.store.services import Incoming
from communicate_email.store.words import BESIDE, TOGETHER, Search, asked


def message(number):
    """Return a message with a word of its own, and one that others have too."""
    text = f"Message-ID: <{number}@x.example>\r\nSubject: commun seul{number}\r\n\r\nTexte.\r\n"
    return Incoming(text.encode())


class Desk:
    """The mail of ines, and what two do with it at once."""

    def __init__(self, office):
        self.office = office

    def do(self, func):
        """Return what *func* does with the store and the account."""

        def act(request):
            store = request.find_service(IMailStore)
            return func(store, store.opened(self.office.uids["ines"]))

        return self.office.house.work(act)

    def begin(self, count):
        """Have *count* messages come into the inbox; return their uids."""
        letters = [message(number) for number in range(count)]
        return self.do(lambda store, account: store.append(account.box("inbox"), letters))

    def aside(self, func):
        """Do *func* in a transaction of its own, now."""
        thread = threading.Thread(target=self.do, args=(func,))
        thread.start()
        thread.join(60)
        assert not thread.is_alive()

    def beside(self, first, second):
        """Do *first*, and *second* in the middle of its first try, which is in vain or not."""
        begun = []

        def act(store, account):
            if not begun:
                begun.extend(page.sealed for page in account.fresh.values())  # as it is now
                self.aside(second)
            return first(store, account)

        return self.do(act)

    def kept(self):
        """Return the words in *commun*'s company that are kept, of whichever messages."""

        def texts(request, account):
            assert list(proof.faults(account)) == []
            return sorted(
                word.decode()
                for text in Search(request, account)._texts()
                for word in text.split()
                if word.startswith(b"seul")
            )

        return self.office.look("ines", texts)

    def found(self):
        """Return how many messages a search finds, and how many there are."""

        def both(store, account):
            return len(store.reading(account).search(asked("commun"))), len(account.mails)

        return self.do(both)


@pytest.fixture
def desk(fresh_office):
    """Return the mail of ines, who has none yet."""
    return Desk(fresh_office())


def words(*numbers):
    return sorted(f"seul{number}" for number in numbers)


def test_of_what_comes_at_once_into_two_folders_they_go_with_each(desk):
    desk.begin(BESIDE)
    begun = []

    def several(store, account):
        store.append(account.box("sent"), [message(number) for number in range(10, 14)])

    def archive(store, account):
        def each():
            for number in range(20, 24):
                if number == 22 and not begun:
                    begun.append(number)
                    desk.aside(several)
                yield message(number)

        return store.append(account.box("archive"), each())

    desk.do(archive)
    assert desk.found() == (16, 16)

    def clear(store, account):
        for name in ("archive", "inbox"):
            store.expunge(account.box(name), range(1, 100))

    desk.do(clear)
    assert desk.kept() == words(*range(10, 14))
    assert desk.found() == (4, 4)
    desk.do(lambda store, account: store.expunge(account.box("sent"), range(1, 100)))
    assert desk.kept() == []


def test_what_goes_while_they_are_put_into_a_bag_leaves_none_there(desk):
    uids = desk.begin(TOGETHER)

    def another(store, account):
        store.append(account.box("sent"), [message(100)])

    desk.beside(another, lambda store, account: store.expunge(account.box("inbox"), uids[:1]))
    assert desk.kept() == words(*range(1, TOGETHER), 100)
    assert desk.found() == (TOGETHER, TOGETHER)


def test_what_comes_while_the_last_of_a_page_goes_is_found(desk):
    uids = desk.begin(1)

    def another(store, account):
        store.append(account.box("sent"), [message(100)])

    def clear(store, account):
        store.expunge(account.box("inbox"), uids)

    desk.beside(clear, another)
    assert desk.kept() == words(100)
    assert desk.found() == (1, 1)


def test_what_lies_in_the_bag_before_its_own_goes_from_there(desk):
    desk.begin(1)

    def bags(request, account):
        search = Search(request, account)
        for key, numbers in {10: (10, 30), 20: (20, 40), 50: (50,)}.items():
            search._write(key, b"\n".join([b"", *(b"%016x seul%d " % (n, n) for n in numbers)]))
        search.drop([30, 50, 20, 999])
        return [search._opened(bag).split()[1::2] for bag in account.bags.values()]

    assert desk.office.look("ines", bags) == [[b"seul10"], [b"seul40"]]
