"""Read the settings of a site: the ini file, then the environment, then the command line.

`load` gives one flat dictionary of typed values and refuses a bad file with *all* its
errors at once. The keys of core stand in one file a group (`site`, `stores`, `backup`,
`mail`, `limits`, `web`); a plugin adds its own through the hook ``communicate_settings``.
"""

from communicate.settings.errors import BadSettings, Problem
from communicate.settings.load import OVERRIDES, enabled_plugins, load, peek
from communicate.settings.nodes import node
from communicate.settings.types import FilePath, Names, Rate, SiteURL, Size, Switch

__all__ = [
    "OVERRIDES",
    "BadSettings",
    "FilePath",
    "Names",
    "Problem",
    "Rate",
    "SiteURL",
    "Size",
    "Switch",
    "enabled_plugins",
    "load",
    "node",
    "peek",
]
