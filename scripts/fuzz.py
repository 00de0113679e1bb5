"""Serves a demo, makes a token for each side, and lets schemathesis ask it everything its description allows and more.

    fuzz.py PROGRAM SECONDS

SECONDS is the time for each actor. The demo lies in a temporary folder and ends by its own pid.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from http.cookiejar import CookieJar
from pathlib import Path

from openapi_spec_validator import validate

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
PORTS = range(23100, 23200)
# The demo prepares its people and tenders when it starts; on a slow machine that takes a while.
PATIENCE = 180


class Browser:
    """A cookie jar, and the form token that goes with it."""

    def __init__(self, root):
        self.root = root
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def send(self, path, fields=None):
        headers = {"Accept": "application/json"}
        body = None
        if fields is not None:
            headers["x-csrf-token"] = self.send("/session")["csrf"]
            headers["Content-Type"] = "application/json"
            body = json.dumps(fields).encode()
        request = urllib.request.Request(self.root + path, body, headers)
        with self.opener.open(request, timeout=30) as answer:
            return json.load(answer)


def start(program, folder):
    """The demo on the first free port, and its address."""
    for port in PORTS:
        address = f"127.0.0.1:{port}"
        command = [program, "--listen", address, "demo", "--seed", "1", "--data", f"{folder}/{port}"]
        with open(f"{folder}/log", "ab") as log:
            demo = subprocess.Popen(command, stdout=log, stderr=log)
        accounts = ready(demo, f"http://{address}")
        if accounts:
            return demo, f"http://{address}", accounts
        stop(demo)
    sys.exit("the demo does not start:\n" + Path(f"{folder}/log").read_text(errors="replace")[-2000:])


def ready(demo, root):
    """The accounts once the demo is prepared; None when it ended, for instance because the port is taken."""
    end = time.monotonic() + PATIENCE
    while demo.poll() is None and time.monotonic() < end:
        try:
            accounts = Browser(root).send("/demo")["accounts"]
            if accounts:
                return accounts
        except (OSError, ValueError, KeyError):
            pass
        time.sleep(0.5)
    return None


def stop(demo):
    demo.terminate()
    try:
        demo.wait(20)
    except subprocess.TimeoutExpired:
        demo.kill()
        demo.wait()


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
            actors = {"visitor": None, "buyer": token(root, accounts, "buyer"),
                      "provider": token(root, accounts, "provider")}
            sound = [ask(root, folder, actor, secret, seconds) for actor, secret in actors.items()]
            alive = demo.poll() is None
        finally:
            stop(demo)
    passed = sum(sound) + alive + 1
    print(f"test result: {len(sound) + 2} asked. {passed} passed; {len(sound) + 2 - passed} failed;")
    return 0 if alive and all(sound) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
