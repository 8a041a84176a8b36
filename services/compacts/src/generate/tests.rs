//! What is generated, before anything is sent.

use std::collections::BTreeSet;

use domain::Command;

use super::compact::Compact;
use super::region::Region;
use super::{Size, practices, submissions};
use crate::reference::Step;

const SMALL: Size = Size {
    compacts: 2,
    organisations: 5,
    years: 2,
    seed: 7,
};

fn steps(size: Size) -> Vec<Step> {
    let region = Region::of(size);
    let mut steps = region.steps();
    for nth in 0..size.compacts {
        let compact = Compact::of(&region, nth);
        steps.extend(compact.beginning());
        for year in 0..size.years {
            steps.extend(compact.session(year));
        }
        steps.extend(practices::adoptions(&compact));
    }
    steps
}

#[test]
fn the_same_size_and_seed_give_the_same_region() {
    assert_eq!(steps(SMALL), steps(SMALL));
}

#[test]
fn another_seed_gives_a_region_that_shares_no_command() {
    let commands = |size| -> BTreeSet<_> {
        let steps = steps(size).into_iter();
        steps.map(|step| step.submission.command_id).collect()
    };
    let other = Size { seed: 8, ..SMALL };
    assert!(commands(SMALL).is_disjoint(&commands(other)));
}

#[test]
fn every_submission_has_an_id_of_its_own() {
    let steps = steps(SMALL);
    let ids: BTreeSet<_> = steps.iter().map(|it| it.submission.command_id).collect();
    assert_eq!(ids.len(), steps.len());
}

#[test]
fn more_years_only_add_to_what_fewer_have_but_for_how_the_last_one_ends() {
    let longer = Size { years: 3, ..SMALL };
    let before = steps(SMALL);
    let after = steps(longer);
    let missing: Vec<_> = before
        .iter()
        .filter(|step| !after.contains(step))
        .map(|step| step.path.to_string())
        .collect();
    // What would have gone on in a further session was concluded for want of one.
    assert_eq!(missing.len(), 2 * 2, "{missing:?}");
}

#[test]
fn the_steps_of_a_ledger_go_forward_in_time() {
    let region = Region::of(SMALL);
    let compact = Compact::of(&region, 1);
    let years = (0..SMALL.years).flat_map(|year| compact.session(year));
    let days: Vec<_> = compact
        .beginning()
        .into_iter()
        .chain(years)
        .map(|step| step.on)
        .collect();
    assert!(days.is_sorted());
}

#[test]
fn a_full_region_has_about_as_many_commands_as_it_is_made_for() {
    let full = Size {
        compacts: 50,
        organisations: 200,
        years: 10,
        seed: 1,
    };
    let region = Region::of(full);
    let year: Vec<Step> = Compact::of(&region, 3).session(4);
    let commands: Vec<&Command> = year.iter().flat_map(|it| &it.submission.commands).collect();
    assert!(
        (1_500..2_500).contains(&commands.len()),
        "{} commands in a session of a compact",
        commands.len()
    );
    assert!(submissions(full) > 50 * 10 * 100);
}
