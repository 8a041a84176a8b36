//! The compact itself: its name, its groups and their chairs, and what succeeds it.

mod begun;
mod command;
mod error;
mod event;
mod group;
mod succession;
mod taken_up;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::dated::{Dated, Directed, Since, TooEarly};
use crate::facts::{CompactFact, GroupFact};
use crate::ids::{CompactId, GroupId, RegionId, SubjectId};
use crate::names::Names;
use crate::redaction::TextRedacted;
use crate::text::Text;

pub use command::*;
pub use error::CompactError;
pub use event::*;

use CompactCommand as C;
use begun::Begun;
use group::Group;
use taken_up::TakenUp;

/// What kind of group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GroupKind {
    /// Decides for the compact.
    Steering,
    /// Standing, around a theme.
    Theme,
    /// Standing, a network.
    Network,
    /// Until its task is done.
    Task,
    /// Set up for a short while.
    ShortLife,
}

/// The compact, as far as decisions need it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Compact {
    identity: Option<Identity>,
    groups: BTreeMap<GroupId, Group>,
    codes: Names<GroupId>,
    succeeded: Option<Since<CompactFact>>,
    begun: Begun,
    taken_up: TakenUp,
}

/// Who the compact is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Identity {
    id: CompactId,
    region: RegionId,
    established_on: NaiveDate,
    name: Since<String>,
    beginnings: Since<CompactBeginnings>,
}

impl Compact {
    /// The region it belongs to; none before it exists.
    pub fn region(&self) -> Option<RegionId> {
        self.identity.as_ref().map(|identity| identity.region)
    }

    /// A group as it is now, or as it was when it was wound up.
    pub fn group(&self, id: GroupId) -> Option<GroupFact> {
        self.groups.get(&id).map(|group| group.fact.clone())
    }

    /// The day a group was wound up; none while it is at work.
    pub fn wound_up_on(&self, id: GroupId) -> Option<NaiveDate> {
        self.groups.get(&id)?.wound_up_on
    }

    /// What the command brings about: nothing is written here.
    #[expect(clippy::too_many_lines, reason = "each command is named")]
    fn decide(
        &self,
        directed: &Directed<CompactCommand>,
    ) -> Result<[CompactEvent; 1], CompactError> {
        let (on, facts) = (directed.occurred_on, &directed.facts);
        Ok([match &directed.command {
            C::EstablishCompact {
                compact,
                region,
                particulars,
            } => self.establish(*compact, *region, particulars)?.into(),
            C::RenameCompact { name, reason } => self.rename(on, name, reason)?.into(),
            C::CorrectCompact {
                area,
                launched_on,
                pilot_from_year,
                reason,
            } => {
                let asked = CompactBeginnings {
                    area: area.clone(),
                    launched_on: *launched_on,
                    pilot_from_year: *pilot_from_year,
                };
                self.correct(on, &asked, reason)?.into()
            }
            C::FormGroup {
                group,
                code,
                kind,
                name,
                note,
            } => {
                let fact = self.form_group(on, *group, code, name)?;
                group::formed(fact, *kind, note.as_ref())?.into()
            }
            C::RenameGroup {
                group,
                name,
                reason,
            } => self.rename_group(on, *group, name, reason)?.into(),
            C::AppointChair {
                group,
                organisation,
            } => self
                .appoint_chair(on, *group, facts.organisation(*organisation))?
                .into(),
            C::WindUpGroup { group, reason } => self.wind_up_group(on, *group, reason)?.into(),
            C::SucceedCompact { by, reason } => self.succeed(on, *by, facts, reason)?.into(),
            C::EnterCommitment {
                commitment,
                session,
                label,
                groups,
            } => self
                .enter_commitment(on, *commitment, *session, label)?
                .within(self.groups_to_begin_in(on, groups)?)
                .into(),
            C::RelabelCommitment { commitment, label } => {
                self.relabel_commitment(on, *commitment, label)?.into()
            }
            C::EnterActionPlan { plan, group } => self.enter_action_plan(on, *plan, *group)?.into(),
            C::EnterAdoption {
                adoption,
                organisation,
                practice,
            } => {
                let organisation = organisation.map(|id| facts.organisation(id));
                self.enter_adoption(on, *adoption, organisation.transpose()?, *practice)?
                    .into()
            }
            C::EndAdoption { adoption } => self.end_adoption(on, *adoption)?.into(),
            C::RedactText { text, reason } => self.redact(on, *text, reason)?.into(),
        }])
    }

    /// The redaction: of a compact that was succeeded, too.
    fn redact(
        &self,
        on: NaiveDate,
        text: SubjectId,
        reason: &Text,
    ) -> Result<TextRedacted, CompactError> {
        self.existing(on)?;
        Ok(TextRedacted::of(text, reason)?)
    }

    /// Refuses whatever is asked of a compact that does not exist, or did not on that day.
    fn existing(&self, on: NaiveDate) -> Result<&Identity, CompactError> {
        let identity = self.identity.as_ref().ok_or(CompactError::NotEstablished)?;
        let what = "this compact's record begins on";
        TooEarly::check(on, what, Some(identity.established_on))?;
        Ok(identity)
    }
}

crate::aggregate::aggregate! {
    Compact, "compact": CompactCommand => CompactEvent, CompactError
}

impl Compact {
    fn take(&mut self, dated: Dated<CompactEvent>) {
        let on = dated.occurred_on;
        match dated.event {
            CompactEvent::Established(event) => self.established(event, on),
            CompactEvent::Renamed(event) => self.renamed(event, on),
            CompactEvent::Corrected(event) => self.corrected(event, on),
            CompactEvent::GroupFormed(event) => self.group_formed(event, on),
            CompactEvent::GroupRenamed(event) => self.group_renamed(event, on),
            CompactEvent::ChairAppointed(event) => self.chair_appointed(event, on),
            CompactEvent::GroupWoundUp(event) => self.group_wound_up(&event, on),
            CompactEvent::Succeeded(event) => {
                self.succeeded = Some(Since {
                    value: event.by,
                    on,
                });
            }
            CompactEvent::CommitmentEntered(event) => self.commitment_entered(event, on),
            CompactEvent::CommitmentRelabelled(event) => self.commitment_relabelled(event, on),
            CompactEvent::ActionPlanEntered(event) => self.action_plan_entered(&event, on),
            CompactEvent::AdoptionEntered(event) => self.adoption_entered(&event, on),
            CompactEvent::AdoptionEnded(event) => self.adoption_ended(&event, on),
            CompactEvent::TextRedacted(_) => {}
        }
    }
}
