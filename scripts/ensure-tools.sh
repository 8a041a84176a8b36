#!/usr/bin/env bash
# Makes sure that cargo-nextest (runs the tests) and cargo-deny (checks the dependencies) are there, in the versions the
# configuration here is written for or later. Built without optimisations: that halves the wait, and neither works long.
set -euo pipefail

ensure() {
    local tool=$1 version=$2
    if ! cargo "${tool#cargo-}" --version >/dev/null 2>&1; then
        echo "$tool is missing: building it with \`cargo install --locked $tool\`; this takes some minutes, once."
        cargo install --locked --debug --quiet "$tool" --version "$version"
    fi
}

ensure cargo-nextest "^0.9"
ensure cargo-deny "^0.20"
