#!/usr/bin/env bash
# schema.sh check|write: schema.graphql is what `compacts schema` prints.
set -euo pipefail

fresh=$(mktemp)
trap 'rm -f "$fresh"' EXIT
cargo run --quiet --package compacts --bin compacts -- schema >"$fresh"
case $1 in
write)
    cp "$fresh" schema.graphql
    echo "wrote schema.graphql: $(wc -l <schema.graphql) lines"
    ;;
check)
    if ! diff --unified schema.graphql "$fresh"; then
        echo "schema.graphql does not match the code. Run: make schema" >&2
        exit 1
    fi
    ;;
*)
    echo "usage: schema.sh check|write" >&2
    exit 2
    ;;
esac
