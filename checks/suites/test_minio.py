"""The functional tests of minio-py, each as a test of its own: its own runner stops at the first that fails."""

import os
import shutil

import minio
import pytest
from tests.functional import tests as suite

MEGABYTE = 1024 * 1024


@pytest.fixture(autouse=True, scope="session")
def client(tmp_path_factory):
    """What the suite's main function sets up."""
    folder = tmp_path_factory.mktemp("minio")
    suite._client = minio.Minio(os.environ["SERVER_ENDPOINT"], os.environ["ACCESS_KEY"], os.environ["SECRET_KEY"], secure=False)
    suite._is_aws = False
    for name, size in (("_test_file", 1), ("_large_file", 11)):
        path = folder / name
        with path.open("wb") as file:
            shutil.copyfileobj(suite.LimitedRandomReader(size * MEGABYTE), file)
        setattr(suite, name, str(path))


@pytest.mark.parametrize("name", sorted(name for name in vars(suite) if name.startswith("test_")))
def test(name):
    getattr(suite, name)({"name": name})
