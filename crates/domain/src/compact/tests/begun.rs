//! Commitments under their refs, action plans, and the day after which nothing begins.

use super::*;

fn succeeded() -> CompactSucceeded {
    CompactSucceeded {
        by: compact(2),
        reason: WHY.into(),
    }
}

/// Commitment 1 is "2a" of 2008-09 from 5 June.
fn with_a_commitment() -> Vec<Lived> {
    and(a_compact(), 5, entered(1, "2008-09", "2a"))
}

fn carries_on(instead: &'static str) -> CompactError {
    CompactError::Succeeded {
        by: "Compact 2".into(),
        on: june(9),
        instead,
    }
}

#[test]
fn a_commitment_enters_the_statement_under_its_ref_trimmed() {
    let expected = entered(1, "2008-09", "2a");
    accepts(a_compact(), on(5, enter(1, "2008-09", " 2a ")), expected);
}

#[test]
fn a_ref_belongs_to_one_commitment_of_a_session_capitals_or_not() {
    for label in ["2a", "2A", " 2a "] {
        let taken = CompactError::RefTaken {
            label: label.trim().into(),
            session: session("2008-09"),
        };
        assert_eq!((taken.code(), taken.field()), ("REF_TAKEN", Some("ref")));
        refuses(
            with_a_commitment(),
            on(6, enter(2, "2008-09", label)),
            taken,
        );
    }
    let (later, next) = (enter(2, "2009-10", "2a"), entered(2, "2009-10", "2a"));
    accepts(with_a_commitment(), on(6, later), next);
}

#[test]
fn a_commitment_enters_once_and_not_before_the_compact_s_record_begins() {
    refuses(
        with_a_commitment(),
        on(6, enter(1, "2008-09", "3")),
        CompactError::CommitmentIdTaken,
    );
    refuses(
        a_compact(),
        on(1, enter(1, "2008-09", "3")),
        too_early("this compact's record begins on", 2),
    );
    let blank = missing("ref", "a ref");
    refuses(a_compact(), on(5, enter(1, "2008-09", " ")), blank);
    let nowhere = on(5, enter(1, "2008-09", "1"));
    refuses(vec![], nowhere, CompactError::NotEstablished);
}

#[test]
fn a_ref_that_was_given_up_is_free_from_that_day_and_not_before() {
    let relabelled = CommitmentRelabelled {
        commitment_id: commitment(1),
        session: session("2008-09"),
        from: "2a".into(),
        to: "3".into(),
    };
    let asked = on(8, relabel(1, "3"));
    accepts(with_a_commitment(), asked, relabelled.clone());
    let lived = and(with_a_commitment(), 8, relabelled);
    let held = CompactError::RefHeld {
        label: "2a".into(),
        until: june(8),
    };
    assert_eq!(held.field(), Some("occurredOn"));
    refuses(lived.clone(), on(7, enter(2, "2008-09", "2a")), held);
    let again = entered(2, "2008-09", "2a");
    accepts(lived, on(8, enter(2, "2008-09", "2a")), again);
}

#[test]
fn a_new_ref_must_be_another_and_free() {
    let lived = and(with_a_commitment(), 6, entered(2, "2008-09", "3"));
    let taken = CompactError::RefTaken {
        label: "3".into(),
        session: session("2008-09"),
    };
    refuses(lived.clone(), on(7, relabel(1, "3")), taken);
    let same = unchanged("ref", "this is the commitment's ref");
    refuses(lived.clone(), on(7, relabel(1, "2a")), same);
    let early = too_early("this commitment's ref was last given on", 5);
    refuses(lived, on(4, relabel(1, "4")), early);
}

#[test]
fn only_a_commitment_of_the_statement_gets_a_new_ref() {
    let unknown = UnknownFact::Commitment(commitment(1));
    refuses(a_compact(), on(5, relabel(1, "3")), unknown);
}

#[test]
fn an_action_plan_is_entered_for_a_group_of_the_compact() {
    let expected = plan_entered(7, 1, "LD");
    accepts(with_a_group(), on(5, enter_plan(7, 1)), expected);
    let unknown = UnknownFact::Group(group(2, "").id);
    refuses(with_a_group(), on(5, enter_plan(7, 2)), unknown);
    let early = too_early("this group was formed on", 4);
    refuses(with_a_group(), on(3, enter_plan(7, 1)), early);
}

/// The refusal of the group at this place among those a commitment is to begin in.
fn at_group(at: usize, refusal: impl Into<CompactError>) -> CompactError {
    CompactError::InList {
        item: Item::of("groupIds", at),
        refusal: Box::new(refusal.into()),
    }
}

#[test]
fn a_commitment_begins_in_groups_of_the_compact_each_once() {
    let lived = and(with_a_group(), 4, formed(2, "RR"));
    let expected = entered_in(1, &[(2, "RR"), (1, "LD")]);
    accepts(lived.clone(), on(5, enter_in(1, &[2, 1, 2])), expected);
    let unknown = at_group(1, UnknownFact::Group(group(3, "").id));
    assert_eq!(unknown.path().as_deref(), Some("groupIds.1"));
    assert_eq!(unknown.field(), Some("groupIds"));
    refuses(lived.clone(), on(5, enter_in(1, &[1, 3])), unknown);
    let early = at_group(0, too_early("this group was formed on", 4));
    assert_eq!(early.code(), "DATED_TOO_EARLY");
    refuses(lived, on(3, enter_in(1, &[1])), early);
}

#[test]
fn in_a_group_that_was_wound_up_no_plan_and_no_commitment_begins() {
    let wound_up = GroupWoundUp {
        group: group(1, "LD"),
        reason: WHY.into(),
    };
    let lived = and(with_a_group(), 9, wound_up);
    let refusal = CompactError::NothingBeginsIn {
        group: "Group 1".into(),
        on: june(9),
    };
    assert_eq!(
        refusal.to_string(),
        "“Group 1” was wound up on 9 June 2007 and takes no new plan or commitment; choose a group \
         that is at work, or form one first"
    );
    assert_eq!(
        (refusal.code(), refusal.field()),
        ("GROUP_WOUND_UP", Some("groupId"))
    );
    for day in [8, 9, 10] {
        refuses(lived.clone(), on(day, enter_plan(7, 1)), refusal.clone());
        let among = at_group(0, refusal.clone());
        refuses(lived.clone(), on(day, enter_in(1, &[1])), among);
    }
    accepts(lived, on(10, enter_in(1, &[])), entered_in(1, &[]));
}

#[test]
fn after_the_succession_no_commitment_and_no_plan_begins() {
    let lived = and(with_a_group(), 9, succeeded());
    let commitment = carries_on("propose the commitment there");
    assert_eq!(
        commitment.to_string(),
        "this compact was succeeded by Compact 2 on 9 June 2007; propose the commitment there"
    );
    assert_eq!(commitment.code(), "COMPACT_SUCCEEDED");
    for day in [8, 9, 10] {
        let asked = on(day, enter(1, "2008-09", "1"));
        refuses(lived.clone(), asked, commitment.clone());
    }
    let plan = carries_on("set the plan there, with a group of that compact");
    refuses(lived, on(10, enter_plan(7, 1)), plan);
}

#[test]
fn after_the_succession_a_commitment_can_still_be_renumbered() {
    let lived = and(with_a_commitment(), 9, succeeded());
    let expected = CommitmentRelabelled {
        commitment_id: commitment(1),
        session: session("2008-09"),
        from: "2a".into(),
        to: "2b".into(),
    };
    accepts(lived, on(10, relabel(1, "2b")), expected);
}

#[test]
fn a_group_is_not_wound_up_before_what_began_in_it() {
    let wound_up = GroupWoundUp {
        group: group(1, "LD"),
        reason: WHY.into(),
    };
    let asked = C::WindUpGroup {
        group: group(1, "").id,
        reason: WHY.into(),
    };
    let what = "a commitment or an action plan of this group began on";
    let early = too_early(what, 7);
    assert_eq!(
        early.to_string(),
        "a commitment or an action plan of this group began on 7 June 2007, so this cannot be dated \
         earlier; enter that day or a later one"
    );
    assert_eq!(
        (early.code(), early.field()),
        ("DATED_TOO_EARLY", Some("occurredOn"))
    );
    let a_plan = and(with_a_group(), 7, plan_entered(7, 1, "LD"));
    let a_commitment = and(with_a_group(), 7, entered_in(1, &[(1, "LD")]));
    for begun in [a_plan, a_commitment] {
        // What is entered late with an earlier day leaves the latest day as it is.
        let begun = and(begun, 5, plan_entered(8, 1, "LD"));
        refuses(begun.clone(), on(6, asked.clone()), early.clone());
        accepts(begun, on(7, asked.clone()), wound_up.clone());
    }
    let elsewhere = and(with_a_group(), 4, formed(2, "RR"));
    let elsewhere = and(elsewhere, 7, plan_entered(7, 2, "RR"));
    let elsewhere = and(elsewhere, 7, entered_in(1, &[(2, "RR")]));
    accepts(elsewhere, on(6, asked), wound_up);
}

#[test]
fn a_compact_is_not_succeeded_before_what_began_in_it() {
    let asked = C::SucceedCompact {
        by: compact(2).id,
        reason: WHY.into(),
    };
    let what = "the last commitment, action plan or adoption of this compact began on";
    let early = on(4, asked.clone());
    refuses(with_a_commitment(), early, too_early(what, 5));
    accepts(with_a_commitment(), on(5, asked), succeeded());
}
