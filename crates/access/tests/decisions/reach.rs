//! What lists filter by says the same as asking about each thing.

use access::{Access, Action, CompactLedger, Principal, Resource};
use domain::{Post, Visibility};

use super::exhaustive::everyone;
use super::world::{ACCOUNT, COMPACTS, GROUPS, NOW, REGIONS, grant, principal, resources, today};

#[test]
fn reach_agrees_with_deciding_for_everyone_and_everything() {
    let access = Access::load().expect("the policies");
    let mut people = everyone();
    let posts = super::world::own_posts();
    for first in &posts {
        let pairs = posts
            .iter()
            .map(|second| vec![grant(*first, NOW), grant(*second, NOW)]);
        people.extend(pairs);
    }
    for grants in people {
        let principal = principal(&grants);
        let asker = access.asker(&principal, today());
        for (region, compact) in REGIONS.iter().flat_map(|r| COMPACTS.map(|c| (*r, c))) {
            let ledger = CompactLedger { compact, region };
            let reach = asker.reach(ledger);
            for resource in resources() {
                let Resource::Matter(matter) = &resource else {
                    continue;
                };
                if (matter.region, matter.compact) != (region, compact) {
                    continue;
                }
                let covered = reach
                    .as_ref()
                    .is_some_and(|reach| reach.covers(matter.visibility, &matter.groups));
                for action in [Action::ReadRecord, Action::ReadList, Action::ReadFigure] {
                    let decided = asker.decide(action, &resource);
                    assert_eq!(decided.allowed, covered, "{principal:?} {resource:?}");
                }
            }
        }
    }
}

#[test]
fn the_public_reaches_what_is_published_and_a_lead_its_groups_drafts() {
    let access = Access::load().expect("the policies");
    let [region, _] = REGIONS;
    let [compact, other] = COMPACTS;
    let reach = |principal: &Principal, compact| {
        let ledger = CompactLedger { compact, region };
        let reach = access.reach(principal, ledger, today()).expect("a reach");
        (reach.lowest, reach.drafts_of)
    };
    assert_eq!(
        reach(&Principal::PUBLIC, compact),
        (Visibility::Public, [].into())
    );
    let post = Post::GroupLead {
        compact_id: compact,
        group_id: GROUPS[0],
    };
    let lead = Principal::account(ACCOUNT, [grant(post, NOW)]);
    assert_eq!(
        reach(&lead, compact),
        (Visibility::Compact, [GROUPS[0]].into())
    );
    assert_eq!(reach(&lead, other), (Visibility::Region, [].into()));
}
