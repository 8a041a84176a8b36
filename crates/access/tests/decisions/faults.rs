//! The comparison finds every policy that is missing, and every policy that says too much.

use access::{Access, FILES, PolicyError, PolicyFile, SCHEMA};

use super::exhaustive::{everyone, sweep};
use super::random;
use super::world::{NOW, day, grant, own_posts, today};

/// A file's policies, each with its comment, and what follows the last.
fn policies(text: &str) -> Vec<&str> {
    text.split_inclusive(";\n").collect()
}

/// The name of a policy; none of a comment alone.
fn name_of(policy: &str) -> Option<&str> {
    let (_, rest) = policy.split_once("@id(\"")?;
    rest.split_once('"').map(|(name, _)| name)
}

/// Every policy: its file and its text.
fn all() -> Vec<(&'static str, &'static str)> {
    let each = FILES.iter().flat_map(|file| {
        let policies = policies(file.text).into_iter();
        policies.map(|policy| (file.name, policy))
    });
    each.filter(|(_, policy)| name_of(policy).is_some())
        .collect()
}

/// The policies with one of them put differently.
fn with(name: &str, policy: &str, instead: &str) -> Result<Access, PolicyError> {
    let texts: Vec<(&str, String)> = FILES
        .iter()
        .map(|file| {
            let changed = file.text.replacen(policy, instead, 1);
            let text = if file.name == name {
                changed
            } else {
                file.text.to_owned()
            };
            (file.name, text)
        })
        .collect();
    let files: Vec<_> = texts
        .iter()
        .map(|(name, text)| PolicyFile { name, text })
        .collect();
    Access::of(SCHEMA, &files)
}

/// Whether the comparison, over roles that count today, disagrees with these policies.
fn is_found(access: &Access) -> bool {
    let mut people: Vec<_> = own_posts()
        .into_iter()
        .map(|post| vec![grant(post, NOW)])
        .collect();
    people.push(Vec::new());
    sweep(access, &people, today()).is_err()
}

#[test]
fn a_policy_that_is_missing_is_found() {
    let all = all();
    assert!(
        all.len() >= 19,
        "only {} policies were taken apart",
        all.len()
    );
    for (file, policy) in all {
        let name = name_of(policy).expect("a name");
        let access = with(file, policy, "").expect("policies that hold up");
        assert!(is_found(&access), "nobody misses {name}");
    }
}

#[test]
fn a_policy_without_its_condition_is_found() {
    let mut widened = 0;
    for (file, policy) in all() {
        let Some((scope, _)) = policy.split_once("\nwhen {") else {
            continue;
        };
        let name = name_of(policy).expect("a name");
        let access = with(file, policy, &format!("{scope};\n")).expect("policies that hold up");
        assert!(is_found(&access), "{name} may say anything");
        widened += 1;
    }
    assert!(widened >= 18, "only {widened} were widened");
}

/// Their holder may do whatever is done to such a thing as it is: about every action they say no more.
const ALL_EMBRACING: [&str; 5] = [
    "administrator-answers-for-people-in-the-region",
    "administrator-gives-every-role",
    "administrator-keeps-the-register",
    "administrator-manages-accounts",
    "secretariat-gives-roles-in-its-compact",
];

#[test]
fn a_policy_for_every_action_is_found() {
    for (file, policy) in all() {
        let name = name_of(policy).expect("a name");
        // The comment before the policy may speak of actions too.
        let scope = policy.find("permit").expect("a permit");
        let actions = scope + policy[scope..].find("action").expect("its actions");
        let resource = actions + policy[actions..].find("resource").expect("its resource");
        let wider = format!("{}action, {}", &policy[..actions], &policy[resource..]);
        if ALL_EMBRACING.contains(&name) {
            continue;
        }
        match with(file, policy, &wider) {
            Ok(access) => assert!(is_found(&access), "{name} may be about anything"),
            Err(refused) => assert!(refused.to_string().contains(name), "{refused}"),
        }
    }
}

/// Conditions, each with what lets more through in its place.
const CONDITIONS: [(&str, &str, &str); 11] = [
    (
        "figures.cedar",
        "resource.visibility != Visibility::\"draft\"",
        "true",
    ),
    (
        "figures.cedar",
        "principal.represents.contains(resource.organisation)",
        "true",
    ),
    (
        "reading.cedar",
        "resource.visibility != Visibility::\"draft\"",
        "true",
    ),
    (
        "reading.cedar",
        "principal.worksIn.contains(resource.compact)",
        "true",
    ),
    (
        "reading.cedar",
        "[Visibility::\"region\", Visibility::\"public\"]",
        "[Visibility::\"compact\", Visibility::\"region\", Visibility::\"public\"]",
    ),
    (
        "roles.cedar",
        "[Role::\"group-lead\", Role::\"member-representative\"]",
        "[Role::\"secretariat\", Role::\"group-lead\", Role::\"member-representative\"]",
    ),
    (
        "roles.cedar",
        "principal.auditsRegion.contains(resource.region)",
        "principal.funds.contains(resource.region)",
    ),
    ("plans.cedar", "Action::\"Updates\"", "Action::\"Plans\""),
    (
        "good_practice.cedar",
        "resource.asking != resource.compact",
        "true",
    ),
    (
        "good_practice.cedar",
        "principal.secretariatOf.contains(resource.asking)",
        "principal.worksIn.contains(resource.asking)",
    ),
    (
        "good_practice.cedar",
        "[Visibility::\"region\", Visibility::\"public\"].contains(resource.visibility)",
        "true",
    ),
];

#[test]
fn each_single_condition_that_is_dropped_is_found() {
    for (file, condition, instead) in CONDITIONS {
        let text = FILES
            .iter()
            .find(|known| known.name == file)
            .expect("a file")
            .text;
        assert!(text.contains(condition), "{file}: {condition}");
        // Comments speak too; only what decides is changed.
        let access = with(file, condition, instead).expect("policies that hold up");
        assert!(
            is_found(&access),
            "{file}: {condition} may as well not be there"
        );
    }
}

#[test]
fn a_role_that_counts_a_day_too_long_or_too_soon_is_found() {
    let access = Access::load().expect("the policies");
    for asked_on in [day(1), day(-1)] {
        sweep(&access, &everyone(), asked_on).expect_err("asked on the wrong day");
    }
}

#[test]
fn the_random_questions_find_a_policy_that_is_missing_or_too_wide() {
    let (file, policy) = all()[0];
    let access = with(file, policy, "").expect("policies that hold up");
    random::run(&access, 1, 10_000).expect_err("one is missing");
    let (scope, _) = policy.split_once("\nwhen {").expect("a condition");
    let access = with(file, policy, &format!("{scope};\n")).expect("policies that hold up");
    random::run(&access, 1, 10_000).expect_err("one is too wide");
}
