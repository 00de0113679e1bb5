#!/bin/sh
# Holds receipts of consents, as the program hands them out, to docs/consent-receipt.shapes.ttl: by pyshacl. Each is also
# broken in every way that takes something away, and must then be refused.
set -eu
cd "$(dirname "$0")/.."

venv=target/shapes-venv
if ! [ -x "$venv/bin/pyshacl" ] || ! cmp -s scripts/shapes.txt "$venv/wanted"; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r scripts/shapes.txt
    cp scripts/shapes.txt "$venv/wanted"
fi

# The test that leaves them there, through the front door.
receipts=${CARGO_TARGET_DIR:-target}/tmp/receipts
rm -rf "$receipts"
cargo test --quiet -p app --test it consent::receipts_of_every_kind >/dev/null
exec "$venv/bin/python" scripts/shapes.py docs/consent-receipt.shapes.ttl "$receipts"
