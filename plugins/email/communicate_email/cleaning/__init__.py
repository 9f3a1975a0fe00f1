"""HTML of messages made fit to be shown: no script, nothing remote until it is asked for.

`clean` is pure: HTML in, `Cleaned` out.  What it returns belongs into a frame of its own, under
`policy`: cleaning and the browser's own rules each hold alone.
"""

from communicate_email.cleaning.frame import origins, page, policy
from communicate_email.cleaning.height import step
from communicate_email.cleaning.links import Link
from communicate_email.cleaning.services import Cleaned, clean

__all__ = ["Cleaned", "Link", "clean", "origins", "page", "policy", "step"]
