//! What the files hold for later work: read in full, so that a slip in it is noticed now,
//! counted in the report, and imported by whoever builds what it belongs to.

#![expect(
    dead_code,
    reason = "read so that nothing in the files is ignored; what imports it comes later"
)]

use serde::Deserialize;

use super::day::Day;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Charter {
    pub title: String,
    pub period: Period,
    pub mission: String,
    pub endorsed_by_position: Vec<String>,
    pub minimum_membership_years: u8,
    pub minimum_meetings_per_year: u8,
    pub steering_group_requires_endorsement: bool,
    #[serde(default)]
    pub aim: Vec<Aim>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Period {
    pub from: u16,
    pub to: u16,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Aim {
    #[serde(rename = "ref")]
    pub label: String,
    pub text: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct ContactCount {
    pub as_of: Day,
    pub count: u32,
    pub note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Bid {
    pub fund: String,
    pub submitted: Day,
    pub result_due: Option<Day>,
    pub outcome: Option<String>,
    pub follow_up: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Seminar {
    pub title: String,
    pub theme: String,
    pub on: Option<Day>,
    pub when: Option<String>,
    pub starts: Option<String>,
    pub ends: Option<String>,
    pub area: Option<String>,
    pub host: Option<String>,
    pub venue: Option<String>,
    pub audience: Option<String>,
    pub note: Option<String>,
    pub outcome: Option<String>,
    #[serde(default)]
    pub programme: Vec<ProgrammeRow>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct ProgrammeRow {
    pub at: String,
    pub item: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Survey {
    pub title: String,
    pub run_by: Option<String>,
    pub as_of: Day,
    pub responses: Option<u32>,
    #[serde(default)]
    pub findings: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct LinkedGroup {
    pub name: String,
    pub purpose: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Briefing {
    pub titles: Vec<String>,
}
