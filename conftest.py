"""What holds for every test, of core and of the plugins."""

from hypothesis import settings

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("communicate", settings.default, deadline=None)
settings.load_profile("communicate")
