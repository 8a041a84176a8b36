//! A million questions from people with several roles each, given anywhere, at any time.

use std::collections::BTreeSet;
use std::thread;

use access::{Access, Action, Grant, Matter, Resource};
use domain::{Post, Visibility};
use testkit::chance::Chance;

use super::world::{
    ACCOUNT, COMPACTS, Disagreement, GROUPS, ORGANISATIONS, REGIONS, compare, day, id, posts_in,
    principal, today,
};

const QUESTIONS: u64 = 1_000_000;

fn pick<T: Copy>(chance: &mut Chance, from: &[T]) -> T {
    let limit = u64::try_from(from.len()).expect("a length");
    from[usize::try_from(chance.below(limit)).expect("an index")]
}

fn a_post(chance: &mut Chance) -> Post {
    let (compact, group) = (pick(chance, &COMPACTS), pick(chance, &GROUPS));
    let organisation = pick(chance, &ORGANISATIONS);
    pick(chance, &posts_in(compact, group, organisation))
}

fn an_offset(chance: &mut Chance) -> i64 {
    i64::try_from(chance.below(7)).expect("a few days") - 3
}

fn a_grant(chance: &mut Chance) -> Grant {
    let until = chance.percent(60).then(|| an_offset(chance));
    Grant {
        id: id(10).into(),
        account: ACCOUNT,
        region: pick(chance, &REGIONS),
        post: a_post(chance),
        from: day(an_offset(chance).min(1)),
        until: until.map(day),
    }
}

fn a_resource(chance: &mut Chance) -> Resource {
    let region = pick(chance, &REGIONS);
    match chance.below(10) {
        0 => Resource::Region(region),
        1 => Resource::Appointment {
            region,
            post: a_post(chance),
        },
        _ => {
            let groups = GROUPS.into_iter().filter(|_| chance.percent(50));
            let groups: BTreeSet<_> = groups.collect();
            Resource::Matter(Matter {
                compact: pick(chance, &COMPACTS),
                region,
                visibility: pick(chance, &Visibility::ALL),
                groups,
                organisation: chance.percent(70).then(|| pick(chance, &ORGANISATIONS)),
                asking: chance.percent(50).then(|| pick(chance, &COMPACTS)),
            })
        }
    }
}

/// What a run of questions came to.
#[derive(Default, Debug)]
pub struct Tally {
    asked: u64,
    allowed: u64,
}

/// Asks this many questions, the same for the same seed; stops at the first disagreement.
pub fn run(access: &Access, seed: u64, questions: u64) -> Result<Tally, Box<Disagreement>> {
    let mut chance = Chance::seeded(seed);
    let mut tally = Tally::default();
    for _ in 0..questions {
        let count = chance.below(5);
        let grants: Vec<Grant> = (0..count).map(|_| a_grant(&mut chance)).collect();
        let action = pick(&mut chance, Action::ALL);
        let resource = a_resource(&mut chance);
        let asker = access.asker(&principal(&grants), today());
        let allowed = compare(&asker, &grants, action, &resource)?;
        tally.asked += 1;
        tally.allowed += u64::from(allowed);
    }
    Ok(tally)
}

#[test]
fn policies_and_table_agree_on_a_million_random_questions() {
    let access = Access::load().expect("the policies");
    let halves = thread::scope(|scope| {
        let other = scope.spawn(|| run(&access, 2, QUESTIONS / 2));
        [
            run(&access, 1, QUESTIONS / 2),
            other.join().expect("the other half"),
        ]
    });
    let [first, second] = halves.map(|half| half.expect("no disagreement"));
    assert_eq!(first.asked + second.asked, QUESTIONS);
    let allowed = first.allowed + second.allowed;
    assert!(
        (QUESTIONS / 40..QUESTIONS / 2).contains(&allowed),
        "{allowed} allowed: too few or too many to tell anything"
    );
    println!("{QUESTIONS} questions, {allowed} allowed");
}
