"""Settings shared by all tests."""

from __future__ import annotations

from hypothesis import settings

# A loaded machine makes single examples slow; the timeout of pytest bounds the whole test.
settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")
