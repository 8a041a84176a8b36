//! Setting and retitling the plan.

use super::*;

fn set(title: &str) -> ActionPlanCommand {
    ActionPlanCommand::SetActionPlan {
        group: group().id,
        title: title.into(),
    }
}

fn retitle(title: &str, reason: &str) -> ActionPlanCommand {
    ActionPlanCommand::RetitleActionPlan {
        title: title.into(),
        reason: reason.into(),
    }
}

#[test]
fn a_plan_is_set_for_a_group_with_its_title_trimmed() {
    let event = ActionPlanSet {
        group: group(),
        title: "L&D plan".into(),
    };
    accepts(vec![], set("  L&D plan "), vec![event]);
}

#[test]
fn a_plan_is_set_once() {
    refuses(plan(), set("Another"), ActionPlanError::AlreadySet);
}

#[test]
fn a_plan_is_set_only_for_a_group_of_the_compact() {
    let stranger = GroupId::new(Uuid::from_u128(99));
    let command = ActionPlanCommand::SetActionPlan {
        group: stranger,
        title: "L&D plan".into(),
    };
    let error = crate::facts::UnknownFact::Group(stranger).into();
    refuses(vec![], command, error);
}

#[test]
fn a_plan_has_a_title() {
    refuses(vec![], set(" "), missing("title", "a title"));
}

#[test]
fn nothing_happens_to_a_plan_before_it_is_set() {
    let note = make(Change::NoteNoAction {
        objective: objective(1),
        note: "not yet".into(),
        timescale: None,
    });
    refuses(vec![], retitle("x", "y"), ActionPlanError::NotSet);
    refuses(vec![], note, ActionPlanError::NotSet);
}

#[test]
fn nothing_is_dated_before_the_day_the_plan_was_set() {
    let error = ActionPlanError::BeforePlan { set_on: july(27) };
    refuses_on(july(26), plan(), retitle("x", "y"), error);
}

#[test]
fn a_plan_is_retitled_with_its_old_title_kept_and_a_reason() {
    let event = ActionPlanRetitled {
        from: "Learning and Development action plan".into(),
        to: "L&D plan 2007-08".into(),
        reason: "a plan a year".into(),
    };
    let command = retitle("L&D plan 2007-08 ", " a plan a year");
    accepts(plan(), command.clone(), vec![event.clone()]);
    refuses(
        plan_and(event),
        command,
        ActionPlanError::Unchanged(Part::Title),
    );
    refuses(plan(), retitle("L&D plan", " "), reason_missing());
}

#[test]
fn a_retitling_is_not_dated_before_the_last_one() {
    let event = ActionPlanRetitled {
        from: "Learning and Development action plan".into(),
        to: "L&D plan".into(),
        reason: "shorter".into(),
    };
    let error = ActionPlanError::BeforeChange {
        thing: Thing::Title,
        changed_on: september(24),
    };
    refuses_on(september(23), plan_and(event), retitle("x", "y"), error);
}
