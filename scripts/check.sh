#!/bin/sh
# Format, lints, documentation, types of the interface, licences and bans of dependencies. Stops at the first complaint.
set -eu
cd "$(dirname "$0")/.."

sh scripts/npm.sh

echo '== format'
cargo fmt --all --check
echo '== lints'
cargo clippy --workspace --all-targets -- -D warnings
echo '== documentation'
RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps
echo '== types of the interface'
(cd ui && npm run --silent check)
echo '== licences and bans of dependencies'
if command -v cargo-deny >/dev/null 2>&1; then
    cargo deny check bans licenses sources
elif [ "${CI:-}" = true ]; then
    echo 'skipped: cargo-deny is not installed (cargo install cargo-deny --locked)'
else
    echo 'cargo-deny is missing. Get it with: cargo install cargo-deny --locked' >&2
    exit 1
fi
echo 'all checks passed'
