#!/bin/sh
# Reads a served program's feed by feedparser, then asks it everything its description allows and more: by schemathesis, as a visitor and with a token of
# each side. No server error, no undeclared status, nothing that is not as declared. $1: seconds for each actor.
set -eu
cd "$(dirname "$0")/.."

venv=target/fuzz-venv
if ! [ -x "$venv/bin/st" ] || ! cmp -s scripts/fuzz.txt "$venv/wanted"; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r scripts/fuzz.txt
    cp scripts/fuzz.txt "$venv/wanted"
fi

# The program that the tests built: `cargo build` would make another, without the features that tests add.
cargo test --quiet --workspace --no-run
exec "$venv/bin/python" scripts/fuzz.py "${CARGO_TARGET_DIR:-target}/debug/ziyun" "${1:-40}"
