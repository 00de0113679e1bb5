#!/bin/sh
# Runs a command beside a PostgreSQL cluster of its own, and removes the cluster however the command ends.
#   sh scripts/with-postgres.sh [--strict] cargo nextest run -p app
# The command finds an empty database at $ZIYUN_TEST_DATABASE_URL, and at $ZIYUN_TEST_POSTGRES_RESTART a program that
# restarts the server (its argument is a mode of pg_ctl). The cluster lies in a temporary folder with its Unix socket
# and listens on 127.0.0.1 below the ephemeral ports. fsync stays on: what is tested is what is run.
# --strict: everything is serialisable, what other engines of this protocol lack raises, and one writing transaction
# in twenty has to be run again (scripts/strict.sql). The command finds `strict` at $ZIYUN_TEST_POSTGRES. Hundreds of
# databases are made and dropped then: the folder lies in memory where there is room, and each takes a third of the time
# (a killed server finds in it what it finds on a disk).
set -eu

unset ZIYUN_TEST_POSTGRES
if [ "${1:-}" = --strict ]; then
    shift
    export ZIYUN_TEST_POSTGRES=strict
fi

bin=
for candidate in "$(dirname "$(command -v initdb || echo /)")" /usr/lib/postgresql/*/bin; do
    # Of Debian's versions the newest comes last.
    if [ -x "$candidate/initdb" ] && [ -x "$candidate/postgres" ] && [ -x "$candidate/createdb" ]; then
        bin=$candidate
    fi
done
if [ -z "$bin" ]; then
    echo 'PostgreSQL is missing. Get it with: sh scripts/packages.sh' >&2
    exit 1
fi

# PostgreSQL refuses to run as root.
as_owner=
owner=$(id -un)
if [ "$(id -u)" = 0 ]; then
    owner=nobody
    if id postgres >/dev/null 2>&1; then owner=postgres; fi
    as_owner="setpriv --reuid=$owner --regid=$(id -g "$owner") --clear-groups"
fi

here=$PWD
scripts=$(cd "$(dirname "$0")" && pwd)
parent=${TMPDIR:-/tmp}
if [ "${ZIYUN_TEST_POSTGRES:-}" = strict ] && [ -w /dev/shm ]; then
    free=$(df -Pk /dev/shm | awk 'NR == 2 { print $4 }')
    if [ "${free:-0}" -gt 8388608 ]; then parent=/dev/shm; fi
fi
folder=$(mktemp -d "$parent/ziyun-pg.XXXXXX")
child=
server=
# Stops $1, a process of ours, with signal $2.
stop() {
    [ -n "$1" ] || return 0
    kill "-$2" "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}
cleanup() {
    trap - EXIT INT TERM HUP
    stop "$child" TERM
    stop "$server" QUIT
    # After a restart it is no child of ours.
    if [ -f "$folder/data/postmaster.pid" ]; then
        # shellcheck disable=SC2086
        $as_owner "$bin/pg_ctl" -D "$folder/data" -w -m immediate stop >/dev/null 2>&1 || true
    fi
    rm -rf "$folder"
}
trap cleanup EXIT
trap 'cleanup; exit 130' INT
trap 'cleanup; exit 143' TERM HUP

cd "$folder"
password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
printf '%s\n' "$password" >password
chown -R "$owner" "$folder"
# shellcheck disable=SC2086 # the words of $as_owner are meant to be split, here and below
$as_owner "$bin/initdb" -D "$folder/data" -U ziyun --pwfile=password --auth-local=trust --auth-host=password \
    --encoding=UTF8 --locale=C.UTF-8 >initdb.log 2>&1 || { cat initdb.log >&2; exit 1; }

# Whether the server that was just started answers, within a minute, on the socket that is ours alone.
answers() {
    tries=0
    while [ $tries -lt 300 ]; do
        "$bin/pg_isready" -q -h "$folder" -p "$port" && return 0
        kill -0 "$server" 2>/dev/null || return 1
        sleep 0.2
        tries=$((tries + 1))
    done
    return 1
}

# A port may be taken, by a cluster started at the same time too: then the next is tried.
port=$((20000 + $$ % 10000))
last=$((port + 10))
while :; do
    port=$((port + 1))
    # shellcheck disable=SC2086
    $as_owner "$bin/postgres" -D "$folder/data" -p "$port" -c listen_addresses=127.0.0.1 \
        -c unix_socket_directories="$folder" -c max_connections=200 >server.log 2>&1 &
    server=$!
    answers && break
    stop "$server" QUIT
    server=
    if [ $port -ge $last ]; then
        echo 'PostgreSQL did not start:' >&2
        tail -n 20 server.log >&2
        exit 1
    fi
done

if [ "${ZIYUN_TEST_POSTGRES:-}" = strict ]; then
    sql() { "$bin/psql" -X -q -v ON_ERROR_STOP=1 -h "$folder" -p "$port" -U ziyun "$@"; }
    # Every database of the tests is a copy of template0.
    sql -d postgres -c 'ALTER DATABASE template0 ALLOW_CONNECTIONS true'
    sql -d template0 -f "$scripts/strict.sql"
    sql -d postgres -c 'ALTER DATABASE template0 ALLOW_CONNECTIONS false' \
        -c 'ALTER ROLE ziyun SET search_path = public, strict, pg_catalog' \
        -c "ALTER ROLE ziyun SET default_transaction_isolation = 'serializable'"
fi
"$bin/createdb" -h "$folder" -p "$port" -U ziyun -T template0 ziyun
cat >restart <<END
#!/bin/sh
cd "$folder" && exec $as_owner "$bin/pg_ctl" -D "$folder/data" -w -m "\${1:-fast}" -l "$folder/restart.log" restart
END
chmod 755 restart
export ZIYUN_TEST_POSTGRES_RESTART="$folder/restart"
export ZIYUN_TEST_DATABASE_URL="postgres://ziyun:$password@127.0.0.1:$port/ziyun"
cd "$here"

# In the background, so that a signal reaches the traps at once and not after the command.
"$@" &
child=$!
status=0
wait "$child" || status=$?
child=
exit "$status"
