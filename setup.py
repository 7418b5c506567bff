"""The packages: each folder with an ``__init__.py`` in these rooms, as a part of ``nndigits``. The rest is in pyproject.toml."""

from setuptools import find_packages, setup

ROOMS = {"cli": "cli", "stages": "stages", "models": "models", "pages": "pages", "sklearn": "estimators"}

packages = {"nndigits": "nndigits"}
for name, folder in ROOMS.items():
    packages[f"nndigits.{name}"] = folder
    packages |= {f"nndigits.{name}.{inner}": f"{folder}/{inner.replace('.', '/')}" for inner in find_packages(folder)}

setup(packages=list(packages), package_dir=packages)
