#!/bin/sh
# Runs the node tests of a folder: sh scripts/node-tests.sh e2e
# The browser tests find the debug program at $ZIYUN_BIN and the browser at $CHROMIUM.
set -eu
cd "$(dirname "$0")/.."

tests=$(find "$1" -name node_modules -prune -o -name '*.test.*js' -print 2>/dev/null | sort)
if [ -z "$tests" ]; then
    echo "no test in $1" >&2
    exit 1
fi
if [ "$1" = e2e ]; then
    # The whole workspace's features, as the tests built it: nothing is compiled twice.
    cargo test --workspace --no-run
    target=${CARGO_TARGET_DIR:-$PWD/target}
    export ZIYUN_BIN="${ZIYUN_BIN:-$target/debug/ziyun}" CHROMIUM="${CHROMIUM:-/usr/bin/chromium}"
    # The demo's people and tenders are made once: each file walks about in a copy.
    prepared=$(mktemp -d "${TMPDIR:-/tmp}/ziyun-prepared.XXXXXX")
    trap 'rm -rf "$prepared"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    node e2e/stage/prepare.mjs "$prepared/demo"
    export ZIYUN_E2E_PREPARED="$prepared/demo"
fi
# As many files at once as there are cores: each has a program and a browser of its own, and waits for them half of the time.
# No file of ours has a blank in its name.
# shellcheck disable=SC2086
node --test --test-concurrency="$(getconf _NPROCESSORS_ONLN)" --test-reporter=spec $tests
