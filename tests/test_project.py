"""The project as a whole: layout, locks, the two commands, imports, and what may not stand in a file."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
ORDERED = {"workbench", "coding_schemes", "interviews", "quant", "pages", "tests", "pyproject.toml"}
BESIDE = {
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "README.md",
    "benchmarks",
    "docs",
    "examples",
    "requirements-build.lock",
    "requirements-cluster.lock",
    "requirements-dev.lock",
    "requirements.lock",
    "scripts",
}
LOCKS = ("requirements-build.lock", "requirements.lock", "requirements-dev.lock", "requirements-cluster.lock")
# SQLModel and pytest bring these and have them in their own interfaces.
INCLUDED = {"sqlalchemy", "pydantic", "packaging"}
TEXT_SUFFIXES = {"", ".css", ".csv", ".html", ".js", ".json", ".lock", ".md", ".py", ".toml", ".txt"}
# Folders of one person's or one company's computer, and addresses of package indexes.
PRIVATE_PLACES = re.compile(
    r"(?<![\w.~/-])/(?:home|root|Users|work|opt|mnt|srv)/\w"
    r"|[A-Z]:\\Users\\"
    r"|https?://[\w.-]*(?:pypi|pythonhosted|npmjs|jfrog|artifactory|deb\.debian)[\w.-]*"
)


def _tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout: the files that belong to the project are not known")
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


def _project() -> dict[str, object]:
    project: dict[str, object] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
        "project"
    ]
    return project


def _requirements(*extras: str) -> list[Requirement]:
    """The dependencies that pyproject.toml names, with those of `extras`, but without the project itself."""
    project = _project()
    named = [
        *project["dependencies"],
        *(line for extra in extras for line in project["optional-dependencies"][extra]),
    ]  # type: ignore[misc,index]
    return [Requirement(line) for line in named if not line.startswith(str(project["name"]))]


def _locked(lock: str) -> dict[str, list[Requirement]]:
    """Pinned requirements by name; a name has several where platforms or Pythons need different versions."""
    locked: dict[str, list[Requirement]] = {}
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", " ")):
            requirement = Requirement(line.rstrip(" \\"))
            locked.setdefault(requirement.name, []).append(requirement)
    return locked


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_ordered_layout_is_there() -> None:
    assert {name for name in ORDERED if (ROOT / name).exists()} == ORDERED


def test_nothing_else_lies_at_the_top_than_what_has_a_place_there() -> None:
    top = {path.relative_to(ROOT).parts[0] for path in _tracked_files()}
    assert top - ORDERED - BESIDE == set()


def test_the_readme_begins_with_the_start_command_and_the_test_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = [block.strip() for block in re.findall(r"```\n(.*?)```", readme, re.DOTALL)]
    assert commands[:2] == ["python3 scripts/start.py", "python3 scripts/check.py --install"]
    assert readme.index(commands[1]) < 600
    assert all((ROOT / shlex.split(command)[1]).is_file() for command in commands[:2])


def test_continuous_integration_runs_the_test_command_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert script.splitlines()[-1] == "exec python3 scripts/check.py --install"


@pytest.mark.parametrize(
    ("lock", "extras"),
    [
        ("requirements.lock", ("postgres",)),
        ("requirements-dev.lock", ("postgres", "dev")),
        ("requirements-cluster.lock", ("cluster",)),
    ],
)
def test_the_lock_is_in_step_with_pyproject(lock: str, extras: tuple[str, ...]) -> None:
    """If this fails: run `python scripts/lock.py`."""
    locked = _locked(lock)
    for requirement in _requirements(*extras):
        pins = locked.get(_canonical(requirement.name), [])
        versions = [pin.specifier.__str__().removeprefix("==") for pin in pins]
        assert versions, f"{requirement.name} is not in {lock}"
        assert all(requirement.specifier.contains(version) for version in versions), requirement.name


@pytest.mark.parametrize("other", ["requirements-dev.lock", "requirements-cluster.lock"])
def test_a_package_has_the_same_version_in_every_lock(other: str) -> None:
    run, further = _locked("requirements.lock"), _locked(other)
    shared = run.keys() & further.keys()
    assert len(shared) > 90
    assert {name: list(map(str, run[name])) for name in shared} == {
        name: list(map(str, further[name])) for name in shared
    }


def test_the_development_lock_holds_all_that_the_application_needs() -> None:
    assert _locked("requirements.lock").keys() - _locked("requirements-dev.lock").keys() == set()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_version_has_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    blocks = re.split(r"\n(?=[a-z])", text.split("\n", 1)[1])
    assert [block for block in blocks if "--hash=sha256:" not in block] == []


def test_every_dependency_says_why_it_is_there() -> None:
    reasons = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    assert [
        need.name for need in _requirements("postgres", "cluster", "dev") if f"**{need.name}**" not in reasons
    ] == []


def test_no_file_names_a_folder_of_one_computer_or_the_address_of_a_package_index() -> None:
    found = []
    for path in _tracked_files():
        if path.suffix in TEXT_SUFFIXES and path != Path(__file__):
            text = path.read_text(encoding="utf-8", errors="replace")
            found += [f"{path.relative_to(ROOT)}: {match}" for match in PRIVATE_PLACES.findall(text)]
    assert found == []


def test_pages_import_what_they_need_by_absolute_names_and_no_storage() -> None:
    """Streamlit runs a page as `__main__`, so relative imports would fail there."""
    for page in sorted((ROOT / "pages").glob("*.py")):
        for node in ast.walk(ast.parse(page.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{page.name}:{node.lineno} imports relatively"
                assert not (node.module or "").startswith("workbench.store"), f"{page.name}:{node.lineno}"
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
                assert not any(name.startswith("workbench.store") for name in names), (
                    f"{page.name}:{node.lineno}"
                )


def test_no_module_beside_the_entry_script_hides_another() -> None:
    """`streamlit run` puts the entry's folder first on the path: a `docx.py` there would hide python-docx."""
    ours = {path.stem for path in (ROOT / "workbench").iterdir() if path.suffix == ".py" or path.is_dir()}
    assert (
        ours & (set(packages_distributions()) | sys.stdlib_module_names) - {"__init__", "__main__"} == set()
    )


@pytest.mark.parametrize(
    ("folders", "extras"),
    [
        (("workbench", "coding_schemes", "interviews", "quant", "pages", "examples"), ("postgres",)),
        (("tests", "scripts", "benchmarks"), ("postgres", "cluster", "dev")),
    ],
    ids=["packages", "tests"],
)
def test_everything_that_is_imported_is_a_named_dependency(
    folders: tuple[str, ...], extras: tuple[str, ...]
) -> None:
    named = {_canonical(need.name) for need in _requirements(*extras)} | {_canonical(str(_project()["name"]))}
    named |= INCLUDED
    distributions = packages_distributions()
    unnamed = {
        f"{path.relative_to(ROOT)} imports {module}"
        for path in _tracked_files()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in folders
        for module in _imported_modules(path)
        if (owners := {_canonical(owner) for owner in distributions.get(module, [])}) and not owners & named
    }
    assert unnamed == set()


def _imported_modules(path: Path) -> set[str]:
    """First names of the absolute imports in a file, wherever in it they stand."""
    modules: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            modules.add(node.module.partition(".")[0])
    return modules
