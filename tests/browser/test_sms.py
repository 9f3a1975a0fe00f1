"""Text messages in a real browser: a number is proven, a contact writes to it, an answer comes in.

What leaves is written into a file, which is the telephones; what comes in is brought by HTTP, as
Kannel brings it.
"""

import json
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from communicate.interfaces import IContacts
from communicate.testing.house import House
from communicate.testing.server import Server, free_port
from communicate_sms import parts

from . import texting
from .sessions import Sessions

SECRET = "une-phrase-que-seul-kannel-connait"
NUMBERS = {"anouk": "+33611223344", "basile": "+33655667788", "carla": "+33699887766"}
WAYS = """
    un file path={path} sender=38000
    retour kannel url=http://127.0.0.1:9/ user=u password=p sender=38000 secret={secret}"""
SETTINGS = {
    "sms.routes": "+ un",
    "sms.number_limits": "1000/minute",
    "sms.number_totals": "1000/minute",
    "sms.prices": "+33 0.045",
}
PATIENCE = 60  # seconds for the site to send
WORDS = {
    "fr": {
        "mine": "Ce numéro est à moi",
        "text": "Envoyer un SMS",
        "sent": "Envoyé",
        "undo": "Annuler",
        "count": r"1 SMS · reste \d+ · encore 40 SMS aujourd’hui",
        "wide": "Avec œ, un SMS contient 70 caractères au lieu de 160.",
    },
    "en": {
        "mine": "This number is mine",
        "text": "Send a text message",
        "sent": "Sent",
        "undo": "Undo",
        "count": r"1 SMS · \d+ left · 40 SMS more today",
        "wide": "With œ, an SMS holds 70 characters rather than 160.",
    },
}
ALIKE = ["", "a", "a" * 160, "a" * 161, "a" * 306, "a" * 307, "é" * 70, "ç" * 70, "ç" * 71]
ALIKE += ["€" * 80, "€" * 81, "x" * 152 + "€€", "😀" * 35, "😀" * 36, "x" * 66 + "😀😀"]
ALIKE += [
    "{[~]}\\|^",
    "e\u0301" * 161,
    "un\r\ndeux\rtrois\n",
    "œuf, bœuf… " * 12,
    "`",
    "\f" * 90,
]


class Telephones:
    """What came to each telephone, and what they answer."""

    def __init__(self, server: Server, path: Path) -> None:
        self.server, self.path = server, path
        self.brought = 0

    def texts(self, number: str) -> list[str]:
        """Return what came to *number*, the oldest first."""
        if not self.path.exists():
            return []
        lines = self.path.read_text(encoding="utf-8").splitlines(keepends=True)
        each = [json.loads(line) for line in lines if line.endswith("\n")]
        return [one["text"] for one in each if one["number"] == number]

    def wait(self, number: str, words: str) -> str:
        """Return the text with *words* once it has come to *number*."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = [text for text in self.texts(number) if re.search(words, text)]
            if found:
                return found[-1]
            time.sleep(0.05)
        raise AssertionError(f"no text like {words!r} came to {number}: {self.texts(number)}")

    def answer(self, page: Any, number: str, text: str) -> None:
        """Have *text* come in from *number*."""
        self.brought += 1
        fields = {"from": number, "to": "38000", "id": f"mo-{self.brought}"}
        answer = page.request.post(
            f"{self.server.url}/texting/incoming/retour/{SECRET}",
            params=fields,
            data=text.encode(),
            headers={"Content-Type": "text/plain; charset=UTF-8"},
        )
        assert answer.ok, answer.text()


class Served:
    """A site that sends, with people who know each other."""

    def __init__(self, folder: Path) -> None:
        path = folder / "sent.jsonl"
        settings = {"sms.ways": WAYS.format(path=path, secret=SECRET), **SETTINGS}
        house = House(folder, ["sms"], {"communicate.mode": "testing", **settings})
        self.uids = {login: house.member(login) for login in NUMBERS}
        house.work(self.introduce)
        for login in ("anouk", "carla"):
            house.work(lambda request, login=login: texting.prove(request, login, NUMBERS[login]))
        house.work(texting.forget_codes)
        house.close()
        live = f"127.0.0.1:{free_port()}"
        self.server = Server(folder, "sms", live_listen=live, **settings)
        self.server.start()
        self.sessions = Sessions(self.server)
        self.telephones = Telephones(self.server, path)

    def introduce(self, request: Any) -> None:
        """Have each be a contact of the others."""
        contacts, uids = request.find_service(IContacts), list(self.uids.values())
        for at, one in enumerate(uids):
            for other in uids[at + 1 :]:
                contacts.request(one, other)
                contacts.accept(other, one)


@pytest.fixture(scope="module")
def served(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Yield the site."""
    made = Served(tmp_path_factory.mktemp("texting"))
    yield made
    made.server.stop()


@pytest.fixture
def window(served: Served, windows: Any) -> Any:
    """Return what opens windows of people who are signed in."""

    def opened(login: str, lang: str = "fr", **look: Any) -> Any:
        page = windows.open(served.server.url, lang, **look)
        page.context.add_cookies(served.sessions.brought(lang, login))
        return page

    return opened


def press(page: Any, selector: str) -> None:
    """Press what leads to another page."""
    with page.expect_navigation():
        page.locator(selector).first.click()


def prove(page: Any, telephones: Telephones, number: str, said: dict[str, str]) -> None:
    """Prove a number as its owner does, and let contacts write to it."""
    page.goto("/texting")
    press(page, "main a[href='/account/sms']")
    page.fill("[name=number]", "06 55 66 77 88")
    press(page, "#number [name=go]")
    assert "+33 6 55 66 77 88" in page.inner_text("main").replace("\xa0", " ")
    press(page, "#sure [name=send]")
    code = re.findall(r"\b\d{6}\b", telephones.wait(number, r"\b\d{6}\b"))[0]
    page.fill("#code [name=code]", code)
    press(page, f"text={said['mine']}")
    page.goto("/account/sms")
    page.check("#choices [name=who][value=contacts]")
    press(page, "#choices [name=save]")


@pytest.mark.parametrize(
    ("lang", "login", "width"),
    [("fr", "anouk", 1440), pytest.param("en", "carla", 390, marks=pytest.mark.slow)],
)
def test_a_number_is_proven_written_to_and_answers(served, window, lang, login, width):
    said, telephones = WORDS[lang], served.telephones
    basile, writer = window("basile", lang), window(login, lang, width=width)
    if not telephones.texts(NUMBERS["basile"]):
        prove(basile, telephones, NUMBERS["basile"], said)

    # The other finds him in his space, and sees what the message takes while it is typed.
    writer.goto("/members/basile")
    writer.get_by_role("link", name=said["text"]).click()
    writer.wait_for_selector("[data-told]")
    assert writer.input_value("[name=to]") == "basile"
    area, figures = writer.locator("textarea[name=text]"), writer.locator("[data-figures]")
    area.press_sequentially("Un œuf")
    assert writer.inner_text("[data-wide]") == said["wide"]
    area.fill("Tu prends la brouette ?")
    assert re.fullmatch(said["count"], figures.inner_text().replace("\xa0", " "))
    assert writer.locator("[data-wide]").is_hidden()
    press(writer, "main form [name=send]")
    assert writer.locator(".say-mine").count() == 1
    telephones.wait(NUMBERS["basile"], rf"^{login}: Tu prends la brouette \?$")
    writer.get_by_text(said["sent"], exact=True).wait_for()  # without a reload

    # He answers from his telephone: the open page shows it. Nobody is told a number.
    telephones.answer(writer, NUMBERS["basile"], f"{login}: Oui, à 9 h.")
    writer.wait_for_selector(".say:not(.say-mine)")
    assert "Oui, à 9 h." in writer.inner_text(".say:not(.say-mine)")
    assert "55667788" not in re.sub(r"\D", "", writer.content())

    # What is to leave later is taken out, taken back, and taken out.
    later = texting.later(timedelta(days=2))
    writer.locator("#say details summary").click()
    writer.fill("#say [name=text]", "Et la clé.")
    writer.fill("#say [name=later]", later)
    with writer.expect_navigation():
        writer.locator("#say [name=text]").press("Control+Enter")
    waiting = writer.locator(".say-later")
    waiting.locator("summary").click()
    press(writer, ".say-later [action$='/delete'] button")
    assert writer.locator(".say-later").count() == 0
    with writer.expect_navigation():
        writer.get_by_role("button", name=said["undo"]).click()
    assert "Et la clé." in writer.inner_text(".say-later")
    assert not any("Et la clé." in text for text in telephones.texts(NUMBERS["basile"]))


def test_the_page_counts_as_the_site_does(window):
    page = window("anouk")
    page.goto("/members/anouk/sms/new")
    found = page.evaluate(
        """async (texts) => {
            const { split, table, tidy } = await import(
                new URL("counting.js", document.querySelector("script[src*='sms.js']").src));
            const given = JSON.parse(document.querySelector("[data-count]").dataset.count);
            return texts.map((text) => split(table(given.table), tidy(text)));
        }""",
        ALIKE,
    )
    for text, counted in zip(ALIKE, found, strict=True):
        split = parts.split(parts.tidy(text))
        alphabet = [parts.GSM7, parts.UCS2][counted["alphabet"]]
        assert (alphabet, counted["left"]) == (split.alphabet, split.left), text
        assert tuple(counted["parts"]) == split.parts
        assert tuple(counted["foreign"]) == split.foreign


@pytest.mark.slow
def test_a_number_is_shown_as_it_is_understood_before_anything_leaves(served, window, judged):
    page = window("anouk", width=390)
    page.goto("/members/anouk/sms/new")
    page.locator("[name=to]").press_sequentially("06 12 34 56 78")
    told = page.locator("[data-told]")
    told.wait_for()
    assert "+33 6 12 34 56 78" in told.inner_text().replace("\xa0", " ")
    page.fill("[name=text]", "Je suis en bas.")
    assert "0,045" in page.inner_text("[data-figures]")
    assert judged(page) == []
    press(page, "main form [name=send]")
    assert page.locator("#preview").count() == 0  # it was seen already
    text = served.telephones.wait("+33612345678", "bas")
    assert text.startswith("anouk: Je suis en bas.\n")
    assert "STOP" in text
