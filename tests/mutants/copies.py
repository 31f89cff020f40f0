"""Copies of the working tree, so that no change ever touches the checkout."""

import os
import shutil
import subprocess
from pathlib import Path


def update_copy(root: Path, copy: Path) -> None:
    """Make a folder hold what the working tree holds, except what git ignores.

    Files that are the same stay as they are, with what was compiled from them.
    """
    wanted = {Path(name) for name in list_files(root)}
    for name in wanted:
        target = copy / name
        if target.is_file() and target.read_bytes() == (root / name).read_bytes():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / name, target)
    for path in list(copy.rglob("*")):
        if path.suffix == ".py" and path.relative_to(copy) not in wanted:
            path.unlink()


def list_files(root: Path) -> list[str]:
    """Return the files that git tracks or would track, below the root."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, check=True, capture_output=True).stdout.decode()
    return sorted({name for name in listed.split("\0") if name and (root / name).is_file()})


def environment_of(copy: Path) -> dict[str, str]:
    """Return the environment in which the tests of a copy see its sources and not the installed ones."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(copy / "src"), str(Path(__file__).parents[1])])}
