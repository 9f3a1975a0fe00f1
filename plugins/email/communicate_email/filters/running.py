"""A script run for one message: what is to be done with it, nothing done."""

import hashlib
from typing import Any

from communicate_email.filters.actions import INBOX, File, Result, Vacation
from communicate_email.filters.errors import TooMuch
from communicate_email.filters.facts import Facts
from communicate_email.filters.limits import DAYS, MAX_ACTIONS, MAX_DAYS, MAX_STEPS, MIN_DAYS
from communicate_email.filters.matching import Steps
from communicate_email.filters.script import Act, Choice, Script, Step
from communicate_email.filters.testing import met


def run(script: Script, facts: Facts, steps: int = MAX_STEPS) -> Result:
    """Return what *script* wants done with the message of *facts*, in at most *steps*.

    What takes more is kept, and nothing else is done with it (RFC 5228, 2.10.6).
    """
    running = _Running(facts, Steps(steps))
    try:
        running.block(script.steps)
    except TooMuch:
        return Result((File(INBOX),), failed=True)
    return running.result()


class _Running:
    """One run: what was wanted so far."""

    def __init__(self, facts: Facts, steps: Steps) -> None:
        self.facts = facts
        self.steps = steps
        self.files: dict[str, File] = {}
        self.flags: tuple[str, ...] = ()
        self.vacation: Vacation | None = None
        self.implicit = True

    def block(self, block: tuple[Step, ...]) -> bool:
        """Do *block*; tell whether to go on after it."""
        for step in block:
            self.steps.take()
            if isinstance(step, Choice):
                if not self.choose(step):
                    return False
            elif step.name == "stop":
                return False
            else:
                getattr(self, f"do_{step.name}")(step)
        return True

    def choose(self, choice: Choice) -> bool:
        """Do the first of the branches of *choice* whose test is met; tell whether to go on."""
        for test, block in choice.branches:
            if test is None or met(test, self.facts, self.flags, self.steps):
                return self.block(block)
        return True

    def result(self) -> Result:
        """Return what is to be done, what nothing cancelled included."""
        if self.implicit:
            self.put(INBOX, self.flags, create=False)
        return Result(tuple(self.files.values()), self.vacation)

    def put(self, mailbox: str, flags: tuple[str, ...], *, create: bool) -> None:
        """Have the message in *mailbox*, once, with the flags that were named last."""
        mailbox = INBOX if mailbox.upper() == INBOX else mailbox
        if mailbox not in self.files and len(self.files) >= MAX_ACTIONS:
            raise TooMuch
        before = self.files.get(mailbox)
        self.files[mailbox] = File(mailbox, flags, create or bool(before and before.create))

    def do_keep(self, act: Act) -> None:
        self.put(INBOX, self.flags if act.flags is None else _once(act.flags), create=False)
        self.implicit = False

    def do_fileinto(self, act: Act) -> None:
        flags = self.flags if act.flags is None else _once(act.flags)
        self.put(act.text, flags, create=":create" in act.tags)
        self.implicit = self.implicit and ":copy" in act.tags

    def do_discard(self, _act: Act) -> None:
        self.implicit = False

    def do_setflag(self, act: Act) -> None:
        self.flags = _once(act.flags or ())

    def do_addflag(self, act: Act) -> None:
        self.flags = _once((*self.flags, *(act.flags or ())))

    def do_removeflag(self, act: Act) -> None:
        gone = {flag.lower() for flag in act.flags or ()}
        self.flags = tuple(flag for flag in self.flags if flag.lower() not in gone)

    def do_vacation(self, act: Act) -> None:
        if self.vacation is None:  # RFC 5230, 4.7: one answer to a message
            self.vacation = _vacation(act.text, dict(act.said))


def _once(flags: tuple[str, ...]) -> tuple[str, ...]:
    """Return *flags* each once, whatever their case, as it was written first."""
    return tuple({flag.lower(): flag for flag in reversed(flags)}.values())[::-1]


def _vacation(reason: str, said: dict[str, Any]) -> Vacation:
    days = DAYS if said["days"] is None else max(MIN_DAYS, min(said["days"], MAX_DAYS))
    # RFC 5230, 4.2: without a handle, what is said names the answer.
    kind = "\0".join((reason, said["subject"], said["sender"]))
    handle = said["handle"] or hashlib.sha256(kind.encode("utf-8", "replace")).hexdigest()
    return Vacation(reason, handle, days, said["subject"], said["sender"], said["addresses"])
