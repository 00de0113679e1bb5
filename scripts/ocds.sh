#!/bin/sh
# Holds the open data of a served demo to OCDS 1.1.5: by libcoveocds, and by ocdsmerge, which must compile the releases to
# what the records say. $1: the standard's repository as a ZIP file, where it lies elsewhere.
set -eu
cd "$(dirname "$0")/.."

venv=target/ocds-venv
if ! [ -x "$venv/bin/libcoveocds" ] || ! cmp -s scripts/ocds.txt "$venv/wanted"; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r scripts/ocds.txt
    cp scripts/ocds.txt "$venv/wanted"
fi

standard=${1:-${SHARED_DATA_DIR:-../shared/data}/ocds/standard-1.1.5.zip}
if ! [ -f "$standard" ]; then
    echo "skipped: 0 packages validated, since the standard is not here ($standard)"
    echo 'test result: 0 asked. 0 passed; 0 failed;'
    exit 0
fi

# The program that the tests built: `cargo build` would make another, without the features that tests add.
cargo test --quiet --workspace --no-run
exec "$venv/bin/python" scripts/ocds.py "${CARGO_TARGET_DIR:-target}/debug/ziyun" "$standard"
