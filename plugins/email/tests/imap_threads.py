"""Letters that answer each other, and whatever else they claim, to be put into threads."""

import random

SUBJECTS = (
    "Zinnias", "Re: Zinnias", "[jardin] Zinnias", "Fwd: Zinnias", "Ail", "RE: ail (fwd)",
    "[Fwd: Ail]", "=?utf-8?q?R=65=3A_Ail?=", "", "Re:", "[jardin]",
)  # fmt: skip
COUNT = 40


def letters(seed, count=COUNT):
    """Return *count* letters by chance: of *seed* they are always the same."""
    chance = random.Random(seed)
    made = []
    for number in range(count):
        fields = [f"Date: Mon, 2 Feb 2026 10:{chance.randrange(60):02d}:{number:02d} +0000"]
        fields += ["From: Luce <luce@ailleurs.example>", f"Subject: {chance.choice(SUBJECTS)}"]
        if chance.random() < 0.9:
            fields.append(f"Message-ID: <{_name(chance)}>")
        if chance.random() < 0.5:
            names = " ".join(f"<{_name(chance)}>" for _ in range(chance.randrange(1, 5)))
            fields.append(f"References: {names}")
        if chance.random() < 0.3:
            fields.append(f"In-Reply-To: <{_name(chance)}>")
        made.append("\r\n".join([*fields, "", "Un mot.", ""]).encode())
    return made


def _name(chance):
    return f"{chance.randrange(COUNT * 2)}@x.example"
