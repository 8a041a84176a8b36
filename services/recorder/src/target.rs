//! Targets: what a command is to be done to, as far as access depends on it.

use access::{CompactLedger, Matter, Resource};
use domain::commitment::Outcome;
use domain::ids::{
    AssessmentId, CommitmentId, CompactId, GrantId, GroupId, LedgerId, OrganisationId, RegionId,
};
use domain::{
    ActionPlanCommand, Adoption, Assessment, AssessmentCommand, Command, Commitment,
    CommitmentCommand, CompactCommand, Facts, GoodPractice, MeetingCommand, Post, RegionCommand,
    Visibility,
};

use crate::aggregates::Loaded;

/// Where a command goes, and what is there.
pub(crate) struct Target<'a> {
    /// The region the ledger is of.
    pub(crate) region: RegionId,
    /// The ledger.
    pub(crate) ledger: LedgerId,
    /// What is there, with what was decided so far.
    pub(crate) loaded: &'a Loaded,
    /// What was looked up for the command.
    pub(crate) facts: &'a Facts,
}

impl Target<'_> {
    /// What `command` is to be done to; `granted` knows over what a role was given.
    pub(crate) fn of(
        &self,
        command: &Command,
        granted: impl FnOnce(GrantId) -> Option<Post>,
    ) -> Resource {
        match command {
            Command::Region { command, .. } => self.of_region(command, granted),
            Command::Compact { command, .. } => self.of_compact(command).into(),
            Command::Commitment { id, command } => self.of_commitment(*id, command).into(),
            Command::ActionPlan { id, command } => {
                let plan = self.loaded.action_plan(*id);
                let group = match command {
                    ActionPlanCommand::SetActionPlan { group, .. } => Some(*group),
                    _ => plan.and_then(domain::ActionPlan::group),
                };
                let visibility = plan.map(domain::ActionPlan::visibility);
                self.matter(visibility.unwrap_or_default(), group).into()
            }
            Command::Meeting { id, command } => {
                let meeting = self.loaded.meeting(*id);
                let group = match command {
                    MeetingCommand::CallMeeting { group, .. } => Some(*group),
                    MeetingCommand::RecordMeeting { group, .. } => {
                        meeting.and_then(domain::Meeting::group).or(Some(*group))
                    }
                    _ => meeting.and_then(domain::Meeting::group),
                };
                let visibility = meeting.map(domain::Meeting::visibility);
                self.matter(visibility.unwrap_or_default(), group).into()
            }
            Command::GoodPractice { id, command } => {
                let practice = self.loaded.good_practice(*id);
                let visibility = practice.map(GoodPractice::visibility);
                Resource::Matter(Matter {
                    asking: command.asking(),
                    ..self.matter(visibility.unwrap_or_default(), None)
                })
            }
            Command::Adoption { id, .. } => {
                let adoption = self.loaded.adoption(*id);
                let visibility = adoption.map(Adoption::visibility);
                self.matter(visibility.unwrap_or_default(), None).into()
            }
            Command::Assessment { id, command } => self.of_assessment(*id, command),
            // Who works in a compact reads its people.
            Command::Person { .. } => self.matter(Visibility::Compact, None).into(),
        }
    }

    /// What is judged; what is not there, or was never judged, is as a draft of nobody's.
    fn of_assessment(&self, id: AssessmentId, command: &AssessmentCommand) -> Resource {
        if matches!(command, AssessmentCommand::RedactText { .. }) {
            return Resource::Region(self.region);
        }
        let made = self.loaded.assessment(id).and_then(Assessment::about);
        let made = made.map(|about| (about.compact_id, about.commitment_id));
        let begun = command.begins();
        let place = made.or(begun.map(|about| (about.compact, about.commitment)));
        let found = place.and_then(|place| self.facts.reported.get(&place));
        let ledger = CompactLedger {
            compact: place
                .map_or_else(|| CompactId::new(uuid::Uuid::nil()), |(compact, _)| compact),
            region: self.region,
        };
        let visibility = found.map_or(Visibility::Draft, |found| found.visibility);
        let groups = found.map(|found| found.groups.clone()).unwrap_or_default();
        Matter {
            groups,
            ..ledger.matter(visibility)
        }
        .into()
    }

    fn of_region(
        &self,
        command: &RegionCommand,
        granted: impl FnOnce(GrantId) -> Option<Post>,
    ) -> Resource {
        let region = self.region;
        let post = match command {
            RegionCommand::GrantRole { terms, .. } => terms.post,
            // That nobody was given a role is known only to those who see every role.
            RegionCommand::EndRole { grant, .. } => {
                granted(*grant).unwrap_or(Post::RegionalAdministrator)
            }
            _ => return Resource::Region(region),
        };
        Resource::Appointment { region, post }
    }

    /// The compact's own affairs are its own: who works in it reads them.
    fn of_compact(&self, command: &CompactCommand) -> Matter {
        let group = match command {
            CompactCommand::RenameGroup { group, .. }
            | CompactCommand::AppointChair { group, .. }
            | CompactCommand::WindUpGroup { group, .. } => Some(*group),
            _ => None,
        };
        self.matter(Visibility::Compact, group)
    }

    fn of_commitment(&self, id: CommitmentId, command: &CommitmentCommand) -> Matter {
        let commitment = self.loaded.commitment(id);
        let groups = match command {
            CommitmentCommand::ProposeCommitment { classification, .. } => {
                classification.groups.clone()
            }
            _ => commitment.map_or_else(Vec::new, |it| it.groups().collect()),
        };
        let visibility = commitment.map(Commitment::visibility);
        Matter {
            organisation: organisation(command, commitment),
            ..self.matter(visibility.unwrap_or_default(), groups)
        }
    }

    fn matter(&self, visibility: Visibility, groups: impl IntoIterator<Item = GroupId>) -> Matter {
        let ledger = CompactLedger {
            compact: CompactId::new(self.ledger.uuid()),
            region: self.region,
        };
        Matter {
            groups: groups.into_iter().collect(),
            ..ledger.matter(visibility)
        }
    }
}

/// Whose figure a command is about: for a correction, both the one that stands and the one in its place must be that
/// organisation's.
fn organisation(
    command: &CommitmentCommand,
    commitment: Option<&Commitment>,
) -> Option<OrganisationId> {
    let stands = |reading| commitment?.reading_of(reading);
    let stands_for = |outcome| match outcome {
        Outcome::Reading(reading) => stands(reading),
        Outcome::Achievement(_) => None,
    };
    match command {
        CommitmentCommand::RecordReading { terms, .. } => terms.organisation(),
        CommitmentCommand::CorrectReading { reading, terms, .. } => {
            let asked = terms.organisation()?;
            (stands(*reading)? == asked).then_some(asked)
        }
        CommitmentCommand::WithdrawReading { reading, .. } => stands(*reading),
        CommitmentCommand::AttachEvidence { outcome, .. } => stands_for(*outcome),
        CommitmentCommand::WithdrawEvidence { evidence, .. } => {
            stands_for(commitment?.evidence_of(*evidence)?)
        }
        _ => None,
    }
}

/// Every role there could be over what this belongs to.
pub(crate) fn posts_over(resource: &Resource) -> Vec<Post> {
    let mut posts = vec![
        Post::RegionalAdministrator,
        Post::Funder,
        Post::Auditor { compact_id: None },
    ];
    let Some(compact_id) = resource.compact() else {
        return posts;
    };
    posts.push(Post::Secretariat { compact_id });
    posts.push(Post::Auditor {
        compact_id: Some(compact_id),
    });
    if let Resource::Matter(matter) = resource {
        posts.extend(matter.groups.iter().map(|group_id| Post::GroupLead {
            compact_id,
            group_id: *group_id,
        }));
        posts.extend(
            matter
                .organisation
                .map(|organisation_id| Post::MemberRepresentative {
                    compact_id,
                    organisation_id,
                }),
        );
        let asking = matter.asking;
        posts.extend(asking.map(|compact_id| Post::Secretariat { compact_id }));
    }
    posts
}
