# The ways in. `make help` lists them; `.ci/run` calls `make test`.
#
# Queries are checked at build time against `.sqlx` (SQLX_OFFLINE), so building needs no database. The targets that check
# `.sqlx` itself, and the tests, start a throwaway PostgreSQL and stop it again.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

export SQLX_OFFLINE := true

# `make run RELEASE=1` builds with optimisations: slower to build, faster to serve.
PROFILE := $(if $(RELEASE),--release,)
# CI shows every failing test and stops none early.
NEXTEST_PROFILE := $(if $(CI),ci,default)
TARGET := $(abspath $(or $(CARGO_TARGET_DIR),target))
SCRATCH := $(TARGET)/debug/scratch-postgres
# A package of its own (its peer is on another sqlx), built beside the rest so that what they share is built once.
BENCH := --manifest-path tests/bench/Cargo.toml --target-dir $(TARGET)

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: postgres graphiql pages ## Serve everything on the reference data (RELEASE=1 for an optimised build, ARGS for more options)
	@data_dir=$$(scripts/data-dir.sh); \
	echo "Building and starting Compacts; its data is in $$data_dir. Stop it with Ctrl-C."; \
	exec cargo run $(PROFILE) --package compacts --bin compacts -- serve --import-reference --demo-accounts --data-dir "$$data_dir" $(ARGS)

.PHONY: test
test: check openid-provider ## Check, then run every test beside one throwaway PostgreSQL
	cargo test --quiet $(BENCH)
	cargo run --quiet $(BENCH) -- --quick
	$(SCRATCH) -- cargo test --workspace --doc --quiet
	$(SCRATCH) -- cargo nextest run --workspace --profile $(NEXTEST_PROFILE)
	cargo build --quiet --workspace --bins
	scripts/browser.sh

.PHONY: check
check: postgres tools graphiql pages scratch ## Format, lints, generated files, dependencies: what must hold before a commit
	cargo fmt --all --check
	cargo fmt --manifest-path tests/bench/Cargo.toml --check
	$(SCRATCH) -- scripts/queries.sh check
	scripts/schema.sh check
	scripts/access.sh check
	scripts/deny.sh

.PHONY: prepare
prepare: postgres scratch ## Write .sqlx anew, from the queries in the code and the migrations
	$(SCRATCH) -- scripts/queries.sh write

.PHONY: schema
schema: ## Write schema.graphql anew, from the code
	scripts/schema.sh write

.PHONY: access
access: ## Write docs/access.md anew, from the access policies
	scripts/access.sh write

.PHONY: graphiql
graphiql: ## Bundle the GraphiQL page the gateway serves (needs npm)
	@scripts/graphiql.sh

.PHONY: browser
browser: postgres pages ## Look at every page in a real browser, as everybody who may (ONLY=words for some of them)
	cargo build --quiet --workspace --bins
	scripts/browser.sh

.PHONY: screenshots
screenshots: postgres pages ## Take the pictures of the main pages, docs/screenshots
	cargo build --quiet --workspace --bins
	scripts/browser.sh shots $(abspath docs/screenshots)

.PHONY: pages
pages: ## Build the pages' styles and script (needs npm)
	@scripts/pages.sh

.PHONY: fmt
fmt: ## Format the code
	cargo fmt --all
	cargo fmt --manifest-path tests/bench/Cargo.toml

.PHONY: bench
bench: postgres ## Measure the ledger beside its peers, on one throwaway PostgreSQL (ARGS for options)
	cargo run --release $(BENCH) --features protection -- $(ARGS)

.PHONY: bench-region
bench-region: postgres ## Make a large invented region, rebuild it, and measure what people ask most of it (REGION_DIR keeps it)
	scripts/bench-region.sh

.PHONY: bench-web
bench-web: postgres pages scratch ## Measure the main pages: time, weight, memory; and the schema beside PostGraphile (CONNECTIONS, SECONDS_EACH)
	scripts/bench-web.sh
	$(SCRATCH) -- scripts/bench-graphql.sh

.PHONY: walk
walk: postgres tools scratch ## Ask 200,000 random questions as everybody, to be told nothing foreign (WALK_REQUESTS, WALK_SEED)
	$(SCRATCH) -- cargo nextest run --workspace --run-ignored only --no-capture -E 'test(nobody_who_walks_for_long)'

.PHONY: postgres
postgres: ## Install PostgreSQL if it is missing (as root; else say how)
	@scripts/ensure-postgres.sh

.PHONY: openid-provider
openid-provider: ## Install the OpenID provider that tests sign in at (needs npm)
	@scripts/openid-provider.sh

.PHONY: tools
tools: ## Install the test runner and the dependency checker if they are missing
	@scripts/ensure-tools.sh

.PHONY: scratch
scratch:
	@cargo build --quiet --package cluster --bin scratch-postgres
