//! Whose an entry is, and so how far it can be read: what is recorded of a commitment or a plan is as visible as
//! that is, a compact's own affairs are the register's, and a person's are theirs who read everything.

use domain::ids::{ActionPlanId, CommitmentId, MeetingId, PersonId};
use domain::stream::StreamKind;
use domain::{CompactEvent, Event};
use ledger::Entry;
use uuid::Uuid;

/// Whose an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Whose {
    /// The region's, or the compact's own.
    Register,
    /// A commitment's.
    Commitment(CommitmentId),
    /// An action plan's.
    Plan(ActionPlanId),
    /// A person's.
    Person(PersonId),
    /// A meeting's.
    Meeting(MeetingId),
    /// A piece of good practice's, or an adoption's: the id of its stream.
    Practice(Uuid),
}

/// Whose an entry is. What a compact enters of a commitment, a plan or an adoption, so that a ref has one holder and a practice is
/// taken up once, is that commitment's, plan's or adoption's: it tells that there is one.
pub(crate) fn whose(entry: &Entry) -> Whose {
    let stream = entry.recorded.stream;
    match (stream.kind, &entry.event) {
        (StreamKind::Commitment, _) => Whose::Commitment(stream.id.into()),
        (StreamKind::ActionPlan, _) => Whose::Plan(stream.id.into()),
        (StreamKind::Person, _) => Whose::Person(stream.id.into()),
        (StreamKind::Meeting, _) => Whose::Meeting(stream.id.into()),
        (StreamKind::GoodPractice | StreamKind::Adoption, _) => Whose::Practice(stream.id),
        (_, Event::Compact(CompactEvent::CommitmentEntered(e))) => {
            Whose::Commitment(e.commitment_id)
        }
        (_, Event::Compact(CompactEvent::CommitmentRelabelled(e))) => {
            Whose::Commitment(e.commitment_id)
        }
        (_, Event::Compact(CompactEvent::ActionPlanEntered(e))) => Whose::Plan(e.action_plan_id),
        (_, Event::Compact(CompactEvent::AdoptionEntered(e))) => {
            Whose::Practice(e.adoption_id.uuid())
        }
        (_, Event::Compact(CompactEvent::AdoptionEnded(e))) => {
            Whose::Practice(e.adoption_id.uuid())
        }
        _ => Whose::Register,
    }
}
