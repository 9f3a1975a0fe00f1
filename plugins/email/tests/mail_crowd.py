"""Deliveries and the webmail, at the same time as programs do things with one mailbox.

Neither says which uid it has given or taken: of what they touch it is only known that it is there.
"""

import random
import re
import threading

from communicate.storage.work import work
from communicate_email.interfaces import IDelivery
from communicate_email.letters import Letter

from .reading_site import DOMAIN, letter

ANSWERS = (200, 303, 400, 404, 409, 503)  # 503: others were in the way of each try
SUBJECT = re.compile(r"n(\d+)")


class Actor(threading.Thread):
    """Somebody who takes steps as long as *until* yields."""

    raised = None

    def __init__(self, library, ledger, login, seed, until):
        super().__init__()
        self.library, self.ledger, self.login, self.until = library, ledger, login, until
        self.random = random.Random(seed)
        self.steps = 0

    def run(self):
        """Take steps."""
        try:
            for _step in self.until:
                self.step()
                self.steps += 1
        except BaseException as error:
            self.raised = error


class Deliverer(Actor):
    """What comes in from outside."""

    def step(self):
        """Deliver a letter: it is stored, whatever programs do meanwhile."""
        (number,) = self.ledger.numbers(1)
        raw = letter(f"n{number}", Message_ID=f"<{number}@x>")

        def bring(request):
            one = Letter(raw, "luce@ailleurs.example")
            return request.find_service(IDelivery).deliver(one, [f"{self.login}@{DOMAIN}"])

        found = work(self.library.house.registry, bring, tries=100)
        assert [outcome.value for outcome in found.values()] == ["stored"]
        self.ledger.came(number, None)


class Reader(Actor):
    """The member in the webmail: puts away, takes back, marks."""

    def __init__(self, *given):
        super().__init__(*given)
        self.browser = self.library.house.browser(self.login)

    def step(self):
        """Look at a folder, tick some, press a button, and perhaps take that back."""
        page = self.browser.get("/mail").maybe_follow()
        if self.random.random() < 0.5 and "Archives" in page:
            page = page.click("Archives", index=0)
        ticks = page.html.select("input[name=uid]")
        if not ticks:
            return
        some = self.random.sample(ticks, min(2, len(ticks)))
        for tick in some:
            row = tick.find_parent("li")
            self.ledger.astray.add(int(SUBJECT.search(row.select_one(".row-subject").text)[1]))
        fields = {
            "csrf_token": page.html.select_one("[name=csrf_token]")["value"],
            "uid": [tick["value"] for tick in some],
            "act": self.random.choice(("archive", "seen", "star", "inbox")),
        }
        path = re.search(r'action="([^"]+/act)"', page.text)[1]
        answer = self.browser.post(path, fields, status="*")
        assert answer.status_int in ANSWERS, answer
        if answer.status_int == 303 and self.random.random() < 0.3:
            after = answer.follow()
            for form in [form for form in after.forms.values() if "Undo</" in form.text]:
                assert form.submit(status="*").status_int in ANSWERS
