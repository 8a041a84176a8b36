//! Good practice that is taken up: once by each that takes it up, and anew once it was given up.

use super::*;

/// Practice 9, taken up on 5 June as adoption 1 by the compact itself and as adoption 2 by organisation 1.
fn with_adoptions() -> Vec<Lived> {
    let lived = and(a_compact(), 5, taken_up(1, None, 9));
    and(lived, 5, taken_up(2, Some(1), 9))
}

fn refusal(who: &str) -> CompactError {
    CompactError::TakenUp {
        who: who.into(),
        on: june(5),
    }
}

#[test]
fn a_practice_is_taken_up_once_by_the_compact_itself_and_once_by_each_organisation() {
    accepts(
        a_compact(),
        on(5, take_up(1, None, 9)),
        taken_up(1, None, 9),
    );
    let own = refusal("Compact 1");
    assert_eq!(
        own.to_string(),
        "Compact 1 took this up on 5 June 2007 already; record there what was changed or how it went, \
         or give that up first if it is taken up anew"
    );
    assert_eq!(
        (own.code(), own.field()),
        ("ALREADY_ADOPTED", Some("organisationId"))
    );
    refuses(with_adoptions(), on(6, take_up(3, None, 9)), own.clone());
    refuses(with_adoptions(), on(6, take_up(1, None, 8)), own);
    let name = &organisation(1).name;
    refuses(
        with_adoptions(),
        on(6, take_up(3, Some(1), 9)),
        refusal(name),
    );
    // An earlier day does not make it another.
    refuses(
        with_adoptions(),
        on(4, take_up(3, Some(1), 9)),
        refusal(name),
    );
    let another = take_up(3, Some(2), 9);
    accepts(with_adoptions(), on(6, another), taken_up(3, Some(2), 9));
    let other = take_up(3, None, 8);
    accepts(with_adoptions(), on(6, other), taken_up(3, None, 8));
}

#[test]
fn what_was_given_up_is_taken_up_anew_from_that_day_and_not_before() {
    accepts(with_adoptions(), on(8, give_up(1)), given_up(1));
    let lived = and(with_adoptions(), 8, given_up(1));
    let until = CompactError::TakenUpUntil {
        who: "Compact 1".into(),
        until: june(8),
    };
    assert_eq!(
        until.to_string(),
        "Compact 1 had taken this up before and gave it up on 8 June 2007; enter that day or a later one"
    );
    assert_eq!(
        (until.code(), until.field()),
        ("ALREADY_ADOPTED", Some("occurredOn"))
    );
    refuses(lived.clone(), on(7, take_up(3, None, 9)), until);
    let again = taken_up(3, None, 9);
    accepts(lived.clone(), on(8, take_up(3, None, 9)), again.clone());
    let twice = and(lived, 8, again);
    let standing = CompactError::TakenUp {
        who: "Compact 1".into(),
        on: june(8),
    };
    refuses(twice, on(9, take_up(4, None, 9)), standing);
}

#[test]
fn it_is_given_up_no_earlier_than_it_was_taken_up_and_also_where_that_was_not_entered() {
    let early = too_early("this was taken up on", 5);
    refuses(with_adoptions(), on(4, give_up(1)), early);
    accepts(a_compact(), on(4, give_up(7)), given_up(7));
}

#[test]
fn nothing_is_taken_up_once_another_compact_carries_on_and_what_was_can_be_given_up() {
    let succeeded = CompactSucceeded {
        by: compact(2),
        reason: WHY.into(),
    };
    let over = and(with_adoptions(), 9, succeeded);
    let carries_on = CompactError::Succeeded {
        by: "Compact 2".into(),
        on: june(9),
        instead: "take the good practice up there",
    };
    refuses(over.clone(), on(10, take_up(3, None, 8)), carries_on);
    accepts(over, on(10, give_up(1)), given_up(1));
    let early = too_early(
        "the last commitment, action plan or adoption of this compact began on",
        5,
    );
    let succeed = C::SucceedCompact {
        by: compact(2).id,
        reason: WHY.into(),
    };
    refuses(with_adoptions(), on(4, succeed), early);
}
