#!/usr/bin/env bash
# browser.sh [shots DIR]: the pages in a real browser, on the reference data; or the pictures of them for the documentation.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
scripts/ensure-chromium.sh
cd tests/browser
if [[ ! -e node_modules/.package-lock.json || package-lock.json -nt node_modules/.package-lock.json ]]; then
    if ! command -v npm >/dev/null; then
        echo "The pages are tested in a browser by a program that runs on Node.js: install Node.js 20 or later with npm." >&2
        exit 1
    fi
    echo "Installing what drives the browser."
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
fi
export SERVE_BINARY=${SERVE_BINARY:-${CARGO_TARGET_DIR:-$root/target}/debug/compacts}
exec node run.mjs "$@"
