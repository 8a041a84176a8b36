//! How long a decision takes, told and not held: machines differ.

use std::hint::black_box;
use std::time::Instant;

use access::{Access, Action, CompactLedger, Principal, Resource};
use domain::Visibility;

use super::world::{ACCOUNT, COMPACTS, NOW, REGIONS, grant, own_posts, today};

#[test]
#[ignore = "a measurement: cargo test -p access --release -- --ignored --nocapture pace"]
fn pace_of_a_decision() {
    const TIMES: u32 = 20_000;
    let access = Access::load().expect("the policies");
    let one = own_posts()[4];
    let people = [
        ("the public", Principal::PUBLIC),
        ("one role", Principal::account(ACCOUNT, [grant(one, NOW)])),
        (
            "seven roles",
            Principal::account(
                ACCOUNT,
                own_posts().into_iter().map(|post| grant(post, NOW)),
            ),
        ),
    ];
    let ledger = CompactLedger {
        compact: COMPACTS[0],
        region: REGIONS[0],
    };
    let resource = Resource::Matter(ledger.matter(Visibility::Compact));
    for (who, principal) in &people {
        for action in [Action::ReadRecord, Action::AgreeCommitment] {
            let start = Instant::now();
            for _ in 0..TIMES {
                black_box(access.decide(principal, action, &resource, today()));
            }
            println!("{who}: {}: {:?}", action.name(), start.elapsed() / TIMES);
        }
        let start = Instant::now();
        for _ in 0..TIMES {
            black_box(access.reach(principal, ledger, today()));
        }
        println!("{who}: reach: {:?}", start.elapsed() / TIMES);
    }
}
