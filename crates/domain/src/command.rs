//! Any command to any aggregate, as the recorder receives it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::facts::Mentions;
use crate::ids::{
    ActionPlanId, AdoptionId, AssessmentId, CommitmentId, CompactId, GoodPracticeId, MeetingId,
    PersonId, RegionId, SubjectId,
};
use crate::mention;
use crate::stream::{StreamId, StreamKind};
use crate::text::{Text, Texts};
use crate::{
    ActionPlanCommand, AdoptionCommand, AssessmentCommand, CommitmentCommand, CompactCommand,
    GoodPracticeCommand, MeetingCommand, PersonCommand, RegionCommand,
};

/// A command and the aggregate it is for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "aggregate", rename_all = "kebab-case")]
pub enum Command {
    /// For the region.
    Region {
        /// The region.
        id: RegionId,
        /// What is asked.
        command: RegionCommand,
    },
    /// For a compact.
    Compact {
        /// The compact.
        id: CompactId,
        /// What is asked.
        command: CompactCommand,
    },
    /// For a commitment.
    Commitment {
        /// The commitment.
        id: CommitmentId,
        /// What is asked.
        command: CommitmentCommand,
    },
    /// For an action plan.
    ActionPlan {
        /// The plan.
        id: ActionPlanId,
        /// What is asked.
        command: ActionPlanCommand,
    },
    /// For a person.
    Person {
        /// The person.
        id: PersonId,
        /// What is asked.
        command: PersonCommand,
    },
    /// For a meeting.
    Meeting {
        /// The meeting.
        id: MeetingId,
        /// What is asked.
        command: MeetingCommand,
    },
    /// For a piece of good practice.
    GoodPractice {
        /// The practice.
        id: GoodPracticeId,
        /// What is asked.
        command: GoodPracticeCommand,
    },
    /// For an adoption.
    Adoption {
        /// The adoption.
        id: AdoptionId,
        /// What is asked.
        command: AdoptionCommand,
    },
    /// For an assessment or a challenge.
    Assessment {
        /// The assessment.
        id: AssessmentId,
        /// What is asked.
        command: AssessmentCommand,
    },
}

impl Command {
    /// The stream whose aggregate decides it.
    pub fn stream(&self) -> StreamId {
        match self {
            Self::Region { id, .. } => StreamId::region(*id),
            Self::Compact { id, .. } => StreamId::compact(*id),
            Self::Commitment { id, .. } => StreamId::commitment(*id),
            Self::ActionPlan { id, .. } => StreamId::action_plan(*id),
            Self::Person { id, .. } => StreamId::person(*id),
            Self::Meeting { id, .. } => StreamId::meeting(*id),
            Self::GoodPractice { id, .. } => StreamId::good_practice(*id),
            Self::Adoption { id, .. } => StreamId::adoption(*id),
            Self::Assessment { id, .. } => StreamId::assessment(*id),
        }
    }

    /// What it asks of the compact beside what it asks of its own aggregate: commitments, plans and adoptions
    /// begin in the compact too, where what must hold among all of them is decided. Both are recorded,
    /// or neither.
    pub fn companion(&self, compact: CompactId) -> Option<Self> {
        let command = match self {
            Self::Commitment { id, command } => command.companion(*id)?,
            Self::ActionPlan { id, command } => command.companion(*id)?,
            Self::Adoption { id, command } => command.companion(*id)?,
            Self::Region { .. }
            | Self::Compact { .. }
            | Self::Person { .. }
            | Self::Meeting { .. }
            | Self::GoodPractice { .. }
            | Self::Assessment { .. } => return None,
        };
        let id = compact;
        Some(Self::Compact { id, command })
    }

    /// Whether it sets what may well be there already, and is passed over then: the plan of a group's meetings, which is set
    /// with the first meeting that raises an action in it.
    pub fn sets_if_missing(&self) -> bool {
        match self {
            Self::ActionPlan {
                id,
                command: ActionPlanCommand::SetActionPlan { group, .. },
            } => *id == ActionPlanId::of_meetings(*group),
            _ => false,
        }
    }

    /// What the recorder must look up before it can be decided.
    pub fn mentions(&self) -> Mentions {
        let mentions = match self {
            Self::Region { command, .. } => command.mentions(),
            Self::Compact { command, .. } => command.mentions(),
            Self::Commitment { command, .. } => command.mentions(),
            Self::ActionPlan { command, .. } => command.mentions(),
            Self::Person { command, .. } => command.mentions(),
            Self::Meeting { command, .. } => command.mentions(),
            Self::GoodPractice { command, .. } => command.mentions(),
            Self::Adoption { command, .. } => command.mentions(),
            Self::Assessment { command, .. } => command.mentions(),
        };
        let people = self.people();
        Mentions { people, ..mentions }
    }

    /// The people its texts mention, as far as it is known what they say.
    fn people(&self) -> BTreeSet<PersonId> {
        let mut people = BTreeSet::new();
        // Texts are shown to whoever may change them; nothing here does.
        self.clone().texts(&mut |text| {
            people.extend(text.plain().into_iter().flat_map(mention::people_in));
        });
        people
    }

    /// Shows every text in it that is a person's own, to be sealed for the person and not for itself.
    pub fn own_texts(&mut self, each: &mut dyn FnMut(&mut Text)) {
        if let Self::Person { command, .. } = self {
            command.own_texts(each);
        }
    }

    /// The text it redacts, if that is what it does.
    pub const fn redacts(&self) -> Option<SubjectId> {
        use crate::AssessmentCommand as S;
        use crate::{ActionPlanCommand as A, CommitmentCommand as M, CompactCommand as C};
        use crate::{AdoptionCommand as D, GoodPracticeCommand as T};
        use crate::{MeetingCommand as G, PersonCommand as P, RegionCommand as R};
        match self {
            Self::Region {
                command: R::RedactText { text, .. },
                ..
            }
            | Self::Compact {
                command: C::RedactText { text, .. },
                ..
            }
            | Self::Commitment {
                command: M::RedactText { text, .. },
                ..
            }
            | Self::ActionPlan {
                command: A::RedactText { text, .. },
                ..
            }
            | Self::Person {
                command: P::RedactText { text, .. },
                ..
            }
            | Self::Meeting {
                command: G::RedactText { text, .. },
                ..
            }
            | Self::GoodPractice {
                command: T::RedactText { text, .. },
                ..
            }
            | Self::Adoption {
                command: D::RedactText { text, .. },
                ..
            }
            | Self::Assessment {
                command: S::RedactText { text, .. },
                ..
            } => Some(*text),
            _ => None,
        }
    }

    /// The person it erases, if that is what it does.
    pub const fn erases(&self) -> Option<PersonId> {
        match self {
            Self::Person {
                id,
                command: PersonCommand::ErasePerson { .. },
            } => Some(*id),
            _ => None,
        }
    }

    /// What redacts a text that stands in this stream's history.
    pub fn redact_text(stream: StreamId, text: SubjectId, reason: Text) -> Self {
        match stream.kind {
            StreamKind::Region => Self::Region {
                id: stream.id.into(),
                command: RegionCommand::RedactText { text, reason },
            },
            StreamKind::Compact => Self::Compact {
                id: stream.id.into(),
                command: CompactCommand::RedactText { text, reason },
            },
            StreamKind::Commitment => Self::Commitment {
                id: stream.id.into(),
                command: CommitmentCommand::RedactText { text, reason },
            },
            StreamKind::ActionPlan => Self::ActionPlan {
                id: stream.id.into(),
                command: ActionPlanCommand::RedactText { text, reason },
            },
            StreamKind::Person => Self::Person {
                id: stream.id.into(),
                command: PersonCommand::RedactText { text, reason },
            },
            StreamKind::Meeting => Self::Meeting {
                id: stream.id.into(),
                command: MeetingCommand::RedactText { text, reason },
            },
            StreamKind::GoodPractice => Self::GoodPractice {
                id: stream.id.into(),
                command: GoodPracticeCommand::RedactText { text, reason },
            },
            StreamKind::Adoption => Self::Adoption {
                id: stream.id.into(),
                command: AdoptionCommand::RedactText { text, reason },
            },
            StreamKind::Assessment => Self::Assessment {
                id: stream.id.into(),
                command: AssessmentCommand::RedactText { text, reason },
            },
        }
    }
}

impl Texts for Command {
    fn texts(&mut self, each: &mut dyn FnMut(&mut Text)) {
        match self {
            Self::Region { command, .. } => command.texts(each),
            Self::Compact { command, .. } => command.texts(each),
            Self::Commitment { command, .. } => command.texts(each),
            Self::ActionPlan { command, .. } => command.texts(each),
            Self::Person { command, .. } => command.texts(each),
            Self::Meeting { command, .. } => command.texts(each),
            Self::GoodPractice { command, .. } => command.texts(each),
            Self::Adoption { command, .. } => command.texts(each),
            Self::Assessment { command, .. } => command.texts(each),
        }
    }
}
