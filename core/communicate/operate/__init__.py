"""The operators' pages under ``/operate``: figures that need action first, then lists.

``/health`` and ``/metrics`` are for machines.
"""

from typing import Any

from pyramid.config import Configurator
from pyramid.tweens import INGRESS

ROUTES = {
    "operate": "/operate",
    "operate_plugins": "/operate/plugins",
    "operate_plugin": "/operate/plugins/{name}",
    "operate_jobs": "/operate/jobs",
    "operate_members": "/operate/members",
    "operate_invitations": "/operate/invitations",
    "operate_storages": "/operate/storages",
    "operate_health": "/operate/health",
}


def includeme(config: Configurator) -> None:
    """Name the addresses, and count answers."""
    from communicate.operate.alive import Pulse
    from communicate.operate.metrics import Metrics
    from communicate.operate.views.machines import door

    registry: Any = config.registry
    registry.communicate_pulse = Pulse()
    registry.communicate_metrics = Metrics(registry)
    for name, pattern in ROUTES.items():
        config.add_route(name, pattern)
    config.include("communicate.operate.pages")
    config.add_route("health", "/health", factory=door)
    config.add_route("metrics", "/metrics", factory=door)
    config.add_tween("communicate.operate.metrics.tween_factory", under=INGRESS)
