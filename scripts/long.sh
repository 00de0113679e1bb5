#!/bin/sh
# What `make test` has no time for: the tests on a plain PostgreSQL, and the browser's rounds in all eight of their variants.
set -u
cd "$(dirname "$0")/.."

sh scripts/packages.sh && sh scripts/npm.sh || exit 1
if cargo nextest --version >/dev/null 2>&1; then
    set -- cargo nextest run --workspace --no-fail-fast -E 'package(kit)|binary(it)'
else
    set -- cargo test --workspace --exclude soak --no-fail-fast --lib --bins --tests
fi
status=0
# What takes a part of its cases there takes all of them here.
export ZIYUN_TEST_LONG=1
sh scripts/with-postgres.sh "$@" || status=1
ZIYUN_ALL_VARIANTS=1 sh scripts/node-tests.sh e2e || status=1
exit "$status"
