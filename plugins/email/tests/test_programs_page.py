"""The page from which mail programs are set up, and what they ask for by themselves."""

import plistlib
import re

import pytest
from defusedxml.ElementTree import fromstring

from communicate import duties
from communicate.declarations import Scope
from communicate.interfaces import IAppPasswords
from communicate.testing.house import PASSWORD
from communicate_email.content import SCOPE
from communicate_email.sending import doctor

from .conftest import DOMAIN, make_office
from .test_programs import QUESTION

PAGE = "/members/ines/mail/programs"
PROFILE = "/members/ines/mail/profile.mobileconfig"
CONFIG = "/.well-known/autoconfig/mail/config-v1.1.xml"
SERVED = {
    "email.imaps": "127.0.0.1:993",
    "email.pop3s": "127.0.0.1:10995",
    "email.submission": "127.0.0.1:587",
    "email.programs_host": "mail.tilleuls.example",
    "email.programs_ports": "pop3s=995",
}


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    made = make_office(tmp_path_factory.mktemp("programs"), **SERVED)
    made.deliver(made.letter("Premier"), "ines", "paul")
    yield made
    made.house.close()


@pytest.fixture
def ines(office):
    return office.house.browser("ines")


def make(browser, password=PASSWORD, **more):
    """Ask for an app password; return the answer."""
    form = next(one for one in browser.get(PAGE).forms.values() if "present" in one.fields)
    form["present"] = password
    return form.submit(**more)


def secret_in(page):
    """Return the app password that the page shows, or None."""
    shown = page.html.select_one(".secret")
    return None if shown is None else shown.text


def opens(office, secret, scope=SCOPE):
    """Tell whether *secret* is an app password of Inès."""

    def look(request):
        return request.find_service(IAppPasswords).verify("ines", secret, scope, peer="192.0.2.7")

    return office.do(look) is not None


def ask(browser, path, raw, **more):
    """Ask as Outlook does."""
    return browser.post(path, raw, {"Content-Type": "text/xml"}, **more)


def question(address):
    """Return what Outlook asks about *address*."""
    return QUESTION.replace("ines@example.org", address).encode()


class TestPage:
    def test_it_says_what_is_served_here_and_nothing_else(self, ines):
        page = ines.get(PAGE)
        shown = page.html.select_one(".mail-program").text
        assert f"ines@{DOMAIN}" in shown
        assert shown.count("mail.tilleuls.example") == 3
        ports = re.findall(r"port (\d+)", shown)
        assert ports == ["993", "995", "587"]
        assert page.html.select_one("#mutt pre").text.count("mail.tilleuls.example") == 2
        assert PAGE in ines.get("/members/ines/mail/settings")

    def test_an_app_password_is_made_for_mail_alone_and_shown_until_it_is_kept(self, office, ines):
        page = make(ines).follow()
        secret = secret_in(page)
        assert opens(office, secret)
        assert not opens(office, secret, "disk")
        assert secret_in(ines.get(PAGE)) == secret
        kept = next(one for one in ines.get(PAGE).forms.values() if "kept" in one.fields)
        page = kept.submit("kept").follow()
        assert secret_in(page) is None
        assert secret not in page
        assert "Mail program" in page.html.select_one("[aria-labelledby=password] .rows").text
        assert opens(office, secret)

    def test_without_the_right_password_none_is_made(self, ines):
        before = len(ines.get(PAGE).html.select("[aria-labelledby=password] .rows li"))
        page = make(ines, "faux", status=400)
        assert "is-invalid" in page or "aria-invalid" in page
        assert len(page.html.select("[aria-labelledby=password] .rows li")) == before
        assert secret_in(ines.get(PAGE)) is None

    def test_one_for_another_service_is_not_taken_for_one_of_mail(self, office, monkeypatch):
        collected, disk = duties.collected, Scope("disk", "Files")

        def collect(name, *more):
            return [*collected(name, *more), *([disk] if name == "scopes" else [])]

        monkeypatch.setattr(duties, "collected", collect)
        browser = office.house.browser("paul")
        for scope, shows in (("disk", False), (SCOPE, True)):
            form = browser.get("/account/app-passwords").forms["app-password"]
            form["title"], form["present"] = "Un programme", PASSWORD
            form[f"scope-{scope}"] = True
            secret = secret_in(form.submit().follow())
            page = browser.get("/members/paul/mail/programs")
            assert (secret_in(page) == secret) is shows
            assert (secret in browser.get("/members/paul/mail/profile.mobileconfig")) is shows

    @pytest.mark.parametrize("path", [PAGE, PROFILE])
    def test_it_is_there_for_nobody_else(self, office, path):
        for login in (None, "paul", "moira", "oscar"):
            answer = office.house.browser(login).get(path, expect_errors=True)
            assert answer.status_int in (403, 404), login
            assert "ines@" not in answer

    def test_where_nothing_is_served_it_says_so(self, fresh_office):
        made = fresh_office()
        made.deliver(made.letter("Premier"), "ines")
        browser = made.house.browser("ines")
        page = browser.get(PAGE)
        assert "serves no mail programs" in page
        assert page.html.select(".mail-guide, .secret, .mail-program") == []
        assert PAGE not in browser.get("/members/ines/mail/settings")
        assert browser.post(PAGE, {"csrf_token": token(browser, "/account")}, status=404)
        assert browser.get(PROFILE, status=404)
        assert browser.get(CONFIG, status=404)
        asked = ask(browser, "/autodiscover/autodiscover.xml", question(f"ines@{DOMAIN}"))
        assert "<ErrorCode>601</ErrorCode>" in asked


class TestProfile:
    def test_it_holds_the_password_while_that_is_shown_only(self, ines):
        answer = ines.get(PROFILE)
        assert answer.content_type == "application/x-apple-aspen-config"
        assert answer.headers["Cache-Control"] == "no-store"
        (account,) = plistlib.loads(answer.body)["PayloadContent"]
        assert "IncomingPassword" not in account
        assert account["EmailAddress"] == f"ines@{DOMAIN}"
        secret = secret_in(make(ines).follow())
        (account,) = plistlib.loads(ines.get(PROFILE).body)["PayloadContent"]
        assert account["IncomingPassword"] == secret
        ines.post(PAGE, {"kept": "yes", "csrf_token": token(ines)})
        assert secret.encode() not in ines.get(PROFILE).body


def token(browser, path=PAGE):
    """Return the token of the forms of *browser*."""
    return browser.get(path).html.select_one("[name=csrf_token]")["value"]


class TestDiscovery:
    @pytest.mark.parametrize("path", [CONFIG, "/mail/config-v1.1.xml"])
    def test_thunderbird_is_told_the_same_whoever_is_asked_about(self, office, path):
        browser = office.house.browser()
        found = {
            browser.get(f"{path}{query}").body
            for query in ("", *(f"?emailaddress={name}@{DOMAIN}" for name in ("ines", "nobody")))
        }
        assert len(found) == 1
        assert fromstring(found.pop()).find("emailProvider/incomingServer").get("type") == "imap"
        assert not browser.cookies

    def test_for_another_domain_there_is_nothing(self, office):
        browser = office.house.browser()
        for query in ("ines@elsewhere.example", "ines", "@", f"ines@x{DOMAIN}"):
            assert browser.get(f"{CONFIG}?emailaddress={query}", status=404)
        body = ask(browser, "/autodiscover/autodiscover.xml", question("x@elsewhere.example"))
        assert "<ErrorCode>601</ErrorCode>" in body

    @pytest.mark.parametrize(
        "path",
        [
            "/autodiscover/autodiscover.xml",
            "/Autodiscover/Autodiscover.xml",
            "/AutoDiscover/autodiscover.XML",
        ],
    )
    def test_outlook_is_told_the_same_whoever_is_asked_about(self, office, path):
        browser = office.house.browser()
        found = {
            browser.post(
                path, question(f"{name}@{DOMAIN}"), {"Content-Type": "text/xml"}
            ).body.replace(name.encode(), b"x")
            for name in ("ines", "nobody", "paul+x")
        }
        assert len(found) == 1
        assert b"<LoginName>x@tilleuls.example</LoginName>" in found.pop()
        assert b"<Type>IMAP</Type>" in browser.get(f"{path}?Email=ines@{DOMAIN}").body
        for odd in ("%EF%BF%BE", "x" * 400):  # what XML cannot hold, and what is too long
            assert b"600" in browser.get(f"{path}?email={odd}@{DOMAIN}").body
        assert not browser.cookies

    @pytest.mark.parametrize("raw", [b"", b"<a", b"<!DOCTYPE a><a/>", b"x" * 200_000])
    def test_what_is_no_question_is_told_so(self, office, raw):
        browser = office.house.browser()
        answer = ask(browser, "/autodiscover/autodiscover.xml", raw)
        assert "<ErrorCode>600</ErrorCode>" in answer
        assert not browser.cookies

    def test_one_network_asks_so_often_and_others_still_may(self, fresh_office):
        made = fresh_office(**SERVED, **{"email.discovering": "3/minute"})
        browser = made.house.browser()
        near, far = {"REMOTE_ADDR": "192.0.2.1"}, {"REMOTE_ADDR": "198.51.100.1"}
        for _ in range(3):
            browser.get(CONFIG, extra_environ=near)
        for answer in (
            browser.get(CONFIG, extra_environ=near, status=429),
            ask(browser, "/autodiscover/autodiscover.xml", b"", extra_environ=near, status=429),
        ):
            assert int(answer.headers["Retry-After"]) <= 60
        assert browser.get(CONFIG, extra_environ=far)


def test_the_doctor_expects_in_the_dns_what_is_served(office):
    wanted = office.do(lambda request: doctor.expected(request, DOMAIN))
    assert [one.name for one in wanted.programs.all] == ["imaps", "pop3s", "submission"]
    assert wanted.web == ""  # Outlook asks by HTTPS only, and this site has none
