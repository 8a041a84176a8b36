#!/usr/bin/env bash
# bench-graphql.sh, beside a scratch PostgreSQL (DATABASE_URL): five invented compacts served by our gateway, and what it answers served
# by PostGraphile from tables in the same PostgreSQL; then both are asked the same in turns. CONNECTIONS and SECONDS_EACH say how hard and how
# long each turn.
set -euo pipefail
cd "$(dirname "$0")/.."

target=${CARGO_TARGET_DIR:-target}
compacts=$target/release/compacts
peer=tests/graphql-peer
scripts/ensure-npm.sh $peer "PostGraphile and the Node.js it needs" "The peer runs on a Node.js that npm brings"
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

"$compacts" --database-url "$DATABASE_URL" --data-dir "$kept/data" generate --compacts 5 --organisations 20 --years 8 >"$kept/generated"
no_pace='{ per_second = 1000000, burst = 1000000 }'
COMPACTS_REQUESTS_OF_ADDRESS=$no_pace "$compacts" --database-url "$DATABASE_URL" --data-dir "$kept/data" serve --listen 127.0.0.1:0 \
    >"$kept/ours.log" 2>"$kept/ours.err" &
servers+=($!)
ours=$(scripts/address.sh "$kept/ours.log" "$kept/ours.err" "${servers[0]}")
"$node" $peer/fill.mjs "$ours"
NODE_ENV=production GRAPHILE_ENV=production "$node" $peer/serve.mjs >"$kept/peer.log" 2>"$kept/peer.err" &
servers+=($!)
theirs=$(scripts/address.sh "$kept/peer.log" "$kept/peer.err" "${servers[1]}")
"$target/release/load" --url "$ours" --peer "$theirs" --pid "${servers[0]}" --connections "${CONNECTIONS:-16}" --seconds "${SECONDS_EACH:-3}"
echo "memory of PostGraphile: $(awk '/VmRSS/ { print int($2 / 1024) }' "/proc/${servers[1]}/status") MiB"
