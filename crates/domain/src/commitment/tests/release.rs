//! Releasing a commitment, and taking it back.

use super::*;
use crate::visibility::ReleaseError;

fn release(to: Visibility, reason: Option<&str>) -> CommitmentCommand {
    let reason = reason.map(ToOwned::to_owned);
    CommitmentCommand::ReleaseCommitment {
        to,
        reason: reason.map(Into::into),
    }
}

fn changed(from: Visibility, to: Visibility, reason: Option<&str>) -> VisibilityChanged {
    let reason = reason.map(ToOwned::to_owned);
    VisibilityChanged {
        from,
        to,
        reason: reason.map(Into::into),
    }
}

/// Released to the region on 9 July.
fn released() -> Vec<Lived> {
    let event = changed(Visibility::Draft, Visibility::Region, None);
    and(a_promise(), 9, event)
}

#[test]
fn a_commitment_begins_as_a_draft_and_is_released_with_or_without_a_reason() {
    use Visibility as V;
    let event = changed(V::Draft, V::Compact, None);
    accepts(a_draft(), on(1, release(V::Compact, None)), &[event.into()]);
    let event = changed(V::Draft, V::Public, Some(WHY));
    let asked = on(4, release(V::Public, Some(&format!(" {WHY} "))));
    accepts(a_promise(), asked, &[event.into()]);
    let event = changed(V::Region, V::Public, None);
    accepts(
        released(),
        on(9, release(V::Public, Some(" "))),
        &[event.into()],
    );
}

#[test]
fn it_is_taken_back_only_with_a_reason() {
    use Visibility as V;
    let back = |reason| on(10, release(V::Draft, reason));
    let event = changed(V::Region, V::Draft, Some(WHY));
    accepts(released(), back(Some(WHY)), &[event.into()]);
    let missing = TextError::Missing {
        field: "reason",
        what: "the reason",
    };
    refuses(released(), back(None), ReleaseError::from(missing.clone()));
    refuses(released(), back(Some(" ")), ReleaseError::from(missing));
}

#[test]
fn a_release_that_would_change_nothing_is_refused() {
    let again = on(10, release(Visibility::Region, Some(WHY)));
    refuses(
        released(),
        again,
        ReleaseError::Unchanged(Visibility::Region),
    );
    let draft = on(2, release(Visibility::Draft, Some(WHY)));
    refuses(a_draft(), draft, ReleaseError::Unchanged(Visibility::Draft));
}

#[test]
fn nothing_is_released_before_it_is_there_nor_before_its_last_release() {
    let region = |day| on(day, release(Visibility::Region, None));
    refuses(vec![], region(1), CommitmentError::NotProposed);
    let too_early = |day| {
        let what = "who can read this was settled on";
        let on = july(day);
        ReleaseError::from(TooEarly { what, on })
    };
    let proposed_later = vec![was(2, proposed())];
    refuses(proposed_later, region(1), too_early(2));
    let public = on(8, release(Visibility::Public, None));
    refuses(released(), public, too_early(9));
}

#[test]
fn what_has_ended_is_released_too_and_as_of_a_day_before_it_did() {
    let conclusion = Conclusion::Achieved;
    let ended = and(a_promise(), 20, CommitmentConcluded { conclusion });
    let withdrawn = CommitmentWithdrawn { reason: WHY.into() };
    for lived in [ended, and(a_promise(), 20, withdrawn)] {
        let event = changed(Visibility::Draft, Visibility::Public, None);
        let asked = on(3, release(Visibility::Public, None));
        accepts(lived, asked, &[event.into()]);
    }
}

#[test]
fn a_release_is_no_change_of_the_commitment_that_others_would_have_to_follow() {
    let words = CommitmentWords {
        title: "More apprentices by far".into(),
        comment: None,
    };
    let reword = CommitmentCommand::RewordCommitment {
        words: words.clone(),
        reason: WHY.into(),
    };
    let event = CommitmentReworded {
        from: CommitmentWords {
            title: "More apprentices".into(),
            comment: None,
        },
        to: words,
        reason: WHY.into(),
    };
    accepts(released(), on(4, reword), &[event.into()]);
}

#[test]
fn others_can_ask_how_far_it_is_let_out_and_which_groups_it_belongs_to() {
    use cqrs_es::Aggregate;
    let mut commitment = Commitment::default();
    assert_eq!(commitment.visibility(), Visibility::Draft);
    assert_eq!(commitment.groups().count(), 0);
    let mut proposal = proposed();
    proposal.classification.groups = vec![group(1), group(2)];
    commitment.apply(was(1, proposal));
    assert_eq!(commitment.visibility(), Visibility::Draft);
    let groups: Vec<_> = commitment.groups().collect();
    assert_eq!(groups, [group(1).id, group(2).id]);
    commitment.apply(was(2, changed(Visibility::Draft, Visibility::Public, None)));
    assert_eq!(commitment.visibility(), Visibility::Public);
}
