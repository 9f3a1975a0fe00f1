"""What a browser says that it is, in three words: enough to recognise one's own sessions."""

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone", "phone"),
    ("iPad", "iPad", "tablet"),
    ("Android", "Android", "phone"),
    ("Windows", "Windows", "laptop"),
    ("Mac OS", "macOS", "laptop"),
    ("Linux", "Linux", "laptop"),
)


def describe(user_agent: str | None) -> dict[str, str]:
    """Return ``browser``, ``system`` and ``kind`` (phone, tablet, laptop); unknown ones are empty.

    >>> describe("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    {'browser': 'Firefox', 'system': 'Linux', 'kind': 'laptop'}
    """
    text = user_agent or ""
    browser = next((name for mark, name in BROWSERS if mark in text), "")
    system, kind = next((found[1:] for found in SYSTEMS if found[0] in text), ("", "laptop"))
    if system == "Android" and "Mobile" not in text:
        kind = "tablet"
    return {"browser": browser, "system": system, "kind": kind}
