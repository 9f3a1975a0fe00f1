"""The frame in which HTML of a message is shown, and the rules it is under."""

_STYLE = (
    "body{margin:0;padding:.25rem;overflow-wrap:anywhere;font:1rem/1.5 system-ui,sans-serif;"
    "color:#1c1c1c;background:#fff}img{max-width:100%;height:auto}table{max-width:100%}"
    "blockquote{margin:0 0 0 .5rem;padding-left:.75rem;border-left:.2rem solid #ccc}"
    ".goes{font-size:.85em;color:#8a1f11;font-weight:bold}"
)


def policy(*, remote: bool = False, ancestors: str = "'self'") -> str:
    """Return the Content-Security-Policy of a frame with a message.

    Without *remote* it loads nothing at all: pictures of the message come as ``data:``.  With it,
    pictures are loaded, and only these.  The sandbox gives it an origin of its own, no script, no
    form; links open in a new window.
    """
    pictures = "data: https: http:" if remote else "data:"
    return (
        f"default-src 'none'; img-src {pictures}; style-src 'unsafe-inline'; base-uri 'none'; "
        f"form-action 'none'; frame-ancestors {ancestors}; "
        "sandbox allow-popups allow-popups-to-escape-sandbox"
    )


def page(cleaned: str, language: str = "") -> str:
    """Return the document of the frame around *cleaned* HTML."""
    lang = f' lang="{language}"' if language.replace("-", "").isalnum() else ""
    return (
        f'<!DOCTYPE html>\n<html{lang}><head><meta charset="utf-8">'
        '<meta name="referrer" content="no-referrer">'
        f"<style>{_STYLE}</style></head><body>{cleaned}</body></html>\n"
    )
