//! Who may import whom, held over what `cargo metadata` says.
//!
//! ```text
//! domain, transparency <- ledger, vault <- views, access <- services <- compacts
//! ledger, vault <- files <- recorder, gateway, compacts        views <- reminders <- gateway, compacts
//! domain, vault <- accounts <- gateway, web, compacts        domain <- openid <- web, compacts
//! cluster, telemetry: leaves, which services may use        testkit: for tests only
//! ```
//! The direction is what keeps the rooms apart: rules that know no database, a ledger that knows no views, views that know
//! no HTTP. What a crate needs for its own tests only is its own affair, and not held here. A crate that is not in the
//! table is a fault too: whoever adds one says here where it stands.

use std::collections::BTreeSet;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};

/// `from` names `to` among its (not test-only) dependencies.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Edge {
    from: String,
    to: String,
}

impl Edge {
    fn new(from: &str, to: &str) -> Self {
        Self {
            from: from.into(),
            to: to.into(),
        }
    }
}

/// A crate of the house, and the crates of the house it may import.
struct Room {
    name: &'static str,
    may_import: &'static [&'static str],
}

const fn room(name: &'static str, may_import: &'static [&'static str]) -> Room {
    Room { name, may_import }
}

/// The table. Rooms that are planned stand in it too, so that they cannot be built the wrong way round.
const ROOMS: &[Room] = &[
    room("domain", &[]),
    room("transparency", &[]),
    room("cluster", &[]),
    room("telemetry", &[]),
    // A client of the API: it knows nothing of the house.
    room("load", &[]),
    room("ledger", &["domain", "transparency"]),
    room("vault", &["domain", "transparency"]),
    room("views", &["domain", "transparency", "ledger", "vault"]),
    room("access", &["domain", "transparency", "ledger", "vault"]),
    room("accounts", &["domain", "vault"]),
    room("openid", &["domain"]),
    room("files", &["domain", "ledger", "vault"]),
    room("reminders", &["domain", "ledger", "views", "telemetry"]),
    room(
        "testkit",
        &[
            "domain",
            "transparency",
            "cluster",
            "telemetry",
            "ledger",
            "vault",
            "views",
            "access",
        ],
    ),
    room(
        "recorder",
        &[
            "domain",
            "transparency",
            "cluster",
            "telemetry",
            "ledger",
            "vault",
            "views",
            "access",
            "files",
        ],
    ),
    room(
        "projector",
        &[
            "domain",
            "transparency",
            "cluster",
            "telemetry",
            "ledger",
            "vault",
            "views",
            "access",
        ],
    ),
    room(
        "gateway",
        &[
            "domain",
            "transparency",
            "cluster",
            "telemetry",
            "ledger",
            "vault",
            "views",
            "access",
            "files",
            "reminders",
            "accounts",
            "recorder",
        ],
    ),
    room(
        "web",
        &[
            "domain",
            "transparency",
            "telemetry",
            "access",
            "accounts",
            "gateway",
            "openid",
        ],
    ),
    room(
        "compacts",
        &[
            "domain",
            "transparency",
            "cluster",
            "telemetry",
            "ledger",
            "vault",
            "views",
            "access",
            "files",
            "reminders",
            "accounts",
            "recorder",
            "projector",
            "gateway",
            "web",
            "openid",
        ],
    ),
];

/// Libraries that only some rooms may touch, and why.
const RESERVED: &[(&[&str], &[&str], &str)] = &[
    (
        &["sqlx"],
        &["ledger", "vault", "views", "accounts", "files", "reminders"],
        "SQL is spoken where tables are owned",
    ),
    (
        &["axum", "tower-http", "async-graphql", "async-graphql-axum"],
        &["recorder", "projector", "gateway", "web", "compacts"],
        "the network begins at the services",
    ),
];

/// What the rules of the domain may never need: they are pure.
const NOT_IN_DOMAIN: &[&str] = &[
    "tokio",
    "tokio-util",
    "tokio-stream",
    "sqlx",
    "axum",
    "async-graphql",
    "tracing",
];

/// Everything in `edges` that breaks the table, as sentences; `house` names the workspace's own crates.
fn complaints(house: &BTreeSet<String>, edges: &[Edge]) -> Vec<String> {
    let strangers = house
        .iter()
        .filter(|name| room_of(name).is_none())
        .map(|name| format!("{name} has no place in the table: say what it may import"));
    strangers
        .chain(edges.iter().filter_map(|edge| complaint(house, edge)))
        .collect()
}

fn complaint(house: &BTreeSet<String>, Edge { from, to }: &Edge) -> Option<String> {
    if house.contains(to) {
        let allowed = room_of(from).is_some_and(|room| room.may_import.contains(&to.as_str()));
        return (!allowed).then(|| format!("{from} may not import {to}"));
    }
    if from == "domain" && NOT_IN_DOMAIN.contains(&to.as_str()) {
        return Some(format!("domain may not use {to}: it is pure"));
    }
    RESERVED
        .iter()
        .find(|(libraries, rooms, _)| {
            libraries.contains(&to.as_str()) && !rooms.contains(&from.as_str())
        })
        .map(|(_, _, why)| format!("{from} may not use {to}: {why}"))
}

fn room_of(name: &str) -> Option<&'static Room> {
    ROOMS.iter().find(|room| room.name == name)
}

/// The workspace as it is declared; nothing is resolved or fetched.
fn metadata() -> Metadata {
    MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .no_deps()
        .exec()
        .expect("cargo describes the workspace")
}

fn house(metadata: &Metadata) -> BTreeSet<String> {
    metadata
        .workspace_packages()
        .iter()
        .map(|package| package.name.to_string())
        .collect()
}

fn edges(metadata: &Metadata) -> Vec<Edge> {
    let packages = metadata.workspace_packages();
    let declared = packages.iter().flat_map(|package| {
        let lasting = package
            .dependencies
            .iter()
            .filter(|needed| needed.kind != DependencyKind::Development);
        lasting.map(|needed| Edge::new(&package.name, &needed.name))
    });
    declared.collect()
}

#[test]
fn every_crate_imports_only_what_the_table_allows() {
    let metadata = metadata();
    let found = complaints(&house(&metadata), &edges(&metadata));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_edges_that_are_held_are_really_seen() {
    let edges = edges(&metadata());
    for (from, to) in [
        ("ledger", "domain"),
        ("ledger", "sqlx"),
        ("views", "ledger"),
        ("gateway", "recorder"),
    ] {
        assert!(
            edges.contains(&Edge::new(from, to)),
            "{from} -> {to} is missing"
        );
    }
    assert!(
        !edges.contains(&Edge::new("testkit", "cargo_metadata")),
        "what tests alone need is not held"
    );
}

#[test]
fn each_planted_wrong_import_is_found() {
    let house = ROOMS.iter().map(|room| room.name.to_owned()).collect();
    let planted = [
        ("domain", "ledger"),
        ("domain", "tokio"),
        ("domain", "sqlx"),
        ("domain", "axum"),
        ("ledger", "views"),
        ("views", "gateway"),
        ("views", "axum"),
        ("cluster", "ledger"),
        ("cluster", "sqlx"),
        ("telemetry", "axum"),
        ("ledger", "telemetry"),
        ("recorder", "gateway"),
        ("projector", "recorder"),
        ("gateway", "compacts"),
        ("gateway", "sqlx"),
        ("web", "views"),
        ("compacts", "sqlx"),
        ("compacts", "testkit"),
        ("ledger", "async-graphql"),
        ("accounts", "ledger"),
        ("accounts", "access"),
        ("accounts", "axum"),
        ("recorder", "accounts"),
        ("projector", "accounts"),
    ];
    for (from, to) in planted {
        let edge = [Edge::new(from, to)];
        assert_eq!(
            complaints(&house, &edge).len(),
            1,
            "{from} -> {to} was let through"
        );
    }
}

#[test]
fn a_crate_that_is_not_in_the_table_is_found() {
    let house = BTreeSet::from(["domain".to_owned(), "lean-to".to_owned()]);
    assert_eq!(complaints(&house, &[]).len(), 1);
}

#[test]
fn what_the_table_allows_is_let_through() {
    let house = ROOMS.iter().map(|room| room.name.to_owned()).collect();
    let allowed = ROOMS
        .iter()
        .flat_map(|room| room.may_import.iter().map(|to| Edge::new(room.name, to)));
    let mut edges: Vec<Edge> = allowed.collect();
    edges.extend([
        Edge::new("ledger", "sqlx"),
        Edge::new("gateway", "axum"),
        Edge::new("domain", "serde"),
    ]);
    assert_eq!(complaints(&house, &edges), Vec::<String>::new());
}

#[test]
fn the_table_has_no_way_round() {
    for (place, room) in ROOMS.iter().enumerate() {
        for wanted in room.may_import {
            let lower = ROOMS[..place].iter().any(|earlier| earlier.name == *wanted);
            assert!(
                lower,
                "{} stands before {wanted}, which it may import",
                room.name
            );
        }
    }
}
