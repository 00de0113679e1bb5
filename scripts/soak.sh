#!/bin/sh
# Kills the built program $1 times on SQLite and as often on PostgreSQL, side by side; two lines of JSON are the result.
# Copies of the programs are run, so that they may be built anew meanwhile. A SEED in the environment is used for both.
set -eu
cd "$(dirname "$0")/.."
rounds=${1:?how many rounds}
unset ZIYUN_TEST_DATABASE_URL

built=${CARGO_TARGET_DIR:-target}/debug
copies=$(mktemp -d "${TMPDIR:-/tmp}/ziyun-soak-run.XXXXXX")
trap 'rm -rf "$copies"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
cp "$built/ziyun" "$built/soak" "$copies"

"$copies/soak" --rounds "$rounds" ${SEED:+--seed "$SEED"} &
embedded=$!
status=0
sh scripts/with-postgres.sh "$copies/soak" --rounds "$rounds" ${SEED:+--seed "$SEED"} || status=$?
wait "$embedded" || status=$?
exit "$status"
