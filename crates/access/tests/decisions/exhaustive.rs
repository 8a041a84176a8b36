//! Every role x action x situation.

use std::thread;

use access::{Access, Action, Grant, Resource};
use chrono::NaiveDate;

use super::world::{Disagreement, TIMES, compare, grant, own_posts, principal, resources, today};

/// Everyone there is: nobody signed in, and each role at each time.
pub fn everyone() -> Vec<Vec<Grant>> {
    let posts = own_posts().into_iter();
    let held = posts.flat_map(|post| TIMES.map(|time| vec![grant(post, time)]));
    std::iter::once(Vec::new()).chain(held).collect()
}

/// Compares on every question these people can ask; stops each of its threads at the first disagreement. Gives how many
/// questions were asked.
pub fn sweep(
    access: &Access,
    people: &[Vec<Grant>],
    asked_on: NaiveDate,
) -> Result<u64, Box<Disagreement>> {
    let resources = resources();
    let (first, second) = people.split_at(people.len() / 2);
    thread::scope(|scope| {
        let half = |people| {
            let resources = &resources;
            move || sweep_some(access, people, resources, asked_on)
        };
        let other = scope.spawn(half(second));
        let asked = half(first)()?;
        Ok(asked + other.join().expect("the other half")?)
    })
}

fn sweep_some(
    access: &Access,
    people: &[Vec<Grant>],
    resources: &[Resource],
    asked_on: NaiveDate,
) -> Result<u64, Box<Disagreement>> {
    let mut questions = 0;
    for grants in people {
        let asker = access.asker(&principal(grants), asked_on);
        for action in Action::ALL {
            for resource in resources {
                compare(&asker, grants, *action, resource)?;
                questions += 1;
            }
        }
    }
    Ok(questions)
}

#[test]
fn policies_and_table_agree_on_every_role_action_and_situation() {
    let access = Access::load().expect("the policies");
    let people = everyone();
    let asked = sweep(&access, &people, today()).expect("no disagreement");
    let all = people.len() * Action::ALL.len() * resources().len();
    assert_eq!(asked, u64::try_from(all).expect("a count"));
    println!("{asked} questions");
}
