"""Code in colours: spans with a few classes of ours, for which the site's styles have colours.

Pygments reads a language only where the author names one of LANGUAGES, and only so much text; what
is longer stands there plain.
"""

from collections.abc import Iterator
from functools import cache
from itertools import groupby
from time import thread_time
from typing import Any

from markupsafe import escape
from pygments.lexers import get_lexer_by_name
from pygments.token import Token

LONGEST = 10_000  # characters of one piece of code
# Their lexers look far ahead from every place: they are given little at a time.
SLOW = frozenset({"c", "cpp", "csharp", "diff", "java", "make", "typescript"})
STEP = 1_200  # characters
SECONDS = 0.5  # of the processor, for one text
LANGUAGES = {
    "bash": "bash",
    "sh": "bash",
    "shell": "bash",
    "console": "console",
    "powershell": "pwsh",
    "c": "c",
    "cpp": "cpp",
    "c++": "cpp",
    "csharp": "csharp",
    "c#": "csharp",
    "go": "go",
    "css": "css",
    "html": "html",
    "xml": "xml",
    "svg": "xml",
    "diff": "diff",
    "ini": "ini",
    "java": "java",
    "javascript": "javascript",
    "js": "javascript",
    "json": "json",
    "kotlin": "kotlin",
    "lua": "lua",
    "make": "make",
    "php": "php",
    "python": "python",
    "py": "python",
    "pycon": "pycon",
    "r": "r",
    "ruby": "ruby",
    "rb": "ruby",
    "rust": "rust",
    "rs": "rust",
    "sql": "sql",
    "swift": "swift",
    "toml": "toml",
    "typescript": "typescript",
    "ts": "typescript",
    "yaml": "yaml",
    "yml": "yaml",
    "dockerfile": "docker",
}
# Kinds of tokens by class, the first that fits; what fits none has no class.
ROLES = {
    Token.Comment: "c-c",
    Token.Keyword: "c-k",
    Token.Operator.Word: "c-k",
    Token.Literal.String: "c-s",
    Token.Literal.Number: "c-n",
    Token.Name.Function: "c-f",
    Token.Name.Class: "c-f",
    Token.Name.Tag: "c-k",
    Token.Name.Attribute: "c-f",
    Token.Name.Decorator: "c-f",
    Token.Generic.Prompt: "c-c",
    Token.Generic.Heading: "c-f",
    Token.Generic.Subheading: "c-f",
    Token.Generic.Inserted: "c-s",
    Token.Generic.Deleted: "c-d",
}
CLASSES = frozenset(ROLES.values())


@cache
def role_of(kind: Any) -> str:
    """Return the class for tokens of *kind*, empty for none."""
    while kind is not None:
        if kind in ROLES:
            return ROLES[kind]
        kind = kind.parent
    return ""


@cache
def lexer_for(language: str) -> Any:
    """Return what reads *language*, None where it is not one of LANGUAGES."""
    name = LANGUAGES.get(language)
    return None if name is None else get_lexer_by_name(name, stripnl=False, ensurenl=False)


class Patience:
    """What is left of the processor's time that one text may take: some lexers are slow with some.

    It is this thread's own time, so that the same text gives the same HTML on a busy machine.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self._end = thread_time() + seconds

    @property
    def is_over(self) -> bool:
        """Whether there is nothing left."""
        return thread_time() > self._end


def highlight(code: str, language: str, patience: Patience | None = None) -> str:
    """Return the HTML of *code*, escaped, in colours where *language* is known.

    It stands plain from where *patience*, one for a whole text, is over.
    """
    lexer = lexer_for(language.lower())
    patience = patience or Patience()
    if lexer is None or len(code) > LONGEST:
        return str(escape(code))
    step = STEP if LANGUAGES[language.lower()] in SLOW else LONGEST
    return "".join(
        str(escape(piece)) if patience.is_over else _coloured(piece, lexer, patience)
        for piece in _pieces(code, step)
    )


def _pieces(code: str, step: int) -> Iterator[str]:
    """Yield *code* in pieces of at most *step* characters that end with a line if one ends."""
    start = 0
    while start < len(code):
        stop = start + step
        if stop < len(code):
            stop = code.rfind("\n", start, stop) + 1 or stop
        yield code[start:stop]
        start = stop


def _coloured(code: str, lexer: Any, patience: Patience) -> str:
    found, read = [], 0
    for role, tokens in groupby(lexer.get_tokens(code), lambda token: role_of(token[0])):
        words = "".join(value for _kind, value in tokens)
        read += len(words)
        text = escape(words)
        found.append(f'<span class="{role}">{text}</span>' if role else str(text))
        if patience.is_over:
            found.append(str(escape(code[read:])))
            break
    return "".join(found)
