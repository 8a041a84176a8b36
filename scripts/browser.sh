#!/usr/bin/env bash
# browser.sh [shots DIR]: the pages in a real browser, on the reference data; or the pictures of them for the documentation.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
scripts/ensure-chromium.sh
scripts/ensure-npm.sh tests/browser "what drives the browser" "The pages are tested in a browser by a program that runs on Node.js"
cd tests/browser
export SERVE_BINARY=${SERVE_BINARY:-${CARGO_TARGET_DIR:-$root/target}/debug/compacts}
exec node run.mjs "$@"
