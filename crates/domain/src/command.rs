//! Any command to any aggregate, as the recorder receives it.

use serde::{Deserialize, Serialize};

use crate::facts::Mentions;
use crate::ids::{ActionPlanId, CommitmentId, CompactId, RegionId};
use crate::stream::StreamId;
use crate::text::{Text, Texts};
use crate::{ActionPlanCommand, CommitmentCommand, CompactCommand, RegionCommand};

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
}

impl Command {
    /// The stream whose aggregate decides it.
    pub fn stream(&self) -> StreamId {
        match self {
            Self::Region { id, .. } => StreamId::region(*id),
            Self::Compact { id, .. } => StreamId::compact(*id),
            Self::Commitment { id, .. } => StreamId::commitment(*id),
            Self::ActionPlan { id, .. } => StreamId::action_plan(*id),
        }
    }

    /// What it asks of the compact beside what it asks of its own aggregate: commitments and plans
    /// begin in the compact too, where what must hold among all of them is decided. Both are recorded,
    /// or neither.
    pub fn companion(&self, compact: CompactId) -> Option<Self> {
        let command = match self {
            Self::Commitment { id, command } => command.companion(*id)?,
            Self::ActionPlan { id, command } => command.companion(*id)?,
            Self::Region { .. } | Self::Compact { .. } => return None,
        };
        let id = compact;
        Some(Self::Compact { id, command })
    }

    /// What the recorder must look up before it can be decided.
    pub fn mentions(&self) -> Mentions {
        match self {
            Self::Region { command, .. } => command.mentions(),
            Self::Compact { command, .. } => command.mentions(),
            Self::Commitment { command, .. } => command.mentions(),
            Self::ActionPlan { command, .. } => command.mentions(),
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
        }
    }
}
