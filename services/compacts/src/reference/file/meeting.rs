//! Meetings and their minutes, as the files have them.

use serde::Deserialize;

use super::day::Day;

/// A meeting, with its minutes where the papers give them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Meeting {
    pub group: String,
    pub on: Day,
    pub venue: Option<String>,
    pub note: Option<String>,
    /// How the minutes of the meeting before went: the first item says it in words.
    #[expect(
        dead_code,
        reason = "the meeting before is not in the papers, and the first item says it in words"
    )]
    pub minutes_of_previous: Option<String>,
    #[serde(default)]
    pub present: Vec<String>,
    #[serde(default)]
    pub in_attendance: Vec<String>,
    #[serde(default)]
    pub apologies: Vec<String>,
    #[serde(default)]
    pub item: Vec<Item>,
    #[serde(default)]
    pub next: Vec<NextMeeting>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Item {
    pub title: String,
    pub text: String,
    pub decision: Option<String>,
    pub since_the_meeting: Option<String>,
    #[serde(default)]
    pub action: Vec<ItemAction>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct ItemAction {
    #[serde(rename = "ref")]
    pub label: String,
    pub text: String,
    pub owner: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct NextMeeting {
    pub text: String,
    pub since_the_meeting: Option<Arranged>,
    pub action: Option<NextAction>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Arranged {
    pub on: Day,
    pub time: Option<String>,
    pub venue: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct NextAction {
    pub text: String,
    pub owner: Option<String>,
}
