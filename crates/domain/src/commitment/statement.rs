//! What the statement says of a commitment: its session, ref, words, place and due date.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::facts::{Facts, UnknownFact};
use crate::ids::GroupId;
use crate::refusal::Item;
use crate::session::Session;
use crate::text::Text;
use crate::words::{Blank, REASON};

use super::Commitment;
use super::command::ClassificationInput;
use super::error::CommitmentError;
use super::event::{
    Classification, CommitmentProposed, CommitmentReclassified, CommitmentRenumbered,
    CommitmentReworded, CommitmentWords, DueDateChanged,
};

const REF: Blank = Blank::label("ref", "a ref");
const AIM: Blank = Blank::label("aims", "the ref of an aim");

/// What the statement says of it now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Statement {
    pub(super) session: Session,
    pub(super) label: String,
    pub(super) words: CommitmentWords,
    classification: Classification,
    due_on: Option<NaiveDate>,
}

impl From<CommitmentProposed> for Statement {
    fn from(proposed: CommitmentProposed) -> Self {
        Self {
            session: proposed.session,
            label: proposed.label,
            words: CommitmentWords {
                title: proposed.title,
                comment: proposed.comment,
            },
            classification: proposed.classification,
            due_on: proposed.due_on,
        }
    }
}

impl Statement {
    /// The groups it belongs to.
    pub(super) fn groups(&self) -> impl Iterator<Item = GroupId> {
        self.classification.groups.iter().map(|group| group.id)
    }
}

impl CommitmentWords {
    fn checked(&self) -> Result<Self, CommitmentError> {
        Ok(Self {
            title: Blank::title("title", "a title").require(&self.title)?,
            comment: Blank::text("comment", "the comment").accept_any(self.comment.as_ref())?,
        })
    }
}

impl ClassificationInput {
    /// The same, trimmed, each once, and each found to exist.
    pub(super) fn checked(&self, facts: &Facts) -> Result<Classification, CommitmentError> {
        let mut aims = Vec::with_capacity(self.aims.len());
        for (at, aim) in self.aims.iter().enumerate() {
            let refused = |error| CommitmentError::in_list(Item::of("aims", at), error);
            let aim = AIM.require(aim).map_err(refused)?;
            if !aims.contains(&aim) {
                aims.push(aim);
            }
        }
        Ok(Classification {
            aims,
            themes: facts
                .themes(&self.themes)
                .map_err(|error| self.in_list(error))?,
            groups: facts
                .groups(&self.groups)
                .map_err(|error| self.in_list(error))?,
        })
    }

    /// The same error, saying which of those named is not there.
    fn in_list(&self, error: UnknownFact) -> CommitmentError {
        let place = match &error {
            UnknownFact::Theme(code) => {
                let mut named = self.themes.iter();
                named
                    .position(|named| named == code)
                    .map(|at| ("themes", at))
            }
            UnknownFact::Group(id) => {
                let mut named = self.groups.iter();
                named
                    .position(|named| named == id)
                    .map(|at| ("groupIds", at))
            }
            _ => None,
        };
        match place {
            Some((list, at)) => CommitmentError::in_list(Item::of(list, at), error),
            None => error.into(),
        }
    }
}

impl Classification {
    /// Whether both belong to the same aims, themes and groups, in whatever order.
    fn same_as(&self, other: &Self) -> bool {
        let names = |list: &[String]| list.iter().cloned().collect::<BTreeSet<_>>();
        let groups = |of: &Self| {
            let ids = of.groups.iter().map(|group| group.id);
            ids.collect::<BTreeSet<_>>()
        };
        names(&self.aims) == names(&other.aims)
            && names(&self.themes) == names(&other.themes)
            && groups(self) == groups(other)
    }
}

impl Commitment {
    pub(super) fn propose(
        &self,
        session: Session,
        label: &str,
        words: &CommitmentWords,
    ) -> Result<CommitmentProposed, CommitmentError> {
        if self.statement.is_some() {
            return Err(CommitmentError::AlreadyProposed);
        }
        let CommitmentWords { title, comment } = words.checked()?;
        Ok(CommitmentProposed {
            session,
            label: REF.require(label)?,
            title,
            comment,
            classification: Classification::default(),
            due_on: None,
        })
    }

    pub(super) fn reword(
        &self,
        on: NaiveDate,
        words: &CommitmentWords,
        reason: &Text,
    ) -> Result<CommitmentReworded, CommitmentError> {
        let from = self.open(on)?.words.clone();
        let to = words.checked()?;
        let reason = REASON.accept(reason)?;
        if from == to {
            return Err(unchanged("title", "these are the commitment's words"));
        }
        Ok(CommitmentReworded { from, to, reason })
    }

    pub(super) fn reworded(&mut self, event: CommitmentReworded) {
        if let Some(statement) = &mut self.statement {
            statement.words = event.to;
        }
    }

    pub(super) fn renumber(
        &self,
        on: NaiveDate,
        session: Session,
        label: &str,
        reason: &Text,
    ) -> Result<CommitmentRenumbered, CommitmentError> {
        let statement = self.open(on)?;
        if statement.session != session {
            let session = statement.session;
            return Err(CommitmentError::OtherSession { session });
        }
        let from = statement.label.clone();
        let to = REF.require(label)?;
        let reason = REASON.accept(reason)?;
        if from == to {
            return Err(unchanged("ref", "this is the commitment's ref"));
        }
        Ok(CommitmentRenumbered { from, to, reason })
    }

    pub(super) fn renumbered(&mut self, event: CommitmentRenumbered) {
        if let Some(statement) = &mut self.statement {
            statement.label = event.to;
        }
    }

    pub(super) fn reclassify(
        &self,
        on: NaiveDate,
        classification: &ClassificationInput,
        reason: &Text,
        facts: &Facts,
    ) -> Result<CommitmentReclassified, CommitmentError> {
        let from = self.open(on)?.classification.clone();
        let to = classification.checked(facts)?;
        let reason = REASON.accept(reason)?;
        if from.same_as(&to) {
            let what = "the commitment belongs to these aims, themes and groups";
            return Err(unchanged("themes", what));
        }
        Ok(CommitmentReclassified { from, to, reason })
    }

    pub(super) fn reclassified(&mut self, event: CommitmentReclassified) {
        if let Some(statement) = &mut self.statement {
            statement.classification = event.to;
        }
    }

    pub(super) fn change_due_date(
        &self,
        on: NaiveDate,
        to: Option<NaiveDate>,
        reason: &Text,
    ) -> Result<DueDateChanged, CommitmentError> {
        let from = self.open(on)?.due_on;
        let reason = REASON.accept(reason)?;
        if from == to {
            return Err(unchanged("dueOn", "this is the commitment's due date"));
        }
        Ok(DueDateChanged { from, to, reason })
    }

    pub(super) fn due_date_changed(&mut self, event: &DueDateChanged) {
        if let Some(statement) = &mut self.statement {
            statement.due_on = event.to;
        }
    }
}

/// The refusal of a change that changes nothing.
pub(super) const fn unchanged(field: &'static str, what: &'static str) -> CommitmentError {
    CommitmentError::Unchanged { field, what }
}
