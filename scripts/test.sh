#!/bin/sh
# All tests, each step to its end, then one line: `N passed, N failed`. Ends with 1 if anything failed.
# Nothing is built in release mode. ZIYUN_TEST_DATABASE_URL is set for the PostgreSQL step alone.
set -eu
cd "$(dirname "$0")/.."
unset ZIYUN_TEST_DATABASE_URL

logs=$(mktemp -d "${TMPDIR:-/tmp}/ziyun-test.XXXXXX")
trap 'rm -rf "$logs"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

sh scripts/packages.sh
sh scripts/npm.sh

# Who builds once and throws it away gains nothing from what the compiler would keep for the next time.
# Nor from the line numbers of code that no debugger looks at; a failed assertion names its line all the same.
[ -z "${CI:-}" ] || export CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=0

# step NAME COMMAND…: the command's output goes to the terminal and to a log; `status NAME CODE` ends the log.
number=0
times=''
step() {
    number=$((number + 1))
    begun=$(date +%s)
    echo "== $1"
    log=$logs/$number
    name=$1
    shift
    { { "$@" 2>&1 || echo "$?" >"$log.status"; } | tee "$log.out"; }
    echo "status $(cat "$log.status" 2>/dev/null || echo 0) $name" >>"$log.out"
    times="$times$(printf '%5d s  %s' "$(($(date +%s) - begun))" "$name")
"
}

if cargo nextest --version >/dev/null 2>&1; then
    # The whole workspace each time: a part of it would have other features, and be compiled anew.
    all='cargo nextest run --workspace --no-fail-fast'
    # A test waits for its server and for the disk by turns: one test more than there are cores keeps these busy.
    busy="$all --test-threads $(($(getconf _NPROCESSORS_ONLN) + 1))"
    run="$busy -E !package(soak)&!binary(compile_fail)&!test(/^switched_off::/)"
    refused="$all -E binary(compile_fail)"
    off="$busy -E test(/^switched_off::/)"
    on_postgres="$busy -E package(kit)|(binary(it)&!test(/^switched_off::/))"
    faults="$all -E package(soak)"
else
    echo 'cargo-nextest is not installed (cargo install cargo-nextest --locked): cargo test runs instead, slower'
    run='cargo test --workspace --exclude soak --no-fail-fast --lib --bins --tests'
    refused=true off=true
    on_postgres=$run
    faults='cargo test -p soak --no-fail-fast --lib --bins --tests'
fi

# A hundred kills of the built program.
killed() { cargo test --workspace --no-run && "$@"; }

# The words of the commands are meant to be split.
# shellcheck disable=SC2086
{
    step 'Build' cargo test --workspace --no-run
    # The compiler's own work, without a database.
    step 'Rust, what may not compile' $refused
    step 'Controls, each switched off' $off
    step 'Rust, on SQLite' $run
    step 'Rust, on strict PostgreSQL' sh scripts/with-postgres.sh --strict $on_postgres
    step 'Faults, on SQLite' killed $faults
    step 'Faults, on PostgreSQL' killed sh scripts/with-postgres.sh $faults
}
step 'Rust, documentation' cargo test --workspace --doc --no-fail-fast
step 'API, asked by schemathesis; feed, read by feedparser' sh scripts/fuzz.sh 25
step 'Receipts, by pyshacl' sh scripts/shapes.sh
step 'Open data, by libcoveocds and ocdsmerge' sh scripts/ocds.sh
step 'Mails, by aiosmtpd' sh scripts/smtp.sh
step 'Data regions, by SeaweedFS' sh scripts/s3.sh
step 'Interface' sh scripts/node-tests.sh ui
step 'Browser' sh scripts/node-tests.sh e2e

printf '%s' "$times"

awk -f scripts/count.awk "$logs"/*.out
