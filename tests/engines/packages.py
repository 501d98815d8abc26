"""A Python that has certain packages of PyPI: this one, or that of a virtual environment made for them."""

import importlib.util
import os
import pathlib
import subprocess
import sys
import venv


def with_packages(packages, folder):
    """Runs this script again in a Python that has them (`packages`: module -> name on PyPI); returns where they are."""
    if all(importlib.util.find_spec(module) for module in packages):
        return
    if folder is None:
        raise SystemExit(f"{', '.join(packages.values())}: not installed; say --venv FOLDER, and they are installed there")
    python = pathlib.Path(folder) / "bin" / "python"
    if pathlib.Path(sys.prefix).resolve() == pathlib.Path(folder).resolve():
        raise SystemExit(f"{', '.join(packages.values())} cannot be imported from {folder}")
    if not python.exists():
        venv.create(folder, with_pip=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages.values()]
    subprocess.run(pip, check=True)
    os.execv(python, [str(python), *sys.argv])
