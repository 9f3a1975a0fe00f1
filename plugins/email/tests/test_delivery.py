"""Letters into mailboxes: what is stored, for whom, and what becomes of the rest."""

from communicate.interfaces import IContacts
from communicate_email.interfaces import IDelivery
from communicate_email.letters import Letter, Outcome
from communicate_email.store.reading import Reading

DOMAIN = "tilleuls.example"


def raw(office, login, number=-1, role="inbox"):
    """Return the bytes of a message of *login*."""
    row = office.rows(login, role)[number]
    return office.look(login, lambda request, held: Reading(request, held).raw(row.id))


def test_a_letter_is_in_the_inbox_as_it_came_below_what_says_by_which_way(office):
    sent = office.letter("Un banc")
    found = office.deliver(sent, "ines")
    assert found == {f"ines@{DOMAIN}": Outcome.STORED}
    kept = raw(office, "ines")
    top = f"Return-Path: <luce@elsewhere.example>\r\nDelivered-To: ines@{DOMAIN}\r\n".encode()
    assert kept == top + sent.raw
    row = office.rows("ines")[-1]
    assert (row.size, row.flags) == (len(kept), 0)


def test_what_those_put_on_top_who_looked_at_it_is_kept_and_junk_is_apart(office):
    sent = office.letter("Gagnez")
    marked = Letter(sent.raw, "x@y.example", headers=(b"X-Looked: yes\r\n",), junk=True)
    office.deliver(marked, "zoe")
    assert not office.rows("zoe", "inbox")
    assert b"\r\nX-Looked: yes\r\nFrom: " in raw(office, "zoe", role="junk")


def test_each_recipient_has_an_outcome_and_each_member_one_copy(office):
    before = len(office.rows("paul"))
    to = ["paul", f"PAUL+bois@{DOMAIN.upper()}", "nobody.here", "paul@elsewhere.example", "zoe"]
    found = office.deliver(office.letter("À deux"), *to)
    stored = {one for one, outcome in found.items() if outcome is Outcome.STORED}
    assert stored == {f"paul@{DOMAIN}", f"PAUL+bois@{DOMAIN.upper()}", f"zoe@{DOMAIN}"}
    assert {found[one] for one in found.keys() - stored} == {Outcome.UNKNOWN}
    assert len(office.rows("paul")) == before + 1


def test_several_letters_of_one_transaction_have_uids_in_their_order(office):
    before = len(office.rows("zoe"))

    def three(request):
        post = request.find_service(IDelivery)
        for number in range(3):
            post.deliver(office.letter(f"Lettre {number}"), [f"zoe@{DOMAIN}"])

    office.do(three)
    uids = [row.uid for row in office.rows("zoe")]
    assert len(uids) == before + 3
    assert uids == list(range(uids[0], uids[0] + len(uids)))
    assert b"Lettre 2" in raw(office, "zoe")


def test_what_was_here_before_or_goes_round_in_circles_is_told(office):
    again = office.letter("Encore", Delivered_To=f"Ines@{DOMAIN}")
    assert office.deliver(again, "ines") == {f"ines@{DOMAIN}": Outcome.LOOP}
    round_ = office.letter("Rond")
    many = Letter(b"Received: from a by b\r\n" * 51 + round_.raw)
    assert office.deliver(many, "paul") == {f"paul@{DOMAIN}": Outcome.LOOP}
    in_the_body = office.letter("Cité", body=f"Delivered-To: ines@{DOMAIN}\nfin")
    assert office.deliver(in_the_body, "ines") == {f"ines@{DOMAIN}": Outcome.STORED}


def test_a_large_letter_is_a_sealed_file_and_reads_alike(office):
    sent = office.letter("Grand", body="une ligne de plus\n" * 20_000)
    office.deliver(sent, "paul")
    assert raw(office, "paul").endswith(sent.raw)
    row = office.rows("paul")[-1]

    def part(request, held):
        return b"".join(Reading(request, held).pieces(row.id, row.size - 30, row.size - 10))

    assert office.look("paul", part) == sent.raw[-30:-10]


def test_where_there_is_no_room_the_letter_is_not_kept_and_nothing_counts(fresh_office):
    office = fresh_office(quota="64 KB")
    assert office.deliver(office.letter("Petit")) == {f"ines@{DOMAIN}": Outcome.STORED}
    big = office.letter("Gros", body="x" * 60 + "\n" * 1, X_Long="y" * 70_000)
    assert office.deliver(big, "ines", "paul") == {
        f"ines@{DOMAIN}": Outcome.FULL,
        f"paul@{DOMAIN}": Outcome.FULL,
    }
    assert len(office.rows("ines")) == 1
    held = office.look("ines", lambda _request, held: (len(held.mails), len(held.fresh)))
    assert held == (1, 1)


def test_who_is_blocked_reaches_nobody_and_is_not_told(fresh_office):
    office = fresh_office()
    office.do(
        lambda request: request.find_service(IContacts).block(
            office.uids["zoe"], office.uids["paul"]
        )
    )
    sent = Letter(office.letter("Coucou").raw, author=office.uids["paul"])
    assert office.deliver(sent, "zoe", "ines") == {
        f"zoe@{DOMAIN}": Outcome.STORED,
        f"ines@{DOMAIN}": Outcome.STORED,
    }
    assert len(office.rows("ines")) == 1
    assert office.look("zoe", lambda _request, held: held) is None


def test_a_delivery_that_meets_another_one_is_tried_again_and_no_uid_is_doubled(office):
    """The second transaction began before the first was committed."""
    before = len(office.rows("ines"))
    once = []

    def slow(request):
        found = request.find_service(IDelivery).deliver(
            office.letter("La lente"), [f"ines@{DOMAIN}"]
        )
        if not once:
            once.append(True)
            office.deliver(office.letter("La rapide"), "ines")
        return found

    office.do(slow)
    rows_ = office.rows("ines")
    assert len(rows_) == before + 2
    assert len({row.uid for row in rows_}) == len(rows_)
    assert b"La lente" in raw(office, "ines")
    assert b"La rapide" in raw(office, "ines", -2)


def test_nothing_of_a_letter_is_in_the_tree_in_clear(office):
    office.deliver(office.letter("Mirabelle", body="quetsche"), "ines")

    files = [path for path in office.house.folder.rglob("*") if path.is_file()]
    data = b"".join(path.read_bytes() for path in files)
    assert len(data) > 10_000
    for word in (b"Mirabelle", b"mirabelle", b"quetsche", b"luce@elsewhere", b"Archive"):
        assert word not in data
