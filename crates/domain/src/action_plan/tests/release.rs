//! Releasing a plan, and taking it back.

use super::*;
use crate::dated::TooEarly;
use crate::visibility::ReleaseError;

fn release(to: Visibility, reason: Option<&str>) -> ActionPlanCommand {
    let reason = reason.map(ToOwned::to_owned);
    ActionPlanCommand::ReleaseActionPlan {
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

#[test]
fn a_plan_begins_as_a_draft_and_is_released_with_or_without_a_reason() {
    use Visibility as V;
    let event = changed(V::Draft, V::Compact, None);
    accepts(plan(), release(V::Compact, None), vec![event]);
    let event = changed(V::Draft, V::Public, Some("it is on the website"));
    let asked = release(V::Public, Some(" it is on the website "));
    accepts(plan(), asked, vec![event]);
}

#[test]
fn it_is_taken_back_only_with_a_reason_and_never_to_where_it_is() {
    use Visibility as V;
    let published = || plan_and(changed(V::Draft, V::Public, None));
    let event = changed(V::Public, V::Compact, Some("an action names a person"));
    let back = |reason| release(V::Compact, reason);
    accepts(
        published(),
        back(Some("an action names a person")),
        vec![event],
    );
    let missing = TextError::Missing {
        field: "reason",
        what: "the reason",
    };
    refuses(published(), back(None), ReleaseError::from(missing).into());
    let unchanged = ReleaseError::Unchanged(V::Public);
    refuses(published(), release(V::Public, None), unchanged.into());
    let unchanged = ReleaseError::Unchanged(V::Draft);
    refuses(plan(), release(V::Draft, Some("x")), unchanged.into());
}

#[test]
fn nothing_is_released_before_it_is_there_nor_before_its_last_release() {
    let region = || release(Visibility::Region, None);
    refuses(vec![], region(), ActionPlanError::NotSet);
    let before = ActionPlanError::BeforePlan { set_on: july(27) };
    refuses_on(july(26), plan(), region(), before);
    let published = plan_and(changed(Visibility::Draft, Visibility::Public, None));
    let too_early = ReleaseError::from(TooEarly {
        what: "who can read this was settled on",
        on: september(24),
    });
    let back = release(Visibility::Region, Some("x"));
    refuses_on(september(23), published, back, too_early.into());
}

#[test]
fn a_release_may_be_dated_before_other_changes_of_the_plan() {
    let event = changed(Visibility::Draft, Visibility::Public, None);
    TestFramework::<ActionPlan>::with(())
        .given(plan_and(completed(1)))
        .when(at(july(27), release(Visibility::Public, None)))
        .then_expect_events(vec![dated(july(27), event)]);
}

#[test]
fn others_can_ask_how_far_it_is_let_out_and_whose_it_is() {
    use cqrs_es::Aggregate;
    let mut now = ActionPlan::default();
    assert_eq!((now.visibility(), now.group()), (Visibility::Draft, None));
    for event in plan() {
        now.apply(event);
    }
    let whose = Some(group().id);
    assert_eq!((now.visibility(), now.group()), (Visibility::Draft, whose));
    let event = changed(Visibility::Draft, Visibility::Region, None);
    now.apply(dated(september(24), event));
    assert_eq!(now.visibility(), Visibility::Region);
}
