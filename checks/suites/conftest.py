"""What the suite of oss2 asks for before its tests and is not one of them."""

import sys
from pathlib import Path

import pytest


@pytest.fixture(autouse=True, scope="session")
def without_live_channels():
    """The clean-up of every test of oss2 lists live channels, which `cors serve` refuses. There are none."""
    oss2 = pytest.importorskip("oss2")
    oss2.LiveChannelIterator = lambda _bucket: ()


def pytest_configure(config):
    """The suites lie where the source packages were unpacked."""
    sys.path.insert(0, str(Path(config.rootpath)))
