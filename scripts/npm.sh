#!/bin/sh
# Installs the npm packages of ui/ and e2e/, or of the folders that are named, by their lock files, unless they are there already. No package's own
# script is run: none needs one.
set -eu
cd "$(dirname "$0")/.."

[ $# -gt 0 ] || set -- ui e2e
for folder in "$@"; do
    [ -f "$folder/package-lock.json" ] || continue
    # npm writes this file last; older than the lock file means another set of packages.
    done_mark=$folder/node_modules/.package-lock.json
    if [ -f "$done_mark" ] && [ -z "$(find "$folder/package-lock.json" -newer "$done_mark")" ]; then
        continue
    fi
    echo "npm ci in $folder"
    (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund </dev/null)
done
