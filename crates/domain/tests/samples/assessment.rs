//! Samples of an assessment's and a challenge's events.

use domain::assessment::{
    About, AssessmentEvent, AssessmentMade, AssessmentRevised, AssessmentWithdrawn,
    ChallengeAnswered, Completion, Confidence, Judgement, OutcomeChallenged,
};
use domain::commitment::Outcome;
use domain::ids::{CompactId, ReadingId};
use domain::visibility::{Visibility, VisibilityChanged};

use super::{commitment_fact, figure, redacted, uuid};

fn about() -> About {
    About {
        compact_id: CompactId::new(uuid(50)),
        commitment_id: commitment_fact().id,
        session: commitment_fact().session,
        label: commitment_fact().label,
        outcome: Some(Outcome::Reading(ReadingId::new(uuid(11)))),
        position: 71,
    }
}

fn judgement(completion: Completion) -> Judgement {
    Judgement {
        completion,
        confidence: Confidence::Medium,
        comment: "Two of the returns are missing.".into(),
    }
}

pub fn assessment() -> Vec<AssessmentEvent> {
    vec![
        AssessmentMade {
            about: about(),
            judgement: judgement(Completion::CannotTell),
        }
        .into(),
        AssessmentRevised {
            from: judgement(Completion::CannotTell),
            to: judgement(Completion::PartlyAchieved),
            reason: "The returns came in".into(),
        }
        .into(),
        OutcomeChallenged {
            about: about(),
            found: Some(figure("112")),
            comment: "One employer was counted twice.".into(),
        }
        .into(),
        ChallengeAnswered {
            text: "It is two employers of one name.".into(),
        }
        .into(),
        AssessmentWithdrawn {
            reason: "Settled".into(),
        }
        .into(),
        VisibilityChanged {
            from: Visibility::Draft,
            to: Visibility::Public,
            reason: Some("The report is printed".into()),
        }
        .into(),
        redacted().into(),
    ]
}
