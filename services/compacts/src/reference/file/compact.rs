//! A compact's file: what goes in now, and beside it what is left for later ([`super::later`]).

use domain::commitment::Standing;
use domain::compact::GroupKind;
use domain::figure::MeasureKind;
use domain::region::Category;
use domain::session::Session;
use domain::timescale::Timescale;
use serde::Deserialize;

use super::day::Day;
use super::{later, meeting, practice};

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct CompactFile {
    pub compact: CompactTable,
    #[serde(default)]
    pub group: Vec<GroupRow>,
    #[serde(default)]
    pub organisation: Vec<OrganisationRow>,
    #[serde(default)]
    pub priority: Vec<PriorityRow>,
    #[serde(default)]
    pub action_plan: Vec<PlanRow>,
    pub charter: Option<later::Charter>,
    #[serde(default)]
    pub meeting: Vec<meeting::Meeting>,
    #[serde(default)]
    pub bid: Vec<later::Bid>,
    #[serde(default)]
    pub seminar: Vec<later::Seminar>,
    #[serde(default)]
    pub good_practice: Vec<practice::GoodPractice>,
    #[serde(default)]
    pub survey: Vec<later::Survey>,
    #[serde(default)]
    pub linked_group: Vec<later::LinkedGroup>,
    #[serde(default)]
    pub briefing: Vec<later::Briefing>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct CompactTable {
    pub slug: String,
    pub name: String,
    pub area: String,
    pub launched: Day,
    pub pilot_from: Option<u16>,
    pub website_path: Option<String>,
    pub contacts_on_distribution_list: Option<later::ContactCount>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct GroupRow {
    pub code: String,
    pub kind: GroupKind,
    pub name: String,
    pub chair_organisation: Option<String>,
    pub note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct OrganisationRow {
    pub name: String,
    pub category: Category,
}

/// A commitment; the papers say "priority".
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct PriorityRow {
    pub session: Session,
    #[serde(rename = "ref")]
    pub label: String,
    pub title: String,
    pub comment: Option<String>,
    #[serde(default)]
    pub aims: Vec<String>,
    #[serde(default)]
    pub themes: Vec<String>,
    #[serde(default)]
    pub groups: Vec<String>,
    pub due: Option<Day>,
    pub measure: Option<MeasureRow>,
    pub achievement: Option<AchievementRow>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct MeasureRow {
    pub indicator: String,
    pub unit: String,
    pub kind: MeasureKind,
    pub target: Option<i64>,
    pub baseline_on: Option<Day>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct AchievementRow {
    pub reported: Day,
    pub status: Standing,
    pub text: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct PlanRow {
    pub group: String,
    pub title: String,
    pub first_set: Day,
    #[serde(default)]
    pub objective: Vec<ObjectiveRow>,
    #[serde(default)]
    pub update: Vec<UpdateRow>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct ObjectiveRow {
    #[serde(rename = "ref")]
    pub label: String,
    pub title: String,
    pub indicator: Option<String>,
    pub action: Option<String>,
    pub owner: Option<String>,
    pub timescale: Option<TimescaleRow>,
    pub note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct TimescaleRow {
    pub text: String,
    pub due: Option<Day>,
    pub note: Option<String>,
}

impl TimescaleRow {
    /// The timescale in the domain's words.
    pub fn timescale(&self) -> Timescale {
        Timescale {
            text: self.text.clone(),
            due_on: self.due.map(|day| day.0),
            note: self.note.clone().map(Into::into),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct UpdateRow {
    pub meeting: Day,
    pub refs: Vec<String>,
    pub text: String,
    pub change: Option<ChangeRow>,
}

/// A change an update carries, to the action of each objective it names.
#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub(in super::super) enum ChangeRow {
    Progressed {
        refs: Vec<String>,
    },
    Completed {
        refs: Vec<String>,
    },
    /// Moved to another date, and perhaps into other hands.
    Rescheduled {
        refs: Vec<String>,
        due: Day,
        owner: Option<String>,
        reason: Option<String>,
    },
    Dropped {
        refs: Vec<String>,
        reason: String,
    },
    /// A first action, or one more, for the objectives named.
    ActionSet {
        refs: Vec<String>,
        action: String,
        owner: Option<String>,
        timescale: Option<TimescaleRow>,
    },
}

impl ChangeRow {
    /// The objectives it names.
    pub fn refs(&self) -> &[String] {
        match self {
            Self::Progressed { refs }
            | Self::Completed { refs }
            | Self::Rescheduled { refs, .. }
            | Self::Dropped { refs, .. }
            | Self::ActionSet { refs, .. } => refs,
        }
    }
}
