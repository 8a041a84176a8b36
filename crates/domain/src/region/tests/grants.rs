//! Roles: given once, over what is there, for days that make sense; taken away once.

use super::*;
use crate::facts::GroupFact;
use crate::ids::{AccountId, GrantId, GroupId};
use crate::role::Post;

fn grant(n: u128) -> GrantId {
    Uuid::from_u128(n).into()
}

fn account(n: u128) -> AccountId {
    Uuid::from_u128(n).into()
}

fn secretariat() -> Post {
    Post::Secretariat {
        compact_id: compact(1),
    }
}

fn group() -> GroupFact {
    GroupFact {
        id: Uuid::from_u128(7).into(),
        code: "LD".into(),
        name: "Learning and Development".into(),
    }
}

fn terms(post: Post, from: u32, until: Option<u32>) -> GrantTerms {
    GrantTerms {
        account: account(1),
        post,
        from: may(from),
        until: until.map(may),
    }
}

fn give(n: u128, terms: GrantTerms) -> RegionCommand {
    let grant = grant(n);
    C::GrantRole { grant, terms }
}

fn end(n: u128, from: u32, reason: &str) -> RegionCommand {
    C::EndRole {
        grant: grant(n),
        ending: RoleEnding {
            from: may(from),
            reason: reason.into(),
        },
    }
}

fn holding(post: Post) -> Holding {
    let group = post.group().map(|_| group());
    Holding {
        account_id: account(1),
        post,
        group,
    }
}

fn given(n: u128, terms: &GrantTerms) -> RoleGranted {
    RoleGranted {
        grant_id: grant(n),
        held: holding(terms.post),
        from: terms.from,
        until: terms.until,
    }
}

fn ended(n: u128, post: Post, from: u32) -> RoleEnded {
    RoleEnded {
        grant_id: grant(n),
        held: holding(post),
        from: may(from),
        reason: WHY.into(),
    }
}

/// A region with compact 1 and organisation 1.
fn furnished() -> Vec<Lived> {
    let opened = CompactOpened {
        compact_id: compact(1),
        slug: "derbyshire".into(),
        name: "Derbyshire".into(),
        area: "Derby and Derbyshire".into(),
        launched_on: may(1),
        pilot_from_year: None,
    };
    let council = OrganisationRegistered {
        organisation_id: organisation(1),
        name: "Derby City Council".into(),
        category: Category::LocalGovernment,
    };
    and(and(a_region(), 3, opened), 3, council)
}

/// And its secretariat from 10 to 20 May, given on 5 May.
fn staffed() -> Vec<Lived> {
    let terms = terms(secretariat(), 10, Some(20));
    and(furnished(), 5, given(1, &terms))
}

#[test]
fn a_role_is_given_over_what_is_there() {
    let posts = [
        Post::RegionalAdministrator,
        Post::Funder,
        Post::Auditor { compact_id: None },
        Post::Auditor {
            compact_id: Some(compact(1)),
        },
        secretariat(),
        Post::MemberRepresentative {
            compact_id: compact(1),
            organisation_id: organisation(1),
        },
    ];
    for post in posts {
        let terms = terms(post, 10, None);
        accepts(furnished(), on(5, give(1, terms)), given(1, &terms));
    }
}

#[test]
fn a_group_lead_s_group_is_looked_up_in_its_compact() {
    let post = Post::GroupLead {
        compact_id: compact(1),
        group_id: group().id,
    };
    let terms = terms(post, 10, Some(10));
    let asked = on(5, give(1, terms));
    let mentioned = asked.command.mentions().groups_of;
    assert_eq!(mentioned, [(compact(1), group().id)].into());
    let unknown = UnknownFact::Group(group().id);
    refuses(furnished(), asked.clone(), unknown);
    let mut asked = asked;
    asked.facts.groups.insert(group().id, group());
    accepts(furnished(), asked, given(1, &terms));
}

#[test]
fn a_role_over_a_compact_or_an_organisation_that_is_not_there_is_refused() {
    let elsewhere = compact(2);
    let refused = [
        Post::Auditor {
            compact_id: Some(elsewhere),
        },
        Post::Secretariat {
            compact_id: elsewhere,
        },
        Post::GroupLead {
            compact_id: elsewhere,
            group_id: GroupId::new(Uuid::from_u128(7)),
        },
        Post::MemberRepresentative {
            compact_id: elsewhere,
            organisation_id: organisation(1),
        },
    ];
    for post in refused {
        let asked = on(5, give(1, terms(post, 10, None)));
        refuses(furnished(), asked, UnknownFact::Compact(elsewhere));
    }
    let post = Post::MemberRepresentative {
        compact_id: compact(1),
        organisation_id: organisation(2),
    };
    let asked = on(5, give(1, terms(post, 10, None)));
    refuses(
        furnished(),
        asked,
        UnknownFact::Organisation(organisation(2)),
    );
}

#[test]
fn a_role_cannot_end_before_it_begins_but_may_last_one_day() {
    let (from, until) = (may(10), may(9));
    let asked = on(5, give(1, terms(secretariat(), 10, Some(9))));
    refuses(
        furnished(),
        asked,
        RegionError::UntilBeforeFrom { from, until },
    );
    let a_day = terms(secretariat(), 10, Some(10));
    accepts(furnished(), on(5, give(1, a_day)), given(1, &a_day));
}

#[test]
fn the_same_grant_is_not_made_twice() {
    let field = "grantId";
    let asked = on(6, give(1, terms(Post::Funder, 21, None)));
    refuses(staffed(), asked, RegionError::IdTaken { field });
}

#[test]
fn an_account_does_not_hold_a_role_twice_on_one_day() {
    let held = RegionError::RoleHeld {
        from: may(10),
        last: Some(may(20)),
    };
    for (from, until) in [
        (1, Some(10)),
        (20, None),
        (12, Some(13)),
        (1, Some(30)),
        (1, None),
    ] {
        let asked = on(6, give(2, terms(secretariat(), from, until)));
        refuses(staffed(), asked, held.clone());
    }
    for (from, until) in [(1, Some(9)), (21, None)] {
        let terms = terms(secretariat(), from, until);
        accepts(staffed(), on(6, give(2, terms)), given(2, &terms));
    }
    let another = GrantTerms {
        account: account(2),
        ..terms(secretariat(), 12, None)
    };
    let mut expected = given(2, &another);
    expected.held.account_id = account(2);
    accepts(staffed(), on(6, give(2, another)), expected);
}

#[test]
fn a_role_ends_on_the_day_it_is_taken_away_from() {
    let taken = ended(1, secretariat(), 15);
    accepts(staffed(), on(6, end(1, 15, WHY)), taken.clone());
    let freed = and(staffed(), 6, taken);
    let again = terms(secretariat(), 15, None);
    accepts(freed.clone(), on(6, give(2, again)), given(2, &again));
    let asked = on(6, give(2, terms(secretariat(), 14, None)));
    let (from, last) = (may(10), Some(may(14)));
    refuses(freed, asked, RegionError::RoleHeld { from, last });
}

#[test]
fn what_has_ended_is_not_ended_again_unless_sooner() {
    let taken = and(staffed(), 6, ended(1, secretariat(), 15));
    let already = |last| RegionError::RoleEndsAlready { last: may(last) };
    refuses(staffed(), on(6, end(1, 21, WHY)), already(20));
    refuses(taken.clone(), on(6, end(1, 15, WHY)), already(14));
    refuses(taken.clone(), on(6, end(1, 18, WHY)), already(14));
    let sooner = ended(1, secretariat(), 12);
    accepts(taken, on(6, end(1, 12, WHY)), sooner);
}

#[test]
fn a_role_taken_away_before_it_began_was_never_held() {
    let never = and(staffed(), 6, ended(1, secretariat(), 10));
    refuses(
        never.clone(),
        on(6, end(1, 10, WHY)),
        RegionError::RoleNeverHeld,
    );
    let anew = terms(secretariat(), 10, Some(20));
    accepts(never, on(6, give(2, anew)), given(2, &anew));
    let begins = may(10);
    let early = RegionError::EndBeforeBeginning { begins };
    refuses(staffed(), on(6, end(1, 9, WHY)), early);
}

#[test]
fn a_role_is_not_taken_away_for_days_gone_by() {
    let decided = RegionError::EndInThePast { on: may(16) };
    refuses(staffed(), on(16, end(1, 15, WHY)), decided);
    let today = ended(1, secretariat(), 16);
    accepts(staffed(), on(16, end(1, 16, WHY)), today);
}

#[test]
fn taking_a_role_away_needs_a_reason_a_role_and_a_day_after_it_was_given() {
    refuses(staffed(), on(6, end(1, 15, " ")), no_reason());
    refuses(staffed(), on(6, end(2, 15, WHY)), RegionError::NoSuchGrant);
    let early = too_early("this role was last changed on", 5);
    refuses(staffed(), on(4, end(1, 15, WHY)), early);
}

#[test]
fn refusals_are_in_plain_words_and_name_their_field() {
    let held = RegionError::RoleHeld {
        from: may(10),
        last: None,
    };
    assert_eq!(
        held.to_string(),
        "this account holds this role already, from 10 May 2007 on; enter other days, or leave it as it is"
    );
    let ends = RegionError::RoleEndsAlready { last: may(20) };
    assert_eq!(
        ends.to_string(),
        "this role ends on 20 May 2007 as it is; enter a day before that one, or leave it"
    );
    assert_eq!((ends.code(), ends.field()), ("ROLE_ENDED", Some("from")));
}
