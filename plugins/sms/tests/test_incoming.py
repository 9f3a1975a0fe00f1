"""An answer from a telephone finds the one whom it is for, once, or nobody."""

import base64
import hashlib
import hmac
import threading
import time
from contextlib import suppress
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from webtest import TestApp

from communicate.audience import MEMBERS
from communicate.clock import at, milliseconds, now
from communicate.interfaces import IContacts, ILimits, IMembers, ISeals
from communicate.testing import promises
from communicate_sms import answers, gateway, incoming, states, tokens, writers
from communicate_sms.books import made_book
from communicate_sms.brought import Brought
from communicate_sms.content import Number
from communicate_sms.interfaces import INumbers, ITexts
from communicate_sms.numbering import Numbering
from communicate_sms.numbers import Unfit
from communicate_sms.pieces import Table
from communicate_sms.queue import NUMBER, Queue, exchange_of
from communicate_sms.reach import ToMember, ToNumber
from communicate_sms.runner import Runner
from communicate_sms.transports.passing import Call, Incoming, Part, Receipt, Unreadable
from communicate_sms.ways import Way as Way_
from communicate_sms.ways import calling

from .conftest import SECRET, Way, forget_all

LEA = "+33612345678"
OMAR = "+33687654321"


class Exchange:
    """Members who write, telephones that answer, and who read what."""

    def __init__(self, house):
        self.house = house
        self.way = Way("k")
        self.runner = Runner(house.registry, {"k": self.way}, {"k": "x"}, "")
        self.count = 0

    def write(self, uid, to=LEA, *, days=0):
        """Have *uid* write to the number or member *to*, so many days ago."""

        def queue(request):
            with at(request, now(request) - timedelta(days=days)):
                Queue(request).add(uid, to, "Bonjour")
                Queue(request).take("test", 10, timedelta(minutes=2))

        self.house.work(queue)

    def bring(self, text, sender=LEA, **more):
        """Bring *text* from *sender*."""
        self.count += 1
        what = Incoming(sender, "38000", text, more.pop("reference", f"id-{self.count}"), **more)
        self.house.work(lambda request: incoming.take_in(request, "k", what))

    def read(self, uid, *, days=0):
        """Return what *uid* was given, in whichever conversation: (with whom, text)."""

        def look(request):
            texts, found = request.find_service(ITexts), []
            with at(request, now(request) + timedelta(days=days)):
                for talk in texts.talks(uid):
                    name = texts.name(talk)
                    lines = [line.text for line in texts.lines(talk) if not line.mine]
                    found += [(name.login or name.e164, text) for text in lines]
            return found

        return self.house.work(look)

    def answers(self):
        """Return what the site says to telephones: (number, text)."""
        self.runner.drain()
        return [(sent.number, sent.text) for sent in self.way.taken if sent.text != "Bonjour"]

    def prove(self, uid, number):
        """Have *number* be the proven one of *uid*, who lets members write to it."""

        def store(request):
            numbering, book = Numbering(request), made_book(request, uid)
            key = numbering._key(number)
            sealed = request.find_service(ISeals).seal(uid, NUMBER, number)
            book.number = Number(sealed, key, milliseconds(now(request)))
            book.open_to = MEMBERS
            numbering.tree.owners[key] = uid

        self.house.work(store)

    def clear(self):
        """Forget all."""

        def forget(request):
            forget_all(request)
            tree = exchange_of(request)
            for each in (tree.writers, tree.stopped, tree.owners, tree.brought, tree.written):
                each.clear()
            tree.written.insert((0, b""))
            Table(request).overdue(1000, timedelta(days=-9))
            for uid in (self.house.ines, self.house.paul, self.house.rose):
                book = made_book(request, uid)
                book.number = None
                for talk in list(book.talks.values()):
                    book.recent.discard((talk.moved, talk.id))
                    del book.talks[talk.id]
                book.peers.clear()
            request.find_service(ILimits).storage.reset()

        self.house.work(forget)
        self.runner.end()


@pytest.fixture
def exchange(called):
    """Yield an exchange where nobody has written yet."""
    made = Exchange(called)
    yield made
    made.clear()


@pytest.fixture
def people(called):
    """Return the uids of those who write."""
    return SimpleNamespace(ines=called.ines, paul=called.paul, rose=called.rose)


class TestWhomItIsFor:
    def test_the_one_who_wrote_reads_it(self, called, exchange, people):
        exchange.write(people.ines)

        def received():
            days = called.work(lambda r: [day.received for day in exchange_of(r).days.values()])
            return sum(days)

        before = received()
        exchange.bring("Oui, à 18 h")
        assert exchange.read(people.ines) == [(LEA, "Oui, à 18 h")]
        assert received() == before + 1
        assert exchange.read(people.paul) == []

    def test_from_where_nobody_wrote_to_it_is_for_nobody(self, exchange, people):
        exchange.write(people.ines)
        exchange.bring("Bonjour ?", sender=OMAR)
        exchange.bring("Votre colis", sender="Livraison")
        for who in vars(people).values():
            assert exchange.read(who) == []
        assert exchange.answers() == []

    def test_where_several_wrote_nobody_reads_it_and_the_number_is_told_once(
        self, exchange, people
    ):
        exchange.write(people.ines, days=29)
        exchange.write(people.paul)
        for text in ("Je t’aime", "Alors ?", "Allô"):
            exchange.bring(text)
        assert exchange.read(people.ines) == exchange.read(people.paul) == []
        ((number, told),) = exchange.answers()
        assert number == LEA
        assert "agathe:" in told

    @pytest.mark.parametrize("said", ["paul: oui", "Paul : oui", "@paul: oui", " PAUL\uff1aoui"])
    def test_the_one_who_is_named_reads_it(self, exchange, people, said):
        exchange.write(people.ines)
        exchange.write(people.paul, days=200)
        exchange.bring(said)
        assert exchange.read(people.paul) == [(LEA, said)]
        assert exchange.read(people.ines) == []

    @pytest.mark.parametrize("said", ["paul oui", "rose: oui", "nobody: oui", "oui: paul", ": a"])
    def test_a_word_that_is_a_login_by_chance_names_nobody(self, exchange, people, said):
        """Who takes the login ``merci`` and writes to a number is not given every thanks."""
        exchange.write(people.ines)
        exchange.write(people.paul)
        exchange.bring(said)
        for who in vars(people).values():
            assert exchange.read(who) == []

    def test_who_wrote_long_ago_is_not_meant_any_more(self, exchange, people):
        exchange.write(people.ines, days=31)
        exchange.write(people.paul)
        exchange.bring("Oui")
        assert exchange.read(people.paul) == [(LEA, "Oui")]

    def test_alone_one_is_answered_for_a_year(self, exchange, people):
        exchange.write(people.ines, days=300)
        exchange.bring("Enfin")
        assert exchange.read(people.ines) == [(LEA, "Enfin")]

    def test_what_is_meant_for_somebody_who_is_gone_is_nobody_elses(self, called, exchange):
        gone, left = called.member("gone"), called.member("left")
        exchange.write(gone)
        exchange.write(left)
        assert promises.forgotten(called, "sms", "gone") == []
        exchange.bring("À ce soir, mon amour")
        assert exchange.read(left) == []
        kept = called.work(lambda r: [uid for _key, uid in exchange_of(r).writers])
        assert gone not in kept

    def test_a_code_makes_the_site_no_writer(self, exchange, people, called):
        called.work(
            lambda r: Queue(r).add(people.ines, LEA, "Bonjour", purpose="code", until=2**53)
        )
        exchange.runner.drain()
        exchange.bring("Quoi ?")
        assert exchange.read(people.ines) == []


class TestMembers:
    def test_who_wrote_to_a_member_reads_that_member_and_no_number(self, exchange, people):
        exchange.prove(people.paul, LEA)
        exchange.write(people.ines, people.paul)
        exchange.bring("Avec plaisir")
        assert exchange.read(people.ines) == [("paul", "Avec plaisir")]

    def test_who_wrote_to_a_number_is_not_told_whose_it_is(self, exchange, people):
        exchange.prove(people.paul, LEA)
        exchange.write(people.ines, LEA)
        exchange.bring("Qui est-ce ?")
        assert exchange.read(people.ines) == [(LEA, "Qui est-ce ?")]

    def test_nor_where_the_conversation_with_the_number_is_deleted(self, called, exchange, people):
        exchange.prove(people.paul, LEA)
        exchange.write(people.ines, LEA)
        called.work(
            lambda r: r.find_service(ITexts).receive(
                people.ines, ToMember(people.paul), "Autre chose", 1
            )
        )
        exchange.bring("Qui est-ce ?")
        assert set(exchange.read(people.ines)) == {("paul", "Autre chose"), (LEA, "Qui est-ce ?")}

    def test_a_number_that_is_the_members_no_more_brings_nothing_from_it(
        self, called, exchange, people
    ):
        exchange.prove(people.paul, LEA)
        exchange.write(people.ines, people.paul)
        called.work(lambda r: exchange_of(r).owners.clear())
        exchange.bring("Qui êtes-vous ?")
        assert exchange.read(people.ines) == []

    def test_who_is_blocked_is_not_answered(self, called, exchange, people):
        exchange.prove(people.paul, LEA)
        exchange.write(people.ines, people.paul)
        called.work(lambda r: r.find_service(IContacts).block(people.ines, people.paul))
        exchange.bring("Tu es là ?")
        called.work(lambda r: r.find_service(IContacts).unblock(people.ines, people.paul))
        assert exchange.read(people.ines) == []


class TestOnce:
    def test_the_same_name_comes_once(self, exchange, people):
        exchange.write(people.ines)
        for _ in range(3):
            exchange.bring("Oui", reference="un")
        exchange.bring("Oui", reference="deux")
        exchange.bring("Oui", reference="")
        exchange.bring("Oui", reference="")
        assert len(exchange.read(people.ines)) == 4

    def test_in_eight_threads_at_once(self, exchange, people):
        exchange.write(people.ines)
        barrier = threading.Barrier(8)

        def bring():
            barrier.wait()
            with suppress(Exception):
                exchange.bring("Oui", reference="un")

        threads = [threading.Thread(target=bring) for _ in range(8)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert exchange.read(people.ines) == [(LEA, "Oui")]

    def test_what_is_old_is_forgotten_only_when_it_cannot_be_replayed(self, called):
        def note(request, days):
            with at(request, now(request) + timedelta(days=days)):
                brought = Brought(request)
                brought.sweep()
                return brought.note("k", "once")

        assert [called.work(lambda r, days=days: note(r, days)) for days in (0, 1, 90)] == [
            True,
            False,
            False,
        ]
        assert called.work(lambda r: note(r, 300))

    def test_parts_come_together_whichever_way_they_are_repeated(self, exchange, people):
        exchange.write(people.ines)
        one, two = Part(7, 2, 1), Part(7, 2, 2)
        for text, part in (("ce soir", two), ("À ", one), ("ce soir", two), ("À ", one)):
            exchange.bring(text, reference="", part=part)
        assert exchange.read(people.ines) == [(LEA, "À ce soir")]

    def test_what_is_missing_after_a_day_is_marked(self, called, exchange, people):
        exchange.write(people.ines)
        exchange.bring("À ", part=Part(7, 2, 1))

        def sweep(request):
            with at(request, now(request) + timedelta(hours=25)):
                incoming.sweep_job(request, {})

        called.work(sweep)
        assert exchange.read(people.ines, days=2) == [(LEA, "À  […] ")]


class TestStop:
    def test_nothing_goes_there_any_more_and_that_is_said_once(self, called, exchange, people):
        exchange.write(people.ines)
        later = called.work(lambda r: Queue(r).add(people.ines, LEA, "Encore", 1).id)
        exchange.bring("STOP")
        exchange.bring("Stop !")
        code = called.work(
            lambda r: Queue(r).add(people.ines, LEA, "1", purpose="code", until=2**53).id
        )
        ((number, told),) = exchange.answers()
        assert (number, "START" in told) == (LEA, True)

        def details(request):
            return [exchange_of(request).messages[one].detail for one in (later, code)]

        assert called.work(details) == ["the number wants no messages"] * 2
        assert exchange.read(people.ines) == []
        with pytest.raises(ValueError, match="takes no"):
            called.work(lambda r: r.find_service(ITexts).send(people.ines, ToNumber(LEA), "a"))
        with pytest.raises(Unfit, match="Send START"):
            called.work(
                lambda r: r.find_service(INumbers).begin(
                    r.find_service(IMembers).by_uid(people.ines), LEA
                )
            )

    @pytest.mark.parametrize("words", [("Qui est là ?", "STOP"), ("STOP", "Qui est là ?")])
    def test_who_said_it_is_not_told_how_to_answer_either(self, exchange, people, words):
        exchange.write(people.ines)
        exchange.write(people.paul)
        for text in words:
            exchange.bring(text)
        ((number, told),) = exchange.answers()
        assert (number, "START" in told) == (LEA, True)

    def test_start_from_there_undoes_it_and_from_elsewhere_does_not(
        self, called, exchange, people
    ):
        exchange.write(people.ines)
        exchange.bring("Arrêt")
        exchange.bring("START", sender=OMAR)
        assert called.work(lambda r: len(exchange_of(r).stopped)) == 1
        exchange.bring("START")
        assert called.work(lambda r: len(exchange_of(r).stopped)) == 0
        assert exchange.read(people.ines) == []
        exchange.bring("Start")
        assert exchange.read(people.ines) == [(LEA, "Start")]

    def test_where_nothing_was_sent_nothing_is_said(self, called, exchange):
        """Nobody has the site pay for answers to numbers of their choice."""
        for number in ("+33612345670", "+33699999999", "+882161234567", "38000", "Banque"):
            exchange.bring("STOP", sender=number)
        assert exchange.answers() == []
        assert called.work(lambda r: len(exchange_of(r).stopped)) == 3

    def test_what_the_site_says_is_one_part_in_every_language(self, called):
        from communicate.accounts.letters import localizer
        from communicate_sms.parts import GSM7, split

        for language in ("fr", "en"):
            translate = localizer(called.registry, language).translate
            for what in (answers.STOPPED, answers.STARTED, answers.WHOM):
                words = {"site": "2 Communicate", "example": answers.EXAMPLE}
                made = split(translate(what, mapping=words))
                assert (made.alphabet, len(made.parts)) == (GSM7, 1)


class TestHostile:
    @pytest.mark.parametrize(
        ("sender", "text"),
        [("", "a"), (" \x00", "a"), ("+336" + "1" * 70, "a"), (LEA, "a" * 10_001)],
    )
    def test_what_no_telephone_sends_is_unreadable(self, exchange, sender, text):
        with pytest.raises(Unreadable):
            exchange.bring(text, sender=sender)

    def test_what_is_no_text_is_left_out(self, exchange, people):
        exchange.write(people.ines)
        exchange.bring("a\x00b\x1b[31mc\ud800d\r\ne\x85f")
        assert exchange.read(people.ines) == [(LEA, "a b [31mc d\ne f")]

    def test_a_number_is_one_number_however_it_is_written(self, exchange, people):
        exchange.write(people.ines)
        for written in ("06 12 34 56 78", "0033612345678", "+33 6 12 34 56 78"):
            exchange.bring("Oui", sender=written)
        assert len(exchange.read(people.ines)) == 3

    def test_nothing_is_stored_in_clear(self, called, exchange, people):
        exchange.write(people.ines)
        exchange.bring("Le tilleul penche", part=Part(1, 2, 1))
        exchange.bring("Le tilleul penche")
        words = ("tilleul", "612345678")
        assert promises.undeclared(called, "sms", words=words) == []


class TestSweeping:
    def test_numbers_of_more_than_a_year_ago_are_forgotten(self, called, exchange, people):
        exchange.write(people.ines, days=360)
        exchange.write(people.ines, OMAR, days=370)

        for _ in range(4):
            called.work(lambda r: writers.sweep(r, 1))
        assert called.work(
            lambda r: (len(exchange_of(r).writers), len(exchange_of(r).written))
        ) == (1, 2)


class TestHTTP:
    @pytest.fixture
    def phone(self, called):
        """Return what calls the site, without a cookie or a token of a form."""
        return TestApp(called.app, extra_environ={"HTTP_HOST": "evil.example"})

    def test_kannel_brings_a_message_by_the_secret_address(self, phone, exchange, people):
        exchange.write(people.ines)
        address = f"/texting/incoming/k/{SECRET}?from=%2B33612345678&to=38000&id="
        for name, text, charset in (
            ("1", "Oui, à 18 h", "UTF-8"),
            ("1", "Oui, à 18 h", "UTF-8"),
            ("2", "Да 😀", "UTF-16BE"),
        ):
            kind = f'text/plain; charset="{charset}"'
            answer = phone.post(f"{address}{name}", text.encode(charset), content_type=kind)
            assert (answer.body, "Set-Cookie" in answer.headers) == (b"", False)
        assert exchange.read(people.ines) == [(LEA, "Oui, à 18 h"), (LEA, "Да 😀")]

    @pytest.mark.parametrize("kind", ["", "text/plain", "text/plain; charset=8-bit", "\udcff"])
    def test_what_is_no_text_in_a_known_charset_is_unreadable(self, kind):
        there = calling(Way_("k", "kannel", {"url": "", "user": "", "password": ""}))
        fields = {"from": LEA, "to": "38000", "id": "7"}
        for method in ("GET", "POST"):
            with pytest.raises(Unreadable, match="post the text"):
                there.parse_incoming(Call("", fields, {"content-type": kind}, b"Oui", method))

    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("k", 403),
            ("k/", 403),
            (f"k/{SECRET[:-1]}", 403),
            (f"k/{SECRET}/x", 404),
            (f"t/{SECRET}", 403),
            ("t", 403),
            ("v", 403),
        ],
    )
    def test_what_proves_nothing_is_refused(self, phone, exchange, people, path, status):
        exchange.write(people.ines)
        fields = "from=%2B33612345678&to=38000&text=Oui&id=7&From=%2B33612345678&Body=Oui"
        answer = phone.get(f"/texting/incoming/{path}?{fields}", status=status)
        assert answer.content_type == "text/plain"
        assert exchange.read(people.ines) == []

    @pytest.mark.parametrize("way", ["", "/f", f"/s/{SECRET}", "/x", "/x/y/z"])
    def test_where_no_way_is_called_there_is_a_page_as_anywhere_else(
        self, phone, exchange, people, way
    ):
        exchange.write(people.ines)
        for name in ("incoming", "receipts"):
            page = phone.get(f"/texting/{name}{way}?from=%2B33612345678&text=Oui", status=404)
            assert page.html.main.select_one("a[href='/']")
        assert exchange.read(people.ines) == []


class TestSigned:
    """Twilio and Vonage sign: what is forged, replayed or for another address is refused."""

    SITE = "http://localhost"

    @pytest.fixture
    def phone(self, called):
        """Return what calls the site by whichever name: the one that is signed is the site's."""
        return TestApp(called.app, extra_environ={"HTTP_HOST": "evil.example"})

    def twilio(self, path, fields, key="auth"):
        """Return the header that Twilio adds to *fields* for *path*."""
        said = self.SITE + path + "".join(name + fields[name] for name in sorted(fields))
        made = hmac.digest(key.encode(), said.encode(), hashlib.sha1)
        return {"X-Twilio-Signature": base64.b64encode(made).decode()}

    def test_twilio_brings_a_message_once(self, phone, exchange, people):
        exchange.write(people.ines)
        path = "/texting/incoming/t"
        fields = {"From": LEA, "To": "+33700000000", "Body": "Oui, é", "MessageSid": "SM1"}
        headers = self.twilio(path, fields)
        for _ in range(2):
            answer = phone.post(path, fields, headers=headers)
            assert (answer.text, answer.content_type) == ("<Response/>", "text/xml")
        assert exchange.read(people.ines) == [(LEA, "Oui, é")]

    def test_with_get_the_query_is_signed(self, phone, exchange, people):
        exchange.write(people.ines)
        path = "/texting/incoming/t?From=%2B33612345678&To=x&Body=Oui&MessageSid=SM2"
        phone.get(path, headers=self.twilio(path, {}))
        phone.get(path.replace("Oui", "Non"), headers=self.twilio(path, {}), status=403)
        assert exchange.read(people.ines) == [(LEA, "Oui")]

    def test_what_twilio_has_not_signed_is_refused(self, phone, exchange, people):
        exchange.write(people.ines)
        path = "/texting/incoming/t"
        fields = {"From": LEA, "To": "x", "Body": "Oui", "MessageSid": "SM3"}
        right = self.twilio(path, fields)
        for headers, sent, where in (
            ({}, fields, path),
            (self.twilio(path, fields, key="other"), fields, path),
            (right, {**fields, "Body": "Non"}, path),
            (right, {**fields, "More": "x"}, path),
        ):
            answer = phone.post(where, sent, headers=headers, status=403)
            assert "signed" in answer.text
        assert exchange.read(people.ines) == []

    def vonage(self, **fields):
        """Return *fields* as Vonage signs them."""
        fields = {"timestamp": str(int(time.time())), "nonce": "n", **fields}
        said = "".join(f"&{name}={fields[name]}" for name in sorted(fields))
        made = hmac.digest(b"signature-secret", said.encode(), hashlib.sha256)
        return {**fields, "sig": made.hex()}

    def test_vonage_brings_parts_as_form_query_and_json(self, phone, exchange, people):
        exchange.write(people.ines)
        path = "/texting/incoming/v"
        common = {"msisdn": "33612345678", "to": "338", "concat": "true", "concat-ref": "7"}
        common["concat-total"] = "3"
        parts = [
            self.vonage(**common, **{"concat-part": str(at_), "text": text, "messageId": text})
            for at_, text in enumerate(("un", "deux", "trois"), 1)
        ]
        phone.get(f"{path}?{urlencode(parts[2])}")
        phone.post_json(path, parts[0])
        phone.post(path, parts[1])
        phone.post(path, parts[1])
        assert exchange.read(people.ines) == [(LEA, "undeuxtrois")]

    def test_what_vonage_signed_is_refused_when_it_is_old(self, phone, exchange, people):
        exchange.write(people.ines)
        fields = {"msisdn": "33612345678", "to": "338", "text": "Oui", "messageId": "1"}
        for age in (301, -900):
            old = self.vonage(timestamp=str(int(time.time()) - age), **fields)
            phone.post("/texting/incoming/v", old, status=403)
        changed = {**self.vonage(**fields), "text": "Non"}
        phone.post("/texting/incoming/v", changed, status=403)
        assert exchange.read(people.ines) == []

    def test_a_receipt_for_one_message_says_nothing_of_another(self, called, phone, exchange):
        """What Vonage signs does not name the address that it is brought to."""
        way = Way("v")
        runner = Runner(called.registry, {"k": way}, {"k": "x"}, "")
        called.work(lambda r: Queue(r).add(called.ines, LEA, "Bonjour"))

        def as_vonage(request):
            (message,) = exchange_of(request).messages.values()
            message.way = "v"
            token = tokens.new(request.find_service(ISeals), "v")
            Queue(request)._name(message, token)
            Queue(request)._refer(message, "of-this-one")
            return token

        runner.drain()
        runner.end()
        token = called.work(as_vonage)
        other = self.vonage(messageId="of-another", status="failed")
        phone.post(f"/texting/receipts/v/{token}", other, status=200)

        def state(request):
            (message,) = exchange_of(request).messages.values()
            return message.state

        assert called.work(state) == states.SENT
        mine = self.vonage(messageId="of-this-one", status="delivered")
        phone.post(f"/texting/receipts/v/{token}", mine, status=200)
        assert called.work(state) == states.DELIVERED


class TestGateway:
    def test_what_comes_by_a_session_is_kept(self, called, exchange, people):
        exchange.write(people.ines)
        gateway.tell(called.registry, "s", Incoming(LEA, "38000", "Par SMPP"))
        assert exchange.read(people.ines) == [(LEA, "Par SMPP")]

    def test_a_receipt_for_what_is_forgotten_is_not_brought_for_ever(self, called, exchange):
        bring = partial(gateway.tell, called.registry, "s", Receipt(states.DELIVERED, "nobody"))
        with pytest.raises(gateway.Unknown):
            bring()
        bring()
