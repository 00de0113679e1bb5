#!/bin/sh
# Says which of the named programs is missing and how to get it.
#   sh scripts/tools.sh cargo node npm
set -eu

missing=0
for tool in "$@"; do
    command -v "$tool" >/dev/null 2>&1 && continue
    missing=1
    case $tool in
        cargo) how='Rust: https://rustup.rs' ;;
        node | npm) how='Node 20 or newer with npm: https://nodejs.org, or on Debian: apt-get install nodejs npm' ;;
        *) how='it with the package manager of this system' ;;
    esac
    echo "missing: $tool. Get $how" >&2
done

case " $* " in
    *' node '*)
        if command -v node >/dev/null 2>&1 && [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 20 ]; then
            missing=1
            echo "node is $(node --version); version 20 or newer is needed: https://nodejs.org" >&2
        fi
        ;;
esac
exit $missing
