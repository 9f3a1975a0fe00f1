"""The addresses of topics, which end with words of their titles."""

from typing import Any

from communicate.web.slugs import named


def topic_path(topic: Any, title: str | None) -> str:
    """Return the address of *topic*, called *title*."""
    return f"/forums/{topic.__parent__.__name__}/{named(topic.id, title)}"
