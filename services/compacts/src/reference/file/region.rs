//! region.toml: the region, its themes, and which compacts there are.

use serde::Deserialize;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct RegionFile {
    pub region: RegionTable,
    #[serde(default)]
    pub theme: Vec<ThemeRow>,
    #[serde(default)]
    pub compact: Vec<CompactEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct RegionTable {
    pub slug: String,
    pub name: String,
    pub funder: String,
    pub note: Option<String>,
    pub secretariat_cost_per_compact_gbp_per_year: Option<u32>,
    #[serde(default)]
    pub challenge: Vec<ChallengeRow>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct ChallengeRow {
    #[serde(rename = "ref")]
    pub label: String,
    pub text: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct ThemeRow {
    pub code: String,
    pub name: String,
}

/// Which file holds which compact.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct CompactEntry {
    pub slug: String,
    pub file: String,
}
