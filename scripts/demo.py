"""A served demo in a temporary folder, for tools that ask it from outside. It ends by its own pid."""

import json
import subprocess
import sys
import time
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

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
    """The demo on the first free port, its address, and its accounts."""
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
