//! `viewAs` beside those whose eyes it lends: answered as they are.

use domain::Post;
use gateway::NodeId;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::chance::Chance;

use super::house::House;
use super::question::{Asker, Cursors};
use super::sees::Part;
use crate::sdl::Schema;
use crate::world::{SECRETARIAT, World};

/// How often each field is asked of each audience.
const TIMES: usize = 12;

/// Somebody who runs a compact in which there is nothing.
const ELSEWHERE: &str = "00000000-0000-4000-8000-0000000000d1";

/// An answer without whatever is of that other compact, and what was wrong without where.
fn comparable(west: &str, data: &Value, answer: &Value) -> (Value, Vec<Value>) {
    let errors = answer["errors"].as_array().into_iter().flatten();
    let wrong = errors.map(|error| error["message"].clone()).collect();
    (without(west, data), wrong)
}

fn without(west: &str, value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            if members.get("id").is_some_and(|id| id == west) {
                return Value::Null;
            }
            let members = members.iter();
            members
                .map(|(name, value)| (name.clone(), without(west, value)))
                .collect()
        }
        Value::Array(all) => all.iter().map(|value| without(west, value)).collect(),
        other => other.clone(),
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn whoever_looks_through_others_eyes_is_answered_as_they_are(pool: PgPool) {
    let world = World::new(&pool).await;
    let house = House::build(&world).await;
    let west = json!({ "regionId": house.region, "slug": "west", "name": "West Compact", "area": "The west",
        "launchedOn": "2007-02-01", "occurredOn": "2007-02-01" });
    let west = world.make("openCompact", west).await;
    let compact_id = NodeId::decode(&west).expect("a compact").uuid().into();
    let post = Post::Secretariat { compact_id };
    world.grant(&house.region, ELSEWHERE, post).await;
    let who = |part: Part| {
        let mut people = house.people.iter();
        let found = people.find(|eyes| eyes.parts == [part]);
        found.and_then(|eyes| eyes.account.as_deref())
    };
    let audiences = [
        ("MEMBER", who(Part::Member(0))),
        ("FUNDER", who(Part::Funder)),
        ("OTHER_COMPACT", Some(ELSEWHERE)),
        ("PUBLIC", None),
    ];
    let schema = Schema::read();
    let (mut chance, cursors) = (Chance::seeded(7), Cursors::new());
    let mut asker = Asker {
        chance: &mut chance,
        house: &house,
        schema: &schema,
        cursors: &cursors,
        only: Some(0),
    };
    let mut told_something = 0;
    for field in schema.fields("Query") {
        // Who one is, and what nobody looks at through others' eyes.
        if ["viewAs", "viewer"].contains(&field.name.node.as_str()) {
            continue;
        }
        for _ in 0..TIMES {
            let below = asker.field(&field, 2);
            for (audience, account) in audiences {
                let own = world
                    .post_as(account, &format!("{{ {below} }}"), json!({}))
                    .await;
                let compact = &house.compacts[0];
                let through = format!(
                    "{{ viewAs(compactId: \"{compact}\", audience: {audience}) {{ {below} }} }}"
                );
                let through = world.post_as(Some(SECRETARIAT), &through, json!({})).await;
                let own = comparable(&west, &own["data"], &own);
                told_something += usize::from(own.1.is_empty());
                let through = comparable(&west, &through["data"]["viewAs"], &through);
                assert_eq!(through, own, "{audience}: {below}");
            }
        }
    }
    assert!(told_something > 400, "{told_something} answers");
}
