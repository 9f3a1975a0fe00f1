"""Words by which somebody wants no more messages, or wants them again.

A whole message is such a word, whatever marks stand around it; case and accents do not count.
They are those of the carriers' rules (CTIA Messaging Principles and Best Practices, 5.1.3; 47 CFR
64.1200(a)(10)), and what people write in French, Spanish and German.
"""

import re
import unicodedata

STOP = frozenset(
    {
        *("stop", "stop all", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke"),
        *("opt out", "optout"),
        *("arret", "arreter", "arretez", "stopper", "desabonner", "desabonnement"),
        *("desabonnez moi", "desinscription", "desinscrire", "desinscrivez moi"),
        *("baja", "darse de baja", "parar", "alto", "cancelar", "detener"),
        *("stopp", "abmelden", "abmeldung", "abbestellen", "beenden", "halt"),
    }
)
START = frozenset({"start", "unstop"})
LONGEST = 40  # characters: a word with marks around it
_MARKS = re.compile(r"[^a-z0-9]+")
_SHORT = re.compile(r" \d{4,6}$")  # the number that advertisers ask to be named


def wants_none(text: str) -> bool:
    """Tell whether *text* says that nothing more is wanted.

    >>> wants_none(" « Arrêt » !"), wants_none("Stop pushing"), wants_none("STOP")
    (True, False, True)
    """
    return _word(text) in STOP


def wants_again(text: str) -> bool:
    """Tell whether *text* says that messages are wanted again.

    >>> wants_again("Start."), wants_again("restart")
    (True, False)
    """
    return _word(text) in START


def _word(text: str) -> str:
    if len(text) > LONGEST:
        return ""
    folded = "".join(
        one
        for one in unicodedata.normalize("NFKD", text).casefold()
        if not unicodedata.combining(one)
    )
    if any(one.isalpha() and not ("a" <= one <= "z") for one in folded):
        return ""
    return _SHORT.sub("", _MARKS.sub(" ", folded).strip())
