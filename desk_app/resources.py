"""Where the files that ship with the program are; the same for the counter and the server."""

from __future__ import annotations

from db.resources import resource as resource
