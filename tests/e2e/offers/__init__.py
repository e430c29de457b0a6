"""Availability, presence, offers and waiting as both sides see them.

An agent's pages and a visitor's, one real server.
"""

import pytest

pytestmark = pytest.mark.e2e
