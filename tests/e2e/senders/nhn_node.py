"""Keeps a run going for `nhn.mjs`, and looks at what came to the webhook meanwhile."""

import json
import os
import subprocess
from pathlib import Path

from outside_kit import KEY, SECRET, Stage, said


def main():
    stage = Stage(lambda _headers, _body: {})
    try:
        setting = {**os.environ, "NHN_BASE": stage.base, "NHN_APP": KEY, "NHN_SECRET": SECRET}
        subprocess.run(["node", str(Path(__file__).with_name("nhn.mjs"))], env=setting, check=True, timeout=150)
        hooks = [hook for _, body in stage.sink.taken for hook in json.loads(body)["hooks"]]
        codes = {hook["resultCode"] for hook in hooks}
        assert {"1000", "3018", "3005"} <= codes, codes
        said(f"webhooks: {len(hooks)} results in {len(stage.sink.taken)} requests")
    finally:
        stage.end()


main()
