"""Made archives of a mailing list, alike enough to real ones: headers, quotes, signatures."""

import random
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path

WORDS = """
le la un une de du et à en que qui pour dans sur avec pas plus ce il on nous vous je est sont fait
avoir être peut faut voir bien tout comme mais où donc question réponse problème version fichier
serveur module fonction erreur merci bonjour ligne liste paquet test code
""".split()  # noqa: SIM905
RARE = [f"mot{number}" for number in range(4_000)]
START = 1_200_000_000
HEADERS = """Return-Path: <list-bounces@lists.example.org>
Received: from mx1.example.org (mx1.example.org [192.0.2.{n}])
\tby lists.example.org (Postfix) with ESMTP id 4A{n}F{n}
\tfor <list@lists.example.org>; {date}
Received: from mail.example.net (mail.example.net [198.51.100.{n}])
\t(using TLSv1.2 with cipher ECDHE-RSA-AES128-GCM-SHA256 (128/128 bits))
\tby mx1.example.org (Postfix) with ESMTPS id 77{n}; {date}
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.net; s=20161025;
\th=mime-version:references:in-reply-to:from:date:message-id:subject:to;
\tbh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;
\tb=dzdVyOfAKCdLXdJOc9G2q8LoXSlEniSbav+yuU4zGeeruD00lszZVoG4ZHRNiYzR
X-Mailer: Mozilla Thunderbird
X-BeenThere: list@lists.example.org
Precedence: list
List-Id: <list.lists.example.org>
List-Post: <mailto:list@lists.example.org>
List-Unsubscribe: <https://lists.example.org/options/list>,
 <mailto:list-request@lists.example.org?subject=unsubscribe>
To: list@lists.example.org
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit
"""


def lines(luck: random.Random, count: int, mark: str = "") -> list[str]:
    """Return *count* lines of words, some rare, in paragraphs."""
    found = []
    for _ in range(count):
        words = [luck.choice(RARE if luck.random() < 0.08 else WORDS) for _ in range(11)]
        found.append(f"{mark}{' '.join(words)}{luck.choice(['', '.', ',', ' ?'])}")
        if luck.random() < 0.2:
            found.append(mark.rstrip())
    return found


def messages(count: int, *, seed: int = 1, tag: str = "m", size: int = 14) -> Iterator[str]:
    """Yield *count* messages as they stand in an mbox, four of five an answer to one before."""
    luck, date = random.Random(seed), START  # noqa: S311 (nothing secret hangs on it)
    recent: list[tuple[str, list[str], str]] = []
    for number in range(count):
        date += luck.randint(30, 4_000)
        above = luck.choice(recent) if recent and luck.random() < 0.8 else None
        name, author = f"<{tag}{number}@example.net>", luck.randrange(max(20, count // 20))
        answered = [*above[1], above[0]][-12:] if above else []
        subject = above[2] if above else f"Question {number} sur {luck.choice(WORDS)}"
        recent = [*recent[-200:], (name, answered, subject)]
        head = [
            f"From personne{author}@example.net Mon Jan  1 10:00:00 2001",
            HEADERS.format(n=number % 250, date=formatdate(date)).rstrip(),
            f"From: Personne {author} <personne{author}@example.net>",
            f"Date: {formatdate(date)}",
            f"Subject: {'Re: ' if above else ''}[liste] {subject}",
            f"Message-ID: {name}",
        ]
        if above:
            listed = "\n ".join(answered)
            head += [f"In-Reply-To: {answered[-1]}", f"References: {listed}"]
        body = lines(luck, size)
        if above:
            wrote = f"Le lundi, Personne {author} <personne{author}@example.net> a écrit :"
            body = [wrote, *lines(luck, size // 2, "> "), "", *body]
        yield "\n".join([*head, "", *body, "", "-- ", f"Personne {author}", "", ""])


def write(path: Path, count: int, **how: object) -> Path:
    """Write an mbox of *count* messages at *path*, and return it."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(messages(count, **how))  # type: ignore[arg-type]
    return path
