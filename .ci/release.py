"""Make a release: ``release.py 0.2.0`` writes the version everywhere, dates the changelog, commits, tags and builds."""

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

ROOT = Path.cwd()
PLACES = {
    "pyproject.toml": (r'(?m)^version = ".*"$', 'version = "{version}"'),
    "src/ifntrial/__init__.py": (r'(?m)^__version__ = ".*"$', '__version__ = "{version}"'),
    "CITATION.cff": (
        r"(?m)^version: .*\n(date-released: .*\n)?",
        "version: {version}\ndate-released: {day}\n",
    ),
    "CHANGELOG.md": (r"(?m)^## \[Unreleased\]\n", "## [Unreleased]\n\n## [{version}] - {day}\n"),
}
"""File to what is found in it, once, and what takes its place."""


def git(*words: str) -> str:
    """Return what git says."""
    return subprocess.run(["git", *words], check=True, capture_output=True, text=True).stdout.strip()


def refuse(reason: str) -> None:
    """End with a reason."""
    sys.exit(f"release: {reason}")


def require_ready(version: str) -> None:
    """End unless a release of this version can be made from what is checked out."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        refuse(f"'{version}' is not a version; give three numbers: make release VERSION=0.2.0")
    if git("status", "--porcelain"):
        refuse("there are changes that are not committed; commit them first.")
    if f"v{version}" in git("tag").splitlines():
        refuse(f"there is a tag v{version}; choose the next version.")
    before = re.search(r'(?m)^version = "(.*)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    if before is None or tuple(map(int, version.split("."))) < tuple(map(int, before[1].split("."))):
        refuse(f"{version} is below the version of now, {before and before[1]}.")
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    unreleased = text.partition("## [Unreleased]\n")[2].partition("\n## [")[0]
    if not unreleased.strip():
        refuse("the changelog tells of nothing under “Unreleased”.")


def main(version: str) -> None:
    """Write, commit, tag and build; nothing is pushed or published."""
    require_ready(version)
    for name, (pattern, new) in PLACES.items():
        path = ROOT / name
        words = new.format(version=version, day=date.today().isoformat())
        text, count = re.subn(pattern, lambda _, words=words: words, path.read_text(encoding="utf-8"))
        if count != 1:
            refuse(f"{name} holds {count} places for the version, not one.")
        path.write_text(text, encoding="utf-8")
    git("commit", "--quiet", "--all", "--message", f"Release {version}")
    git("tag", "--annotate", f"v{version}", "--message", f"ifntrial {version}")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-d", "dist"], check=True, cwd=ROOT)
    print(
        f"Release {version} is committed, tagged v{version} and built in dist/. To do: push the branch and the tag."
    )


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
