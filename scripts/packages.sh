#!/bin/sh
# Installs what the tests need beside Rust and Node, if it is missing: PostgreSQL's server programs, Chromium, a font with
# Chinese characters for it, strace, Gnumeric's converter, Python with venv, and Prometheus (unpacked under target/tools, so that no service of it starts). On Debian and Ubuntu by apt-get, as root or with sudo; elsewhere it says what to get.
set -eu

wanted=
lacks_postgres() {
    command -v initdb >/dev/null 2>&1 && return 1
    ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1
}
lacks_chromium() {
    ! command -v chromium >/dev/null 2>&1 && [ ! -x "${CHROMIUM:-/usr/bin/chromium}" ]
}
lacks_font() {
    [ ! -d /usr/share/fonts/opentype/noto ] && [ -z "$(fc-list :lang=zh 2>/dev/null | head -n 1)" ]
}
lacks_venv() {
    ! python3 -c 'import ensurepip, venv' >/dev/null 2>&1
}
if lacks_postgres; then wanted="$wanted postgresql"; fi
if lacks_chromium; then wanted="$wanted chromium"; fi
if lacks_font; then wanted="$wanted fonts-noto-cjk"; fi
if ! command -v strace >/dev/null 2>&1; then wanted="$wanted strace"; fi
if ! command -v ssconvert >/dev/null 2>&1; then wanted="$wanted gnumeric"; fi
here=$(cd "$(dirname "$0")/.." && pwd)
tools=${CARGO_TARGET_DIR:-$here/target}/tools
lacks_prometheus() {
    ! command -v prometheus >/dev/null 2>&1 && [ ! -x "$tools/prometheus/usr/bin/prometheus" ]
}
# Debian's package needs nothing but libc. Where it cannot be had, the tests say that they skip it.
fetch_prometheus() {
    command -v apt-get >/dev/null 2>&1 && command -v dpkg-deb >/dev/null 2>&1 || return 1
    mkdir -p "$tools/prometheus" && cd "$tools/prometheus" || return 1
    apt-get download -qq prometheus </dev/null || { ${as_root:-} apt-get update -qq && apt-get download -qq prometheus </dev/null; } || return 1
    dpkg-deb --extract prometheus_*.deb . && rm -f prometheus_*.deb
}
if lacks_prometheus; then
    echo 'fetching Prometheus'
    [ "$(id -u)" = 0 ] || as_root='sudo -n'
    (fetch_prometheus) 2>/dev/null || echo 'Prometheus cannot be had here: the tests that scrape with it are skipped'
fi

if lacks_venv; then wanted="$wanted python3-venv"; fi
[ -n "$wanted" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "missing for the tests, by their Debian names:$wanted. Install them with this system's package manager." >&2
    echo 'Chromium elsewhere than /usr/bin/chromium is named by the environment: CHROMIUM=/path/to/it' >&2
    exit 1
fi

if [ "$(id -u)" = 0 ]; then
    as_root=
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root='sudo -n'
else
    echo "missing for the tests:$wanted. Install them with" >&2
    echo "    sudo apt-get update && sudo apt-get install --yes --no-install-recommends$wanted" >&2
    exit 1
fi

echo "installing$wanted"
# The words of both variables are meant to be split. No question may be asked: nobody may be there to answer.
# shellcheck disable=SC2086
{
    $as_root apt-get update -qq
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends $wanted </dev/null
}
