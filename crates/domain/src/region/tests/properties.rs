//! What holds of the register whatever is asked, in whatever order, dated whenever.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::ids::GrantId;
use crate::lives;
use crate::names::folded;
use crate::role::Post;

fn a_name() -> impl Strategy<Value = String> {
    select(vec!["a", "A", " b", "b  c", "B C", " "]).prop_map(Into::into)
}

fn a_code() -> impl Strategy<Value = String> {
    select(vec!["a", "b", "c", "No"]).prop_map(Into::into)
}

fn some_terms() -> impl Strategy<Value = IndicatorTerms> {
    (a_name(), select(vec!["people", "yes-no"]), any::<bool>()).prop_map(
        |(name, unit, additive)| IndicatorTerms {
            additive,
            ..terms(&name, unit)
        },
    )
}

fn a_category() -> impl Strategy<Value = Category> {
    select(vec![Category::Health, Category::Other])
}

fn anything() -> impl Strategy<Value = RegionCommand> {
    let id = 1..=3_u128;
    prop_oneof![
        (a_code(), a_name()).prop_map(|(label, text)| C::SetChallenge { label, text }),
        (a_code(), a_name()).prop_map(|(code, name)| C::AddTheme { code, name }),
        (a_code(), a_name(), a_name()).prop_map(|(code, name, reason)| C::RenameTheme {
            code,
            name,
            reason: reason.into()
        }),
        (id.clone(), some_terms()).prop_map(|(n, terms)| C::DefineIndicator {
            indicator: indicator(n),
            terms
        }),
        (id.clone(), some_terms(), a_name()).prop_map(|(n, terms, reason)| {
            C::CorrectIndicator {
                indicator: indicator(n),
                terms,
                reason: reason.into(),
            }
        }),
        (id.clone(), a_name(), a_category()).prop_map(|(n, name, category)| {
            C::RegisterOrganisation {
                organisation: organisation(n),
                name,
                category,
            }
        }),
        (id.clone(), a_name(), a_name()).prop_map(|(n, name, reason)| {
            C::RenameOrganisation {
                organisation: organisation(n),
                name,
                reason: reason.into(),
            }
        }),
        (id.clone(), a_category(), a_name()).prop_map(|(n, category, reason)| {
            C::RecategoriseOrganisation {
                organisation: organisation(n),
                category,
                reason: reason.into(),
            }
        }),
        (id, a_code(), a_name()).prop_map(|(n, slug, name)| {
            C::OpenCompact {
                compact: compact(n),
                particulars: particulars(&slug, &name),
            }
        }),
        some_role(),
        a_name().prop_map(redact),
    ]
}

/// A role is given to one of two accounts, or taken away.
fn some_role() -> impl Strategy<Value = RegionCommand> {
    let post = select(vec![
        Post::Funder,
        Post::Secretariat {
            compact_id: compact(1),
        },
    ]);
    let days = (1..12_u32, proptest::option::of(1..12_u32));
    let ids = (1..=4_u128, 1..=2_u128);
    let give = (ids, post, days).prop_map(|((grant, account), post, (from, until))| {
        let terms = GrantTerms {
            account: Uuid::from_u128(account).into(),
            post,
            from: may(from),
            until: until.map(may),
        };
        let grant = Uuid::from_u128(grant).into();
        C::GrantRole { grant, terms }
    });
    let end = (1..=4_u128, 1..20_u32, a_name()).prop_map(|(grant, from, reason)| C::EndRole {
        grant: Uuid::from_u128(grant).into(),
        ending: RoleEnding {
            from: may(from),
            reason: reason.into(),
        },
    });
    prop_oneof![give, end]
}

/// Who holds which role on a day by these events, told without the register: once at most, or what is wrong.
fn holders<'a>(lived: impl IntoIterator<Item = &'a Lived>, day: NaiveDate) -> Result<(), String> {
    let mut given: BTreeMap<GrantId, (&RoleGranted, Option<NaiveDate>)> = BTreeMap::new();
    for dated in lived {
        match &dated.event {
            RegionEvent::RoleGranted(e) => drop(given.insert(e.grant_id, (e, None))),
            RegionEvent::RoleEnded(e) => {
                let grant = given.get_mut(&e.grant_id);
                grant.ok_or("ended before it was given")?.1 = Some(e.from);
            }
            _ => {}
        }
    }
    let mut held = Vec::new();
    for (grant, ended) in given.into_values() {
        let over = ended.is_some_and(|ended| ended <= day);
        if grant.from <= day && grant.until.is_none_or(|until| day <= until) && !over {
            let pair = (grant.held.account_id, grant.held.post);
            if held.contains(&pair) {
                return Err(format!("held twice: {pair:?}"));
            }
            held.push(pair);
        }
    }
    Ok(())
}

fn a_script() -> impl Strategy<Value = Vec<Asked>> {
    let steps = proptest::collection::vec((anything(), 0..6_u32), 1..50);
    steps.prop_map(|steps| {
        let establish = C::EstablishRegion {
            slug: "a".into(),
            name: "a".into(),
            funder: "a".into(),
            note: None,
            secretariat_cost_gbp_per_year: None,
        };
        let dated = |(step, (command, jitter)): (u32, _)| on(1 + step / 4 + jitter, command);
        let first = std::iter::once(on(2, establish));
        first.chain((0..).zip(steps).map(dated)).collect()
    })
}

/// Who bears which name after these events, told without the register; or what could not be.
fn bearers<'a>(lived: impl IntoIterator<Item = &'a Lived>) -> Result<(), String> {
    use RegionEvent as E;
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for dated in lived {
        let (thing, from, to) = match &dated.event {
            E::ThemeAdded(e) => (format!("theme {}", e.code), None, &e.name),
            E::ThemeRenamed(e) => (format!("theme {}", e.code), Some(&e.from), &e.to),
            E::IndicatorDefined(e) => {
                (format!("indicator {}", e.indicator_id), None, &e.terms.name)
            }
            E::IndicatorCorrected(e) => (
                format!("indicator {}", e.indicator_id),
                Some(&e.from.name),
                &e.to.name,
            ),
            E::OrganisationRegistered(e) => (format!("body {}", e.organisation_id), None, &e.name),
            E::OrganisationRenamed(e) => {
                (format!("body {}", e.organisation_id), Some(&e.from), &e.to)
            }
            E::CompactOpened(e) => (format!("compact {}", e.compact_id), None, &e.name),
            _ => continue,
        };
        if names.get(&thing) != from {
            return Err(format!("another name before: {dated:?}"));
        }
        names.insert(thing.clone(), to.clone());
        let kind = thing.split(' ').next();
        let alike = names
            .iter()
            .filter(|(other, name)| other.split(' ').next() == kind && folded(name) == folded(to));
        if alike.count() > 1 {
            return Err(format!("a name borne twice: {dated:?}"));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn replaying_the_events_gives_the_state_that_living_them_gave(script in a_script()) {
        let (region, lived) = lives::live::<Region>(script);
        prop_assert_eq!(lives::replayed::<Region>(&lived), region);
    }

    #[test]
    fn on_any_day_looked_back_at_and_in_order_of_days_each_name_belongs_to_one_thing(script in a_script()) {
        let (_, lived) = lives::live::<Region>(script);
        prop_assert_eq!(lives::could_have_been(&lived, |lived| bearers(lived)), Ok(()));
    }

    #[test]
    fn on_no_day_does_an_account_hold_a_role_twice(script in a_script()) {
        let (_, lived) = lives::live::<Region>(script);
        for day in 1..=20 {
            prop_assert_eq!(holders(&lived, may(day)), Ok(()));
        }
    }

    #[test]
    fn applying_events_in_any_order_never_panics(script in a_script()) {
        let (_, mut lived) = lives::live::<Region>(script);
        lived.reverse();
        lives::replayed::<Region>(&lived);
        lives::replayed::<Region>(lived.iter().step_by(2));
    }
}

#[test]
fn a_name_borne_twice_is_noticed() {
    let twice = |name: &str, n| OrganisationRegistered {
        organisation_id: organisation(n),
        name: name.into(),
        category: Category::Other,
    };
    let lived = and(and(a_region(), 3, twice("a", 1)), 4, twice("A", 2));
    bearers(&lived).expect_err("borne twice");
}

#[test]
fn a_role_held_twice_is_noticed() {
    let given = |n: u128, from| RoleGranted {
        grant_id: Uuid::from_u128(n).into(),
        held: Holding {
            account_id: Uuid::from_u128(1).into(),
            post: Post::Funder,
            group: None,
        },
        from: may(from),
        until: None,
    };
    let lived = and(and(a_region(), 3, given(1, 3)), 4, given(2, 9));
    assert_eq!(holders(&lived, may(8)), Ok(()));
    holders(&lived, may(9)).expect_err("held twice");
}

#[test]
fn the_scripts_bring_about_every_type_of_event() {
    lives::bring_about_every_event::<Region, _, _>(&a_script(), 200, RegionEvent::TYPES);
}
