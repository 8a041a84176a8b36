#!/usr/bin/env bash
# queries.sh check|write, beside a scratch PostgreSQL (DATABASE_URL): compiles every query against the migrated tables.
#
# The sqlx macros write what they learn of each query into SQLX_OFFLINE_DIR. `write` makes that the new .sqlx; `check`
# lints in the same pass and fails if .sqlx is not exactly that.
set -euo pipefail

mode=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fresh=$work/fresh committed=$work/committed
mkdir "$fresh" "$committed"

# The notices (such as "does not exist, skipping") are of no interest here.
export PGOPTIONS="--client-min-messages=warning"
shopt -s nullglob
for migration in migrations/*.sql; do
    "${PG_BIN:+$PG_BIN/}psql" --quiet --no-psqlrc --single-transaction --set ON_ERROR_STOP=1 \
        --dbname "$DATABASE_URL" --file "$migration"
done

# Cargo does not know that the macros depend on the database: without this it would not run them again.
while read -r manifest; do
    folder=$(dirname "$manifest")
    find "$folder" -name '*.rs' -not -path '*/target/*' -exec touch {} +
done < <(grep --files-with-matches --extended-regexp '^sqlx\b' crates/*/Cargo.toml services/*/Cargo.toml)

export SQLX_OFFLINE=false SQLX_OFFLINE_DIR=$fresh
case $mode in
write)
    cargo check --workspace --all-targets
    rm -rf .sqlx
    cp -r "$fresh" .sqlx
    echo "wrote .sqlx: $(find .sqlx -name 'query-*.json' | wc -l) queries"
    ;;
check)
    cargo clippy --workspace --all-targets -- -D warnings
    [[ -d .sqlx ]] && cp -r .sqlx/. "$committed"
    if ! diff --recursive --brief "$committed" "$fresh"; then
        echo ".sqlx does not match the queries in the code. Run: make prepare" >&2
        exit 1
    fi
    ;;
*)
    echo "usage: queries.sh check|write" >&2
    exit 2
    ;;
esac
