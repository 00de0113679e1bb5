#!/bin/sh
# Mails by a real SMTP server (aiosmtpd, from PyPI): the tests that need one, which skip themselves without it.
set -eu
cd "$(dirname "$0")/.."

venv=$PWD/target/smtp-venv
if ! [ -x "$venv/bin/aiosmtpd" ] || ! cmp -s scripts/smtp.txt "$venv/wanted"; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r scripts/smtp.txt
    cp scripts/smtp.txt "$venv/wanted"
fi
ZIYUN_TEST_SMTP="$venv/bin/aiosmtpd" exec cargo nextest run -p app smtp
