"""Sites as users bring them: text, files, archives; each becomes lon/lat geometry or a sentence.

`taixin.intake.sites` is what the rest of the program uses. This file imports nothing: the reading
process needs only some of the modules and shall start quickly.
"""

from __future__ import annotations

__all__ = ()
