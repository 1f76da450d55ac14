"""Settings shared by all tests."""

from __future__ import annotations

import signal

from hypothesis import settings

# A loaded machine makes single examples slow; the timeout of pytest bounds the whole test.
settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")

# A shell starts background jobs with SIGINT ignored, and children inherit that; the tests that
# interrupt commands need what a terminal gives.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
