"""The packages, each folder in these rooms, and the page of a registry. The rest is in pyproject.toml."""

import re
from pathlib import Path

from setuptools import find_namespace_packages, setup

ROOMS = {"cli": "cli", "stages": "stages", "models": "models", "pages": "pages", "sklearn": "estimators"}

packages = {"nndigits": "nndigits"}
for name, folder in ROOMS.items():
    packages[f"nndigits.{name}"] = folder
    inner = find_namespace_packages(folder, exclude=["*__pycache__*"])  # those without code hold data
    packages |= {f"nndigits.{name}.{one}": f"{folder}/{one.replace('.', '/')}" for one in inner}

readme = Path("README.md").read_text(encoding="utf-8")
readme = re.sub(r"^!\[.*\n|^\[中文\].*\n", "", readme, flags=re.MULTILINE)
readme = re.sub(r"\[([^]]+)\]\((?!http)([^)]+)\)", r"\1 (\2)", readme)

setup(
    packages=list(packages),
    package_dir=packages,
    long_description=readme,
    long_description_content_type="text/markdown",
)
