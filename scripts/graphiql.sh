#!/usr/bin/env bash
# graphiql.sh: bundles GraphiQL into services/gateway/graphiql/dist, from where the gateway embeds it. Does nothing when
# the bundle is newer than what it is made of. Without npm, or without a way to its packages, the gateway is built
# all the same and /graphiql says what is missing.
set -euo pipefail
cd "$(dirname "$0")/../services/gateway/graphiql"

built=dist/index.html
if [[ -e $built && -z $(find package.json package-lock.json build.js src -newer $built) ]]; then
    exit 0
fi
if ! command -v npm >/dev/null; then
    echo "GraphiQL is left out: npm is not installed. Install Node.js 20 or later, then run: make graphiql" >&2
    exit 0
fi
echo "Bundling GraphiQL."
if ! npm ci --ignore-scripts --no-audit --no-fund --loglevel=error || ! npm run --silent build; then
    echo "GraphiQL is left out: npm could not build it. Put that right, then run: make graphiql" >&2
fi
