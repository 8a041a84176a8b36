#!/usr/bin/env bash
# Makes sure that Debian's Chromium is there, in which the pages are tested: installed by apt when this runs as root.
set -euo pipefail

if [[ -x ${CHROMIUM:-/usr/bin/chromium} ]]; then
    exit 0
fi
if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
    echo "Chromium is missing: install it (Debian: apt install chromium), or say where it is with CHROMIUM=/path/to/it." >&2
    exit 1
fi
echo "Chromium is missing: installing it with apt."
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends -qq chromium >/dev/null
