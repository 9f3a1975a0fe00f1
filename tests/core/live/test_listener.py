"""Who is let in, what is told to whom, and when a connection ends."""

import socket
import time
from contextlib import ExitStack, suppress

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from communicate.accounts.remember import digest
from communicate.ids import encode
from communicate.interfaces import IMembers, ISeals, ISessions
from communicate.live import hub, listener, tickets
from communicate.live.interfaces import ILive
from communicate.testing.house import PASSWORD
from communicate.testing.kit import form_with

from .conftest import Town, hears, silence, soon

AGAIN = {"what": "again", "id": ""}


def refused(town, status, ticket="", **more):
    """Tell that the listener answers an opening with *status*."""
    with pytest.raises(InvalidStatus) as caught, town.connect(ticket, **more):
        pass
    return caught.value.response.status_code == status


def closed(page, seconds=5.0):
    """Return the code with which *page* is closed."""
    try:
        while True:
            page.recv(seconds)
    except ConnectionClosed as ended:
        return ended.rcvd.code if ended.rcvd else None


class TestTelling:
    def test_members_are_told_ids_and_nothing_else(self, town):
        uid, browser = town.member()
        other, others = town.member()
        with town.page(browser) as page, town.page(others) as theirs:
            town.tell(uid, what="messages.message", number=77)
            assert hears(page) == {"what": "messages.message", "id": encode(77)}
            assert silence(theirs)
            town.tell(uid, other)
            assert hears(page) == hears(theirs)

    def test_the_same_is_told_once_in_a_transaction(self, town):
        uid, browser = town.member()

        def twice(request):
            live = request.find_service(ILive)
            live.tell([uid, uid], "x.y", 1)
            live.tell(iter([uid]), "x.y", 1)
            live.tell([uid], "x.y", 2)

        with town.page(browser) as page:
            town.house.work(twice)
            assert [hears(page)["id"], hears(page)["id"]] == [encode(1), encode(2)]
            assert silence(page)

    def test_nothing_is_told_of_what_did_not_happen(self, town):
        uid, browser = town.member()

        def fail(request):
            request.find_service(ILive).tell([uid], "x.y", 1)
            raise RuntimeError

        def doom(request):
            request.find_service(ILive).tell([uid], "x.y", 1)
            request.tm.doom()

        with town.page(browser) as page:
            with pytest.raises(RuntimeError):
                town.house.work(fail)
            town.house.work(doom)
            assert silence(page)

    @pytest.mark.parametrize("what", ["", "Bonjour", "x y", "x" * 41, "é", "x\n"])
    def test_words_are_no_kind(self, town, what):
        with pytest.raises(ValueError, match="names no kind"):
            town.tell(1, what=what)

    def test_notices_are_told_when_they_come_and_when_they_are_read(self, town):
        _uid, browser = town.member()
        _paul, other = town.member()
        form = form_with(browser.get("/forums/general/new"), "title")
        form["title"], form["body"] = "Le tilleul", "Il penche."
        topic = form.submit("post").headers["Location"]
        with town.page(browser) as page:
            form = form_with(other.get(topic), "body")
            form["body"] = "Oui."
            form.submit("post")
            town.house.run_jobs()
            assert hears(page)["what"] == "notices"
            assert browser.get("/live/unread").json["unread"] > 0
            browser.get(topic)
            assert hears(page)["what"] == "notices"


class TestComingLate:
    def test_what_came_since_the_page_was_made_is_told(self, town):
        uid, browser = town.member()
        since = int(time.time() * 1000)
        town.tell(uid, number=1)
        town.tell(uid, number=2)
        town.tell(uid + 1, number=3)
        with town.page(browser, since) as page:
            assert [hears(page)["id"], hears(page)["id"]] == [encode(1), encode(2)]
            assert silence(page)

    def test_after_a_gap_the_page_is_to_look_again(self, town):
        _uid, browser = town.member()
        with town.page(browser, 0) as page:
            assert hears(page) == AGAIN
            assert silence(page)

    def test_what_is_too_long_ago_is_forgotten(self, town, monkeypatch):
        uid, _browser = town.member()
        since = int(time.time() * 1000)
        town.tell(uid)
        assert soon(lambda: any(to == uid for _at, to, _text in town.hub._kept))
        later = time.time() + hub.MEMORY + 1
        monkeypatch.setattr(hub.time, "time", lambda: later)
        town.hub.deliver([uid + 1], "{}")
        assert all(to != uid for _at, to, _text in town.hub._kept)
        assert town.hub.missed(uid, since / 1000) == [hub.AGAIN]


class TestDoor:
    def test_a_ticket_opens_once(self, town):
        browser = town.someone
        ticket = town.ticket(browser).json["ticket"]
        with town.connect(ticket) as page:
            assert page.subprotocol == "communicate.live"
            assert refused(town, 503, ticket)

    def test_nothing_opens_without_a_good_one(self, town):
        browser = town.someone
        ticket = town.ticket(browser).json["ticket"]
        assert refused(town, 403, "x")
        assert refused(town, 403, ticket[:-1])
        assert refused(town, 403, protocols=["communicate.live"])
        assert refused(town, 403, protocols=[ticket])
        assert refused(town, 403, protocols=["communicate.live", ticket, "more"])
        assert refused(town, 403, protocols=[ticket, "communicate.live"])
        with town.connect(ticket):
            pass  # none of these has used it up

    def test_only_our_pages_open(self, town):
        browser = town.someone
        ticket = town.ticket(browser).json["ticket"]
        for origin in (None, "http://evil.example", "https://localhost", "http://localhost:81"):
            assert refused(town, 403, ticket, origin=origin)
        with town.connect(ticket):
            pass

    def test_there_is_one_address_and_no_ticket_in_it(self, town):
        browser = town.someone
        ticket = town.ticket(browser).json["ticket"]
        for path in ("/", f"/live?ticket={ticket}", "/live/", "/other"):
            assert refused(town, 404, ticket, path=path)

    def test_cookies_are_no_way_in(self, town):
        browser = town.someone
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        assert refused(town, 403, "x", additional_headers={"Cookie": cookie})

    def test_a_member_has_so_many_at_once_the_newest_ones(self, town):
        browser = town.someone
        with ExitStack() as opened:
            most = range(hub.PER_MEMBER + 1)
            pages = [opened.enter_context(town.page(browser)) for _each in most]
            assert closed(pages[0]) == hub.CROWDED
            for page in pages[1:]:
                assert page.ping().wait(5)

    def test_there_are_so_many_in_all(self, town, monkeypatch):
        browser = town.someone
        assert town.shows(0)
        monkeypatch.setattr(town.hub, "most", 1)
        with town.page(browser):
            assert refused(town, 503, town.ticket(browser).json["ticket"])


class TestClients:
    def test_one_that_says_something_is_cut_off(self, town):
        browser = town.someone
        for words in ("a", "a" * 10_000, b"a"):
            with town.page(browser) as page:
                page.send(words)
                assert closed(page) in (1008, 1009)
        assert town.shows(0)

    def test_one_that_says_much_is_cut_off(self, town):
        browser = town.someone
        with town.page(browser) as page:
            with suppress(ConnectionClosed):
                for number in range(listener.SAID // 100):
                    page.ping(f"{number:0>100}")
            assert closed(page) is None

    def test_one_that_does_not_shake_hands_is_cut_off(self, hasty):
        with socket.create_connection(("127.0.0.1", hasty.port), 5) as slow:
            slow.sendall(b"GET /live HTTP/1.1\r\n")
            assert slow.recv(100) == b""

    def test_one_that_is_gone_without_a_word_is_noticed(self, hasty):
        _uid, browser = hasty.member()
        ticket = hasty.ticket(browser).json["ticket"]
        with socket.create_connection(("127.0.0.1", hasty.port), 5) as deaf:
            deaf.sendall(opening(ticket))
            assert b" 101 " in deaf.recv(1000)  # from now on it answers no ping
            assert hasty.shows(1)
            assert hasty.shows(0)


def opening(ticket):
    """Return a handshake as a page sends it."""
    lines = [
        "GET /live HTTP/1.1",
        "Host: 127.0.0.1",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
        "Origin: http://localhost",
        f"Sec-WebSocket-Protocol: communicate.live, {ticket}",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


class TestEndOfSession:
    def ends(self, town, browser, act):
        """Tell that *act* closes a page of *browser*, and that no ticket opens another."""
        spare = town.ticket(browser).json["ticket"]
        with town.page(browser) as page:
            act()
            began = time.monotonic()
            code = closed(page)
            return code == hub.ENDED and time.monotonic() - began < 2 and refused(town, 503, spare)

    def test_signing_out(self, town):
        _uid, browser = town.member()
        form = next(form for form in browser.get("/").forms.values() if form.action == "/logout")
        assert self.ends(town, browser, form.submit)

    def test_a_new_password(self, town):
        """Whoever holds the old cookie is out; so is what was opened with it."""
        _uid, browser = town.member()
        form = form_with(browser.get("/account/password"), "present")
        form["present"], form["password"] = PASSWORD, "une péniche passe sous le tilleul"
        assert self.ends(town, browser, lambda: form.submit(status=303))
        with town.page(browser):
            pass  # this browser has new cookies, and its next page a new ticket

    def test_suspension_and_erasure(self, town):
        for verb in ("suspend", "close"):
            uid, browser = town.member()

            def act(request, uid=uid, verb=verb):
                members = request.find_service(IMembers)
                getattr(members, verb)(members.by_uid(uid))

            assert self.ends(town, browser, lambda act=act: town.house.work(act))

    def test_another_browser_of_the_member_goes_on(self, town):
        uid, browser = town.member()
        login = town.house.work(lambda r: r.find_service(IMembers).by_uid(uid).login)
        other = town.house.browser(login)
        with town.page(browser) as page, town.page(other) as theirs:
            form = next(form for form in other.get("/").forms.values() if form.action == "/logout")
            form.submit()
            assert closed(theirs) == hub.ENDED
            town.tell(uid)
            assert hears(page)["id"] == encode(7)

    def test_nothing_ends_with_what_did_not_happen(self, town):
        uid, browser = town.member()

        def act(request):
            request.find_service(ISessions).end_all(uid)
            request.tm.doom()

        with town.page(browser) as page:
            town.house.work(act)
            assert silence(page)

    def test_a_session_that_runs_out_is_noticed(self, hasty):
        _uid, browser = hasty.member()
        with hasty.page(browser) as page:
            assert silence(page)
            hasty.house.work(let_run_out)
            assert closed(page) == hub.ENDED


def let_run_out(request):
    """Let every session have ended by its time, without a word to anybody."""
    for session in request.root_map["sessions"].records.values():
        session.until = 1


class TestUse:
    def test_an_open_page_keeps_nobody_signed_in(self, town):
        _uid, browser = town.member()
        browser.get("/")
        secret = browser.cookies["communicate_session"]
        key, used = digest(secret), town.registry.communicate_last_use._used
        used[key] -= 1000
        before = used[key]
        browser.get("/live/unread", headers={"X-Unattended": "1"})
        assert used[key] == before
        browser.get("/live/unread")
        assert used[key] > before


class TestViews:
    def test_strangers_get_no_ticket(self, town):
        stranger = town.house.browser()
        token = stranger.get("/login").forms["sign-in"]["csrf_token"].value
        stranger.post("/live/ticket", {"csrf_token": token, "since": "0"}, status=403)
        stranger.get("/live/unread", status=403)

    def test_a_ticket_takes_the_token_of_our_pages(self, town):
        browser = town.someone
        browser.post("/live/ticket", {"since": "0"}, status=400)
        browser.get("/live/ticket", status=404)

    @pytest.mark.parametrize("since", ["", "x", "-1", "1.5", "٣", "9" * 16])
    def test_what_is_no_time_is_refused(self, town, since):
        browser = town.someone
        town.ticket(browser, since, status=400)

    def test_it_is_no_page_to_be_kept(self, town):
        browser = town.someone
        assert town.ticket(browser).headers["Cache-Control"] == "no-store"

    def test_pages_of_members_say_when_they_were_made(self, town):
        browser = town.someone
        made = int(browser.get("/forums").html.find(class_="tool-notices")["data-live"])
        assert abs(made - time.time() * 1000) < 10_000
        assert "data-live" not in town.house.browser().get("/forums").text

    def test_the_policy_lets_pages_connect_there_and_nowhere_else(self, town):
        policy = town.house.browser().get("/").headers["Content-Security-Policy"]
        assert policy.endswith(f"; connect-src 'self' ws://localhost:{town.port}")


class TestLimit:
    def test_tickets_are_limited(self, tmp_path):
        town = Town(tmp_path)
        try:
            town.house.reboot(["forums"], **{"communicate.limits.live": "2/minute"})
        finally:
            town.live.stop()
        town.hub = town.house.registry.communicate_live
        town.hub.loop = object()
        _uid, browser = town.member()
        town.ticket(browser)
        town.ticket(browser)
        assert "Retry-After" in town.ticket(browser, status=429).headers
        town.hub.loop = None
        town.ticket(browser, status=404)
        town.house.close()


class TestStop:
    def test_pages_are_told_goodbye_and_nothing_listens_any_more(self, tmp_path):
        town = Town(tmp_path)
        uid, browser = town.member()
        with town.page(browser) as page:
            town.live.stop()
            assert closed(page) == 1001
        assert not town.live.listener._thread.is_alive()
        assert not town.hub.listens
        assert "data-live" not in browser.get("/").text
        town.tell(uid)  # to nobody
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", town.port), 5)
        town.house.close()

    def test_tickets_of_another_site_open_nothing(self, town):
        forged = tickets.make(lambda _body: bytes(32), 1, bytes(32), now=time.time())
        assert refused(town, 403, forged)


class TestKey:
    def test_no_ticket_is_good_for_anything_else(self, town):
        """The key has a label of its own: what it signs is never what another part signs."""
        labels = {tickets.LABEL, "communicate.notice"}
        signed = {
            town.house.work(lambda r, label=label: r.find_service(ISeals).hmac(label, b"x"))
            for label in labels
        }
        assert len(signed) == 2
