//! The schema's enumerations in the words of the pages, and the mark that each wears.
//!
//! A test holds each against the schema: a value added there needs its words here.

#![expect(
    dead_code,
    reason = "every enumeration has the same ways to be told, whichever of them its pages use"
)]

use crate::parts::{Mark, Tag};

/// Makes an enumeration of the schema's: each value with its words and its mark.
macro_rules! worded {
    ($($(#[$about:meta])* $name:ident { $($value:ident => $words:literal, $mark:ident;)+ })+) => {
        $(
            $(#[$about])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize, serde::Serialize)]
            #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
            pub enum $name {
                $(
                    #[doc = $words]
                    $value,
                )+
            }

            impl $name {
                /// Every value, in the schema's order.
                pub const ALL: &'static [Self] = &[$(Self::$value),+];

                /// In words, as they stand at the beginning of a line.
                pub const fn words(self) -> &'static str {
                    match self {
                        $(Self::$value => $words,)+
                    }
                }

                /// In words, marked.
                pub const fn tag(self) -> Tag {
                    let mark = match self {
                        $(Self::$value => Mark::$mark,)+
                    };
                    Tag { words: self.words(), mark }
                }

                /// As the schema and addresses write it.
                pub fn name(self) -> String {
                    serde_json::to_value(self)
                        .ok()
                        .and_then(|name| name.as_str().map(str::to_owned))
                        .unwrap_or_default()
                }

                /// The value that an address or a form names.
                pub fn named(name: &str) -> Option<Self> {
                    serde_json::from_value(serde_json::Value::from(name)).ok()
                }
            }
        )+

        #[cfg(test)]
        fn all() -> Vec<(&'static str, Vec<String>)> {
            vec![$((stringify!($name), $name::ALL.iter().map(|value| value.name()).collect())),+]
        }
    };
}

worded! {
    /// Where a commitment stands.
    CommitmentStatus {
        Draft => "Draft", Draft;
        Agreed => "Agreed", Doing;
        InProgress => "In progress", Doing;
        Achieved => "Achieved", Good;
        PartlyAchieved => "Partly achieved", Part;
        NotAchieved => "Not achieved", Bad;
        CarriedForward => "Carried forward", Plain;
        Withdrawn => "Withdrawn", Plain;
    }
    /// Where an action stands.
    ActionState {
        Open => "Open", Doing;
        Completed => "Completed", Good;
        Dropped => "Dropped", Bad;
        Merged => "Merged into another", Plain;
    }
    /// What happened to an action.
    ActionChangeKind {
        Set => "Set", Plain;
        Progressed => "Progressed", Doing;
        Rescheduled => "Rescheduled", Part;
        Reassigned => "Given to somebody else", Plain;
        Reworded => "Reworded", Plain;
        Completed => "Completed", Good;
        Dropped => "Dropped", Bad;
        Reopened => "Reopened", Doing;
        Merged => "Merged into another", Plain;
    }
    /// What became of good practice that was taken up.
    AdoptionState {
        Adopted => "Taken up", Doing;
        Adapted => "Adapted", Good;
        Withdrawn => "Given up", Plain;
    }
    /// How somebody took part in a meeting.
    Attending {
        Present => "Present", Good;
        Deputy => "Deputy", Good;
        Apologies => "Apologies", Plain;
        InAttendance => "In attendance", Plain;
    }
    /// What kind of organisation it is.
    Category {
        LocalGovernment => "Local government", Plain;
        Health => "Health", Plain;
        LearningProvider => "Learning provider", Plain;
        UniformedService => "Uniformed service", Plain;
        OffenderService => "Offender service", Plain;
        EmploymentService => "Employment service", Plain;
        AdviceGuidance => "Advice and guidance", Plain;
        EconomicPartnership => "Economic partnership", Plain;
        FundingBody => "Funding body", Plain;
        Voluntary => "Voluntary", Plain;
        Other => "Other", Plain;
    }
    /// What kind of group it is.
    GroupKind {
        Steering => "Steering group", Plain;
        Theme => "Theme group", Plain;
        Network => "Network", Plain;
        Task => "Task group", Plain;
        ShortLife => "Short-life group", Plain;
    }
    /// How a measure is read.
    MeasureKind {
        Additional => "Additional", Plain;
        Total => "Total", Plain;
        IncreaseOnBaseline => "Increase on the baseline", Plain;
        Milestone => "Milestone", Plain;
        Narrative => "In words", Plain;
    }
    /// How far minutes have come.
    MinutesState {
        Draft => "Draft minutes", Draft;
        Circulated => "Circulated, not yet agreed", Part;
        Agreed => "Agreed as a true record", Good;
    }
    /// Whether an objective is worked on.
    ObjectiveStateKind {
        Active => "Active", Doing;
        NoneAtPresent => "No action at present", Plain;
        Dropped => "Dropped", Bad;
    }
    /// How far something was completed, as somebody judged it.
    Completion {
        Achieved => "Achieved", Good;
        PartlyAchieved => "Partly achieved", Part;
        NotAchieved => "Not achieved", Bad;
        CannotTell => "Cannot tell from what is there", Plain;
    }
    /// How a commitment ends on its own ground.
    Conclusion {
        Achieved => "Achieved", Good;
        PartlyAchieved => "Partly achieved", Part;
        NotAchieved => "Not achieved", Bad;
    }
    /// Who looks at a compact.
    Audience {
        Member => "A member's representative", Plain;
        OtherCompact => "Another compact", Plain;
        Funder => "The funder", Plain;
        Public => "The public", Plain;
    }
    /// How sure somebody is.
    Confidence {
        Low => "Low", Plain;
        Medium => "Medium", Plain;
        High => "High", Plain;
    }
    /// What is known behind a figure.
    Backing {
        NoReading => "Nothing read yet", Draft;
        NoEvidence => "No evidence", Part;
        Evidence => "Evidence", Good;
    }
    /// How what was judged stands by now.
    ReportNow {
        Unchanged => "As it was judged", Plain;
        Changed => "Changed since", Part;
        Withdrawn => "Taken back since", Bad;
    }
    /// A role.
    Role {
        RegionalAdministrator => "Regional administrator", Plain;
        Funder => "Funder", Plain;
        Auditor => "Auditor", Plain;
        Secretariat => "Secretariat", Plain;
        GroupLead => "Group lead", Plain;
        MemberRepresentative => "Member's representative", Plain;
    }
    /// Where an objective stands, by an update.
    Standing {
        OnAgenda => "On the agenda", Plain;
        InProgress => "In progress", Doing;
        GoodProgress => "Good progress", Doing;
        Achieved => "Achieved", Good;
        PartlyAchieved => "Partly achieved", Part;
        NotAchieved => "Not achieved", Bad;
    }
    /// What is different in a plan.
    PlanChangeKind {
        PlanSet => "The plan was set", Plain;
        PlanRetitled => "The plan got another title", Plain;
        PlanReleased => "Others see the plan", Plain;
        ObjectiveAdded => "An objective was added", Doing;
        ObjectiveRenumbered => "An objective got another ref", Plain;
        ObjectiveReworded => "An objective got other words", Plain;
        ObjectiveLinked => "An objective serves another commitment", Plain;
        ObjectiveMoved => "An objective is pursued otherwise", Part;
        ActionAdded => "An action was added", Doing;
        ActionReworded => "An action got other words", Plain;
        ActionReassigned => "An action got another owner", Plain;
        ActionRescheduled => "An action got another timescale", Part;
        ActionMoved => "An action was completed, dropped or reopened", Part;
        ActionProgressed => "An action moved on", Doing;
        UpdateGiven => "An update was given", Doing;
        UpdateCorrected => "An update was put right", Plain;
        UpdateWithdrawn => "An update was taken back", Bad;
    }
    /// A part of a piece of good practice.
    PracticePart {
        Title => "What it is called", Plain;
        Theme => "Theme", Plain;
        Organisation => "Who does it", Plain;
        Summary => "What is done, and how", Plain;
        Contact => "Whom to ask", Plain;
    }
    /// Where words stand of which there are two versions.
    WordsStanding {
        Both => "In both", Plain;
        Removed => "In the earlier one only", Bad;
        Added => "In the later one only", Good;
    }
    /// How far something was let out.
    Visibility {
        Draft => "Draft", Draft;
        Compact => "Seen in this compact", Plain;
        Region => "Seen in the region", Plain;
        Public => "Public", Plain;
    }
}

impl Visibility {
    /// What to mark it with where it is shown; nothing where everybody sees it.
    pub const fn mark(self) -> Option<Tag> {
        match self {
            Self::Public => None,
            other => Some(other.tag()),
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_value_of_the_schema_has_its_words_and_none_is_invented() {
        let sdl = include_str!("../../../../schema.graphql");
        for (name, values) in super::all() {
            let body = sdl.split_once(&format!("\nenum {name} {{")).expect(name).1;
            let body = body.split_once("\n}").expect("an end").0;
            let lines = body.lines().map(str::trim);
            let upper = |line: &&str| {
                !line.is_empty()
                    && line
                        .bytes()
                        .all(|byte| byte.is_ascii_uppercase() || byte == b'_')
            };
            let schema: Vec<&str> = lines.filter(upper).collect();
            assert_eq!(values, schema, "{name}");
        }
    }
}
