//! Good practice, as the files have it.

use serde::Deserialize;

/// A piece of good practice, and the compacts that took it up.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct GoodPractice {
    pub theme: String,
    pub title: String,
    pub summary: String,
    pub organisation: Option<String>,
    #[serde(default)]
    pub adopted_by: Vec<String>,
}
