"""Serves a demo, makes a token for each side, and lets schemathesis ask it everything its description allows and more.
Before that feedparser reads its feed of notices.

    fuzz.py PROGRAM SECONDS

SECONDS is the time for each actor. The demo lies in a temporary folder and ends by its own pid.
"""

import os
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

import feeds
from demo import Browser, start, stop
from openapi_spec_validator import validate

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


def token(root, accounts, role):
    account = next(one for one in accounts if one["role"] == role)
    browser = Browser(root)
    browser.send("/session", {"account": account["email"], "password": account["password"]})
    form = {"id": str(uuid.uuid4()), "name": "schemathesis", "days": "30", "read": True, "tender": True, "bid": True}
    return browser.send("/company/tokens", form)["secret"]


def ask(root, folder, actor, secret, seconds):
    """Whether nothing was found."""
    command = [
        str(Path(sys.executable).absolute().with_name("st")), "run", f"{root}/openapi.json", "--url", root,
        "--checks", CHECKS, "--phases", "examples,coverage,fuzzing", "--max-time", seconds, "--seed", "20261123",
        "--generation-deterministic", "--warnings", "off", "--no-color",
        "--suppress-health-check", "all", "--exclude-path-regex", "^/demo", "--header", "Accept: application/json",
        "--continue-on-failure", "--request-timeout", "30",
    ]
    if secret:
        command += ["--header", f"Authorization: Bearer {secret}", "--generation-with-security-parameters", "false"]
    print(f"-- {actor}", flush=True)
    # What it keeps for itself goes with the folder.
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    return subprocess.run(command, cwd=folder, env=environment, check=False).returncode == 0


def main(program, seconds):
    with tempfile.TemporaryDirectory(prefix="ziyun-fuzz.") as folder:
        demo, root, accounts = start(program, folder)
        try:
            validate(Browser(root).send("/openapi.json"))
            against = feeds.wrong(root)
            print(*against, sep="\n", end="\n" if against else "")
            actors = {"visitor": None, "buyer": token(root, accounts, "buyer"),
                      "provider": token(root, accounts, "provider")}
            sound = [ask(root, folder, actor, secret, seconds) for actor, secret in actors.items()]
            alive = demo.poll() is None
        finally:
            stop(demo)
    sound += [alive, not against, True]
    print(f"test result: {len(sound)} asked. {sum(sound)} passed; {len(sound) - sum(sound)} failed;")
    return 0 if all(sound) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
