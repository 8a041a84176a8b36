//! What holds of a compact whatever is asked, in whatever order, dated whenever.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::lives;

fn a_text() -> impl Strategy<Value = String> {
    select(vec!["a", "b", "c", " "]).prop_map(Into::into)
}

fn a_ref() -> impl Strategy<Value = &'static str> {
    select(vec!["1", "2a", "2A", " "])
}

fn anything() -> impl Strategy<Value = CompactCommand> {
    let id = (1..=4_u128).prop_map(|n| group(n, "").id);
    let other = 1..=2_u128;
    prop_oneof![
        1 => (a_text(), a_text()).prop_map(|(name, reason)| C::RenameCompact { name, reason: reason.into() }),
        1 => (a_text(), 1..3_u32, a_text()).prop_map(|(area, day, reason)| C::CorrectCompact {
            area,
            launched_on: june(day),
            pilot_from_year: None,
            reason: reason.into(),
        }),
        4 => (id.clone(), select(vec!["LD", "ld", "RR"]), a_text()).prop_map(|(group, code, name)| {
            C::FormGroup { group, code: code.into(), kind: GroupKind::Task, name, note: None }
        }),
        2 => (id.clone(), a_text(), a_text())
            .prop_map(|(group, name, reason)| C::RenameGroup { group, name, reason: reason.into() }),
        2 => (id.clone(), other.clone()).prop_map(|(group, n)| C::AppointChair {
            group,
            organisation: organisation(n).id,
        }),
        2 => (id, a_text()).prop_map(|(group, reason)| C::WindUpGroup { group, reason: reason.into() }),
        1 => (other, a_text())
            .prop_map(|(n, reason)| C::SucceedCompact { by: compact(n).id, reason: reason.into() }),
        2 => (1..=4_u128, a_ref()).prop_map(|(n, label)| enter(n, "2008-09", label)),
        2 => (1..=4_u128, proptest::collection::vec(1..=4_u128, 1..3))
            .prop_map(|(n, groups)| enter_in(n, &groups)),
        2 => (1..=4_u128, a_ref()).prop_map(|(n, label)| relabel(n, label)),
        1 => (1..=3_u128, 1..=4_u128).prop_map(|(n, of)| enter_plan(n, of)),
        3 => (1..=4_u128, proptest::option::of(1..=2_u128), 1..=2_u128)
            .prop_map(|(n, by, of)| take_up(n, by, of)),
        2 => (1..=4_u128).prop_map(give_up),
        1 => a_text().prop_map(redact),
    ]
}

fn a_script() -> impl Strategy<Value = Vec<Asked>> {
    let steps = proptest::collection::vec((anything(), 0..6_u32), 1..40);
    steps.prop_map(|steps| {
        let establish = C::EstablishCompact {
            compact: compact(1).id,
            region: Uuid::from_u128(50).into(),
            particulars: particulars(),
        };
        let dated = |(step, (command, jitter)): (u32, _)| on(1 + step / 3 + jitter, command);
        let first = std::iter::once(on(2, establish));
        first.chain((0..).zip(steps).map(dated)).collect()
    })
}

/// Gives a commitment a ref, and says whether it was free.
fn take_ref(refs: &mut BTreeMap<CommitmentId, String>, id: CommitmentId, label: &str) -> bool {
    refs.insert(id, label.to_owned());
    let mut others = refs.iter().filter(|(other, _)| **other != id);
    !others.any(|(_, held)| held.to_lowercase() == label.to_lowercase())
}

/// Says what in these events could not have happened, told without the compact's own rules.
#[expect(clippy::too_many_lines, reason = "each event is named")]
fn possible<'a>(lived: impl IntoIterator<Item = &'a Lived>) -> Result<(), String> {
    use CompactEvent as E;
    let mut at_work: BTreeMap<GroupId, GroupFact> = BTreeMap::new();
    let mut chairs = BTreeMap::new();
    let (mut name, mut beginnings, mut succeeded) = (None, None, false);
    let mut refs: BTreeMap<CommitmentId, String> = BTreeMap::new();
    let mut taken_up = BTreeMap::new();
    for dated in lived {
        let possible = match &dated.event {
            E::Established(e) => {
                beginnings = Some(CompactBeginnings {
                    area: e.area.clone(),
                    launched_on: e.launched_on,
                    pilot_from_year: e.pilot_from_year,
                });
                name.replace(e.name.clone()).is_none()
            }
            E::Corrected(e) => beginnings.replace(e.to.clone()).as_ref() == Some(&e.from),
            E::Renamed(e) => !succeeded && name.replace(e.to.clone()).as_ref() == Some(&e.from),
            E::GroupFormed(e) => {
                let code = e.group.code.to_lowercase();
                let mut others = at_work.values();
                let free = !others.any(|other| other.code.to_lowercase() == code);
                let new = at_work.insert(e.group.id, e.group.clone()).is_none();
                !succeeded && name.is_some() && free && new
            }
            E::GroupRenamed(e) => {
                let renamed = GroupFact {
                    name: e.to.clone(),
                    ..e.group.clone()
                };
                at_work.insert(e.group.id, renamed).as_ref() == Some(&e.group)
            }
            E::ChairAppointed(e) => {
                let before = chairs.insert(e.group.id, e.to.clone());
                at_work.get(&e.group.id) == Some(&e.group) && before == e.from
            }
            E::GroupWoundUp(e) => at_work.remove(&e.group.id).as_ref() == Some(&e.group),
            E::CommitmentEntered(e) => {
                let new = !refs.contains_key(&e.commitment_id);
                let free = take_ref(&mut refs, e.commitment_id, &e.label);
                let there = e.groups.iter().all(|group| at_work.contains_key(&group.id));
                !succeeded && name.is_some() && new && free && there
            }
            E::CommitmentRelabelled(e) => {
                let was = refs.get(&e.commitment_id) == Some(&e.from);
                was && take_ref(&mut refs, e.commitment_id, &e.to)
            }
            E::ActionPlanEntered(e) => !succeeded && at_work.contains_key(&e.group.id),
            E::AdoptionEntered(e) => {
                let by = e.organisation.as_ref().map(|it| it.id);
                let same = (by, e.practice_id);
                let free = taken_up.values().all(|other| *other != same);
                let new = taken_up.insert(e.adoption_id, same).is_none();
                !succeeded && name.is_some() && free && new
            }
            E::AdoptionEnded(e) => {
                taken_up.remove(&e.adoption_id);
                name.is_some()
            }
            E::TextRedacted(_) => name.is_some(),
            E::Succeeded(_) => name.is_some() && !std::mem::replace(&mut succeeded, true),
        };
        if !possible {
            return Err(format!("{dated:?}"));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn replaying_the_events_gives_the_state_that_living_them_gave(script in a_script()) {
        let (compact, lived) = lives::live::<Compact>(script);
        prop_assert_eq!(lives::replayed::<Compact>(&lived), compact);
    }

    #[test]
    fn the_events_up_to_any_day_and_in_order_of_days_are_a_history_that_could_have_been(script in a_script()) {
        let (_, lived) = lives::live::<Compact>(script);
        prop_assert_eq!(lives::could_have_been(&lived, |lived| possible(lived)), Ok(()));
    }

    #[test]
    fn applying_events_in_any_order_never_panics(script in a_script()) {
        let (_, mut lived) = lives::live::<Compact>(script);
        lived.reverse();
        lives::replayed::<Compact>(&lived);
        lives::replayed::<Compact>(lived.iter().step_by(2));
    }
}

#[test]
fn two_groups_at_work_under_one_code_are_noticed() {
    let lived = and(with_a_group(), 5, formed(2, "ld"));
    possible(&lived).expect_err("noticed");
}

#[test]
fn what_begins_in_a_group_that_is_not_at_work_is_noticed() {
    let wound_up = GroupWoundUp {
        group: group(1, "LD"),
        reason: WHY.into(),
    };
    let ended = || and(with_a_group(), 6, wound_up.clone());
    possible(&and(ended(), 7, plan_entered(7, 1, "LD"))).expect_err("noticed");
    possible(&and(ended(), 7, entered_in(1, &[(1, "LD")]))).expect_err("noticed");
}

#[test]
fn two_commitments_of_a_session_under_one_ref_are_noticed() {
    let lived = and(a_compact(), 5, entered(1, "2008-09", "2a"));
    let lived = and(lived, 5, entered(2, "2008-09", "2A"));
    possible(&lived).expect_err("noticed");
}

#[test]
fn a_practice_that_is_taken_up_twice_by_one_is_noticed() {
    let lived = and(a_compact(), 5, taken_up(1, Some(1), 9));
    possible(&and(lived.clone(), 6, taken_up(2, None, 9))).expect("by another");
    possible(&and(lived, 6, taken_up(2, Some(1), 9))).expect_err("noticed");
}

#[test]
fn the_scripts_bring_about_every_type_of_event() {
    lives::bring_about_every_event::<Compact, _, _>(&a_script(), 200, CompactEvent::TYPES);
}
