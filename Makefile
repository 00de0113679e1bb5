# What one does with this repository. Needs Rust (rustup.rs; the version is in Cargo.toml) and Node 20 or newer
# (nodejs.org) with npm; the rest is installed by these targets, or they say precisely how to get it.
.POSIX:
.PHONY: help setup demo test check bench soak

help:
	@echo 'make setup   install what the tests need (Debian: Chromium, PostgreSQL, Chinese fonts) and the npm packages'
	@echo 'make demo    build and serve the demo on http://127.0.0.1:8080'
	@echo 'make test    all tests: on SQLite, on PostgreSQL, documentation, interface, browser'
	@echo 'make check   format, lints, documentation, licences and bans of dependencies'
	@echo 'make bench   measured figures against the floors'
	@echo 'make soak    kill the program ROUNDS times (1000) on each database, then the tests too long for make test'

setup:
	@sh scripts/tools.sh cargo node npm
	@sh scripts/packages.sh
	@sh scripts/npm.sh

demo:
	@sh scripts/tools.sh cargo node npm
	@echo 'The first build compiles everything with optimisation: about ten minutes on two cores, seconds afterwards.'
	cargo run --release -p app --bin ziyun -- demo

test:
	@sh scripts/tools.sh cargo node npm
	@sh scripts/test.sh

check:
	@sh scripts/tools.sh cargo node npm
	@sh scripts/check.sh

bench:
	@sh scripts/tools.sh cargo node npm
	@sh scripts/packages.sh
	@echo 'The first build compiles everything with optimisation: about ten minutes on two cores, seconds afterwards.'
	cargo build --release -p app -p bench
	sh scripts/with-postgres.sh cargo run --release -p bench
	sh scripts/npm.sh bench/lighthouse
	node bench/lighthouse/run.mjs

ROUNDS = 1000
soak:
	@sh scripts/tools.sh cargo node npm
	@sh scripts/packages.sh
	cargo build -p app -p soak
	sh scripts/soak.sh $(ROUNDS)
	sh scripts/long.sh
