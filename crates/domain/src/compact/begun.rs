//! What begins in the compact: commitments, each under a ref of its session, and action plans.
//!
//! A commitment and a plan have histories of their own. That they begin, and what a commitment is
//! called, is entered in the compact's as well, because it must hold among all of them: no two
//! commitments of a session bear one ref, nothing begins once another compact carries on, and a group's
//! end is no earlier than what began in it. Two commands that could break such a rule meet at the
//! compact, whichever processes decide them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::dated::{Since, TooEarly};
use crate::facts::{GroupFact, UnknownFact};
use crate::ids::{ActionPlanId, CommitmentId, GroupId};
use crate::names::{Names, Taken};
use crate::session::Session;
use crate::words::Blank;

use super::Compact;
use super::error::CompactError;
use super::event::{ActionPlanEntered, CommitmentEntered, CommitmentRelabelled};

const REF: Blank = Blank::label("ref", "a ref");

/// What has begun, as far as decisions need it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Begun {
    refs: BTreeMap<Session, Names<CommitmentId>>,
    commitments: BTreeMap<CommitmentId, Entered>,
    /// The latest day on which anything began.
    pub(super) last_on: Option<NaiveDate>,
}

/// A commitment's place in the statement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Entered {
    session: Session,
    label: Since<String>,
}

impl CommitmentEntered {
    /// The same, in these groups.
    pub(super) fn within(self, groups: Vec<GroupFact>) -> Self {
        Self { groups, ..self }
    }
}

impl Compact {
    /// The commitment, as yet in no group.
    pub(super) fn enter_commitment(
        &self,
        on: NaiveDate,
        id: CommitmentId,
        session: Session,
        label: &str,
    ) -> Result<CommitmentEntered, CompactError> {
        self.existing(on)?;
        self.not_succeeded("propose the commitment there")?;
        if self.begun.commitments.contains_key(&id) {
            return Err(CompactError::CommitmentIdTaken);
        }
        Ok(CommitmentEntered {
            commitment_id: id,
            session,
            label: self.free_ref(on, id, session, label)?,
            groups: Vec::new(),
        })
    }

    pub(super) fn relabel_commitment(
        &self,
        on: NaiveDate,
        id: CommitmentId,
        label: &str,
    ) -> Result<CommitmentRelabelled, CompactError> {
        self.existing(on)?;
        let entered = self.begun.commitments.get(&id);
        let entered = entered.ok_or(UnknownFact::Commitment(id))?;
        let what = "this commitment's ref was last given on";
        let from = entered.label.before(on, what)?;
        let to = self.free_ref(on, id, entered.session, label)?;
        if to == *from {
            return Err(CompactError::Unchanged {
                field: "ref",
                what: "this is the commitment's ref",
            });
        }
        Ok(CommitmentRelabelled {
            commitment_id: id,
            session: entered.session,
            from: from.clone(),
            to,
        })
    }

    pub(super) fn enter_action_plan(
        &self,
        on: NaiveDate,
        id: ActionPlanId,
        group: GroupId,
    ) -> Result<ActionPlanEntered, CompactError> {
        self.existing(on)?;
        self.not_succeeded("set the plan there, with a group of that compact")?;
        Ok(ActionPlanEntered {
            action_plan_id: id,
            group: self.group_to_begin_in(on, group)?,
        })
    }

    /// The ref, if no other commitment of the session bears it, or bore it after `on`.
    fn free_ref(
        &self,
        on: NaiveDate,
        taker: CommitmentId,
        session: Session,
        label: &str,
    ) -> Result<String, CompactError> {
        let label = REF.require(label)?;
        let held = self.begun.refs.get(&session);
        match held.map_or(Ok(()), |names| names.check(&label, &taker, on)) {
            Ok(()) => Ok(label),
            Err(Taken::By(_)) => Err(CompactError::RefTaken { label, session }),
            Err(Taken::Until(until)) => Err(CompactError::RefHeld { label, until }),
        }
    }

    pub(super) fn commitment_entered(&mut self, event: CommitmentEntered, on: NaiveDate) {
        for group in &event.groups {
            self.began_in(group.id, on);
        }
        let (id, session) = (event.commitment_id, event.session);
        let names = self.begun.refs.entry(session).or_default();
        names.give(&event.label, id);
        let value = event.label;
        let label = Since { value, on };
        let entered = Entered { session, label };
        self.begun.commitments.insert(id, entered);
        self.begun.began(on);
    }

    pub(super) fn action_plan_entered(&mut self, event: &ActionPlanEntered, on: NaiveDate) {
        self.began_in(event.group.id, on);
        self.begun.began(on);
    }

    pub(super) fn commitment_relabelled(&mut self, event: CommitmentRelabelled, on: NaiveDate) {
        let (id, session) = (event.commitment_id, event.session);
        let names = self.begun.refs.entry(session).or_default();
        names.change(&event.from, &event.to, id, on);
        let value = event.to;
        let label = Since { value, on };
        let entered = Entered { session, label };
        self.begun.commitments.insert(id, entered);
    }
}

impl Begun {
    pub(super) fn began(&mut self, on: NaiveDate) {
        self.last_on = self.last_on.max(Some(on));
    }

    /// Refuses an end that is dated before something began.
    pub(super) fn no_later_than(&self, on: NaiveDate) -> Result<(), TooEarly> {
        let what = "the last commitment, action plan or adoption of this compact began on";
        TooEarly::check(on, what, self.last_on)
    }
}
