#!/usr/bin/env bash
# bench-graphql.sh, beside a scratch PostgreSQL (DATABASE_URL): five invented compacts served by our gateway, and what it answers served
# by PostGraphile from tables in the same PostgreSQL; then both are asked the same in turns. CONNECTIONS and SECONDS_EACH say how hard and how
# long each turn.
set -euo pipefail
cd "$(dirname "$0")/.."

target=${CARGO_TARGET_DIR:-target}
compacts=$target/release/compacts
peer=tests/graphql-peer
if [[ ! -e $peer/node_modules/.package-lock.json || $peer/package-lock.json -nt $peer/node_modules/.package-lock.json ]]; then
    if ! command -v npm >/dev/null; then
        echo "The peer runs on Node.js, which npm brings: install npm, then try again." >&2
        exit 1
    fi
    echo "Installing PostGraphile and the Node.js it needs."
    (cd $peer && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
fi
node=$(find $peer/node_modules -path '*/node-linux-*/bin/node' | head -n 1)

# A scratch PostgreSQL does not wait for the disk; nothing here is kept.
export COMPACTS_ALLOW_UNSAFE_DATABASE=true
kept=$(mktemp -d)
chmod 755 "$kept"
servers=()
stop() {
    for server in "${servers[@]}"; do kill -TERM "$server" 2>/dev/null && wait "$server" || true; done
    rm -rf "$kept"
}
trap stop EXIT

# Waits for the address that a server prints.
address() {
    local found
    for _ in $(seq 600); do
        found=$(grep --only-matching --max-count 1 'http://127\.0\.0\.1:[0-9]*' "$1" || true)
        [[ -n $found ]] && { echo "$found"; return; }
        sleep 0.2
    done
    cat "$2" >&2
    echo "a server did not start within two minutes" >&2
    return 1
}

"$compacts" --database-url "$DATABASE_URL" --data-dir "$kept/data" generate --compacts 5 --organisations 20 --years 8 >"$kept/generated"
no_pace='{ per_second = 1000000, burst = 1000000 }'
COMPACTS_REQUESTS_OF_ADDRESS=$no_pace "$compacts" --database-url "$DATABASE_URL" --data-dir "$kept/data" serve --listen 127.0.0.1:0 \
    >"$kept/ours.log" 2>"$kept/ours.err" &
servers+=($!)
ours=$(address "$kept/ours.log" "$kept/ours.err")
until curl --silent --fail "$ours/readyz" >/dev/null; do sleep 0.5; done
"$node" $peer/fill.mjs "$ours"
NODE_ENV=production GRAPHILE_ENV=production "$node" $peer/serve.mjs >"$kept/peer.log" 2>"$kept/peer.err" &
servers+=($!)
theirs=$(address "$kept/peer.log" "$kept/peer.err")
"$target/release/load" --url "$ours" --peer "$theirs" --pid "${servers[0]}" --connections "${CONNECTIONS:-16}" --seconds "${SECONDS_EACH:-3}"
echo "memory of PostGraphile: $(awk '/VmRSS/ { print int($2 / 1024) }' "/proc/${servers[1]}/status") MiB"
