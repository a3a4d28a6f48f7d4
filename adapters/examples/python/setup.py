"""Builds the module as a wheel for Python 3.10 and later. pkg-config says where scripts/install-capi put the C library: PKG_CONFIG_PATH."""
import subprocess

from setuptools import Extension, setup


def library(*asked):
    return subprocess.run(["pkg-config", *asked, "cors_engine_documents"], check=True, capture_output=True, text=True).stdout.strip()


# The static library is in the wheel, and none of its symbols can be seen from outside.
engine = Extension(
    "cors_engine._engine",
    ["src/cors_engine/_engine.c"],
    include_dirs=[library("--variable=includedir")],
    extra_objects=[library("--variable=libdir") + "/libcors_engine_documents.a"],
    libraries=["gcc_s", "pthread", "m", "dl"],
    extra_link_args=["-Wl,--exclude-libs,ALL", "-Wl,--gc-sections", "-s"],
    py_limited_api=True,
)
setup(version=library("--modversion"), ext_modules=[engine], options={"bdist_wheel": {"py_limited_api": "cp310"}})
