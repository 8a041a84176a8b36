//! What may be asked of a commitment's place in the statement.

use super::*;
use crate::facts::UnknownFact;
use crate::refusal::{Item, Refusal};

fn words(title: &str, comment: Option<&str>) -> CommitmentWords {
    CommitmentWords {
        title: title.into(),
        comment: comment.map(Into::into),
    }
}

fn belonging() -> ClassificationInput {
    ClassificationInput {
        aims: vec![" 1".into(), "2".into(), "1".into()],
        themes: vec!["skills-pledge".into(), "skills-pledge".into()],
        groups: vec![group(1).id],
    }
}

fn belongs() -> Classification {
    Classification {
        aims: vec!["1".into(), "2".into()],
        themes: vec!["skills-pledge".into()],
        groups: vec![group(1)],
    }
}

fn propose(label: &str) -> CommitmentCommand {
    CommitmentCommand::ProposeCommitment {
        session: session("2008-09"),
        label: label.into(),
        words: words(" More apprentices ", Some(" ")),
        classification: belonging(),
        due_on: Some(july(31)),
    }
}

fn reword(title: &str, reason: &str) -> CommitmentCommand {
    CommitmentCommand::RewordCommitment {
        words: words(title, None),
        reason: reason.into(),
    }
}

fn renumber(to: &str, reason: &str) -> CommitmentCommand {
    CommitmentCommand::RenumberCommitment {
        session: session("2008-09"),
        label: to.into(),
        reason: reason.into(),
    }
}

fn reclassify(classification: ClassificationInput, reason: &str) -> CommitmentCommand {
    CommitmentCommand::ReclassifyCommitment {
        classification,
        reason: reason.into(),
    }
}

fn due(day: Option<u32>, reason: &str) -> CommitmentCommand {
    CommitmentCommand::ChangeDueDate {
        due_on: day.map(july),
        reason: reason.into(),
    }
}

fn unchanged(field: &'static str, what: &'static str) -> CommitmentError {
    CommitmentError::Unchanged { field, what }
}

#[test]
fn a_commitment_is_proposed_with_its_words_trimmed_and_each_mention_once() {
    let expected = CommitmentProposed {
        classification: belongs(),
        due_on: Some(july(31)),
        ..proposed()
    };
    accepts(vec![], on(1, propose(" 2 ")), &[expected.into()]);
}

#[test]
fn a_commitment_is_proposed_once() {
    refuses(
        a_draft(),
        on(2, propose("3")),
        CommitmentError::AlreadyProposed,
    );
}

#[test]
fn a_proposal_needs_a_title_and_a_ref() {
    refuses(vec![], on(1, propose(" ")), missing("ref", "a ref"));
    let untitled = CommitmentCommand::ProposeCommitment {
        session: session("2008-09"),
        label: "2".into(),
        words: words(" ", None),
        classification: ClassificationInput::default(),
        due_on: None,
    };
    refuses(vec![], on(1, untitled), missing("title", "a title"));
}

#[test]
fn what_a_commitment_belongs_to_must_exist() {
    let theme = |code: &str| ClassificationInput {
        themes: vec![code.into()],
        ..ClassificationInput::default()
    };
    refuses(
        a_draft(),
        on(2, reclassify(theme("juggling"), WHY)),
        CommitmentError::in_list(Item::of("themes", 0), UnknownFact::Theme("juggling".into())),
    );
    let stranger = ClassificationInput {
        groups: vec![group(9).id],
        ..ClassificationInput::default()
    };
    refuses(
        a_draft(),
        on(2, reclassify(stranger, WHY)),
        CommitmentError::in_list(Item::of("groupIds", 0), UnknownFact::Group(group(9).id)),
    );
    let blank = ClassificationInput {
        aims: vec!["1".into(), " ".into()],
        ..ClassificationInput::default()
    };
    let blank_aim = missing("aims", "the ref of an aim");
    let refused = CommitmentError::in_list(Item::of("aims", 1), blank_aim);
    assert_eq!(refused.path().as_deref(), Some("aims.1"));
    refuses(a_draft(), on(2, reclassify(blank, WHY)), refused);
}

#[test]
fn rewording_keeps_the_words_it_replaces() {
    let expected = CommitmentReworded {
        from: words("More apprentices", None),
        to: words("Sixty more apprentices", None),
        reason: WHY.into(),
    };
    let asked = reword(" Sixty more apprentices", " agreed by the Steering Group ");
    accepts(a_draft(), on(2, asked), &[expected.into()]);
}

#[test]
fn rewording_needs_other_words_a_reason_and_a_date_not_before_the_last_change() {
    let same = reword("More apprentices ", WHY);
    refuses(
        a_draft(),
        on(2, same),
        unchanged("title", "these are the commitment's words"),
    );
    refuses(a_draft(), on(2, reword("Other", " ")), no_reason());
    refuses(
        a_promise(),
        on(2, reword("Other", WHY)),
        too_early(CHANGED, 3),
    );
}

#[test]
fn renumbering_keeps_the_ref_it_replaces() {
    let expected = CommitmentRenumbered {
        from: "2".into(),
        to: "2b".into(),
        reason: WHY.into(),
    };
    accepts(a_draft(), on(2, renumber("2b", WHY)), &[expected.into()]);
}

#[test]
fn renumbering_needs_another_ref_of_the_same_session_and_a_reason() {
    refuses(
        a_draft(),
        on(2, renumber("2", WHY)),
        unchanged("ref", "this is the commitment's ref"),
    );
    refuses(a_draft(), on(2, renumber("3", "")), no_reason());
    let elsewhere = CommitmentCommand::RenumberCommitment {
        session: session("2009-10"),
        label: "3".into(),
        reason: WHY.into(),
    };
    refuses(
        a_draft(),
        on(2, elsewhere),
        CommitmentError::OtherSession {
            session: session("2008-09"),
        },
    );
}

#[test]
fn reclassifying_keeps_what_it_replaces() {
    let expected = CommitmentReclassified {
        from: Classification::default(),
        to: belongs(),
        reason: WHY.into(),
    };
    accepts(
        a_draft(),
        on(2, reclassify(belonging(), WHY)),
        &[expected.into()],
    );
}

#[test]
fn another_order_or_a_group_renamed_since_is_not_another_classification() {
    let mut renamed = belongs();
    renamed.aims.reverse();
    renamed.groups[0].name = "Group 1 as it was called".into();
    let lived = vec![was(
        1,
        CommitmentProposed {
            classification: renamed,
            ..proposed()
        },
    )];
    refuses(
        lived,
        on(2, reclassify(belonging(), WHY)),
        unchanged(
            "themes",
            "the commitment belongs to these aims, themes and groups",
        ),
    );
    refuses(a_draft(), on(2, reclassify(belonging(), " ")), no_reason());
}

#[test]
fn a_due_date_is_set_changed_and_taken_away_each_with_a_reason() {
    let changed = |from: Option<u32>, to: Option<u32>| DueDateChanged {
        from: from.map(july),
        to: to.map(july),
        reason: WHY.into(),
    };
    accepts(
        a_draft(),
        on(2, due(Some(20), WHY)),
        &[changed(None, Some(20)).into()],
    );
    let lived = and(a_draft(), 2, changed(None, Some(20)));
    accepts(
        lived.clone(),
        on(2, due(None, WHY)),
        &[changed(Some(20), None).into()],
    );
    refuses(
        lived.clone(),
        on(3, due(Some(20), WHY)),
        unchanged("dueOn", "this is the commitment's due date"),
    );
    refuses(lived.clone(), on(3, due(None, "")), no_reason());
    refuses(lived, on(1, due(None, WHY)), too_early(CHANGED, 2));
}

#[test]
fn what_has_ended_keeps_its_words_ref_place_and_due_date() {
    let status = Status::NotAchieved;
    let conclusion = Conclusion::NotAchieved;
    let lived = and(a_promise(), 9, CommitmentConcluded { conclusion });
    for asked in [
        reword("Other", WHY),
        renumber("9", WHY),
        reclassify(belonging(), WHY),
        due(Some(30), WHY),
    ] {
        refuses(
            lived.clone(),
            on(10, asked),
            CommitmentError::Ended { status },
        );
    }
}
