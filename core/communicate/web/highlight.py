"""Code in colours: spans with a few classes of ours, for which the site's styles have colours.

Pygments reads a language only where the author names one of LANGUAGES, and only so much text; what
is longer stands there plain.
"""

from functools import cache
from itertools import groupby
from typing import Any

from markupsafe import escape
from pygments.lexers import get_lexer_by_name
from pygments.token import Token

LONGEST = 20_000  # characters of one piece of code
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


def highlight(code: str, language: str) -> str:
    """Return the HTML of *code*, escaped, in colours where *language* is known."""
    lexer = lexer_for(language.lower())
    if lexer is None or len(code) > LONGEST:
        return str(escape(code))
    found = []
    for role, tokens in groupby(lexer.get_tokens(code), lambda token: role_of(token[0])):
        text = escape("".join(value for _kind, value in tokens))
        found.append(f'<span class="{role}">{text}</span>' if role else str(text))
    return "".join(found)
