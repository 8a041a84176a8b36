#!/usr/bin/env bash
# access.sh check|write: docs/access.md is what the access policies say.
set -euo pipefail

fresh=$(mktemp)
trap 'rm -f "$fresh"' EXIT
cargo run --quiet --package access --bin access-page >"$fresh"
case $1 in
write)
    cp "$fresh" docs/access.md
    echo "wrote docs/access.md: $(wc -l <docs/access.md) lines"
    ;;
check)
    if ! diff --unified docs/access.md "$fresh"; then
        echo "docs/access.md does not say what the policies say. Run: make access" >&2
        exit 1
    fi
    ;;
*)
    echo "usage: access.sh check|write" >&2
    exit 2
    ;;
esac
