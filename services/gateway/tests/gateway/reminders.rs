//! Reminders: for those who see to what they are about, and for nobody else.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::Post;
use domain::clock::{Clock, SystemClock};
use gateway::NodeId;
use ledger::ServiceRole;
use reminders::Rounds;
use reminders::noticing::Terms;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::service::sign_in;
use uuid::Uuid;

use crate::world::{SECRETARIAT, Small, World};

const LEAD: &str = "00000000-0000-4000-8000-0000000000f1";
const OTHER_LEAD: &str = "00000000-0000-4000-8000-0000000000f2";
const MEMBER: &str = "00000000-0000-4000-8000-0000000000f3";
const FUNDER: &str = "00000000-0000-4000-8000-0000000000f4";

fn uuid(id: &str) -> Uuid {
    NodeId::decode(id).expect("an id").uuid()
}

async fn reminders(world: &World, account: Option<&str>, small: &Small, state: &str) -> Value {
    let query = format!(
        "query M($id: ID!) {{ compact(id: $id) {{ reminders({state}) {{ nodes {{ kind state occasion attempts
            groups {{ code }} about {{ id __typename }} }} pageInfo {{ hasNextPage }} }} }} }}"
    );
    let answer = world
        .post_as(account, &query, json!({ "id": small.compact }))
        .await;
    assert!(answer.get("errors").is_none(), "{answer:#}");
    answer["data"]["compact"]["reminders"]["nodes"].clone()
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_secretariat_sees_what_is_to_be_seen_to_a_lead_its_groups_and_others_nothing(
    pool: PgPool,
) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let other = json!({ "compactId": small.compact, "code": "RR", "kind": "THEME", "name": "Recruitment",
        "occurredOn": "2007-02-02" });
    let other = world.make("formGroup", other).await;
    let compact_id = uuid(&small.compact).into();
    let lead = |group: &str| Post::GroupLead {
        compact_id,
        group_id: uuid(group).into(),
    };
    let organisation_id = uuid(&small.organisation).into();
    for (account, post) in [
        (LEAD, lead(&small.group)),
        (OTHER_LEAD, lead(&other)),
        (
            MEMBER,
            Post::MemberRepresentative {
                compact_id,
                organisation_id,
            },
        ),
        (FUNDER, Post::Funder),
    ] {
        world.grant(&small.region, account, post).await;
    }
    let terms = Terms::default();
    let rounds = Rounds::new(
        sign_in(&pool, ServiceRole::Projector),
        terms,
        Duration::from_mins(5),
    );
    let morning: DateTime<Utc> = "2007-10-01T07:00:00Z".parse().expect("a moment");
    let ledger = uuid(&small.compact).into();
    let noted = rounds
        .look(ledger, morning, morning.date_naive())
        .await
        .expect("looked");
    assert_eq!(noted.new, 1);

    let overdue = json!([{ "kind": "ACTION_OVERDUE", "state": "DUE", "occasion": "2007-09-30", "attempts": 0,
        "groups": [{ "code": "LD" }], "about": { "id": small.action, "__typename": "Action" } }]);
    for account in [SECRETARIAT, LEAD] {
        assert_eq!(
            reminders(&world, Some(account), &small, "first: 5").await,
            overdue
        );
        assert_eq!(
            reminders(&world, Some(account), &small, "state: DUE").await,
            overdue
        );
        assert_eq!(
            reminders(&world, Some(account), &small, "state: DELIVERED").await,
            json!([])
        );
    }
    for account in [Some(OTHER_LEAD), Some(MEMBER), Some(FUNDER), None] {
        assert_eq!(
            reminders(&world, account, &small, "first: 5").await,
            json!([]),
            "{account:?}"
        );
    }

    let moved = json!({ "actionId": small.action, "reason": "The host changed", "occurredOn": "2007-09-24",
        "timescale": { "text": "November", "dueOn": "2007-11-30" } });
    world.change("rescheduleAction", moved, "").await;
    let later = morning + Duration::from_hours(24 * 61);
    let noted = rounds
        .look(ledger, later, later.date_naive())
        .await
        .expect("looked");
    assert_eq!(
        (noted.new, noted.cancelled),
        (1, 1),
        "another date is another occasion"
    );
    let all = reminders(&world, Some(SECRETARIAT), &small, "first: 5").await;
    let told = |at: usize| (all[at]["occasion"].clone(), all[at]["state"].clone());
    assert_eq!(told(0), (json!("2007-09-30"), json!("CANCELLED")));
    assert_eq!(told(1), (json!("2007-11-30"), json!("DUE")));
}

/// What is due on a day, and since when: one after another, as the clock moves on.
struct Days<'a> {
    world: &'a World,
    small: &'a Small,
    rounds: Rounds,
}

impl Days<'_> {
    /// Looks on a day, and gives what is to be seen to then.
    async fn due_on(&self, day: &str) -> Vec<(String, String)> {
        let now: DateTime<Utc> = format!("{day}T07:00:00Z").parse().expect("a moment");
        let ledger = uuid(&self.small.compact).into();
        let looked = self.rounds.look(ledger, now, now.date_naive()).await;
        looked.expect("looked");
        let due = reminders(self.world, Some(SECRETARIAT), self.small, "state: DUE").await;
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        let due = due.as_array().expect("reminders").iter();
        due.map(|it| (text(&it["kind"]), text(&it["occasion"])))
            .collect()
    }
}

fn due(kind: &str, occasion: &str) -> (String, String) {
    (kind.to_owned(), occasion.to_owned())
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_plan_and_a_commitment_without_a_word_for_half_a_year_are_noticed_the_day_after(
    pool: PgPool,
) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let later = json!({ "actionId": small.action, "reason": "The host changed", "occurredOn": "2007-06-01",
        "timescale": { "text": "When the host is found" } });
    world.change("rescheduleAction", later, "").await;
    let agree = json!({ "commitmentId": small.commitment, "occurredOn": "2007-06-01" });
    world.change("agreeCommitment", agree, "").await;
    let terms = Terms::default();
    let projector = sign_in(&pool, ServiceRole::Projector);
    let days = Days {
        world: &world,
        small: &small,
        rounds: Rounds::new(projector, terms, Duration::from_mins(5)),
    };
    // Half a year is 180 days.
    assert_eq!(days.due_on("2007-11-28").await, []);
    let both = [
        due("COMMITMENT_STALE", "2007-06-01"),
        due("PLAN_STALE", "2007-06-01"),
    ];
    let mut found = days.due_on("2007-11-29").await;
    found.sort();
    assert_eq!(found, both);
    let told = json!({ "commitmentId": small.commitment, "reportedOn": "2007-11-29", "standing": "GOOD_PROGRESS",
        "text": "Two more", "occurredOn": "2007-11-29" });
    world.change("reportAchievement", told, "").await;
    assert_eq!(days.due_on("2007-11-30").await, [both[1].clone()]);
    let done = json!({ "actionId": small.action, "occurredOn": "2007-11-30" });
    world.change("completeAction", done, "").await;
    assert_eq!(days.due_on("2007-12-01").await, []);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn minutes_that_the_next_meeting_did_not_agree_are_noticed_until_one_does(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let hold = async |on: &str| {
        let meeting = json!({ "groupId": small.group, "occurredOn": on, "items": [{ "title": "Action plan" }] });
        world.make("recordMeeting", meeting).await
    };
    let first = hold("2007-06-01").await;
    let projector = sign_in(&pool, ServiceRole::Projector);
    let days = Days {
        world: &world,
        small: &small,
        rounds: Rounds::new(projector, Terms::default(), Duration::from_mins(5)),
    };
    assert_eq!(days.due_on("2007-06-15").await, []);
    let waiting = due("MINUTES_TO_CIRCULATE", "2007-06-01");
    assert_eq!(days.due_on("2007-06-16").await, [waiting]);
    let circulate = json!({ "meetingId": first, "occurredOn": "2007-06-16" });
    world.change("circulateMinutes", circulate, "").await;
    assert_eq!(days.due_on("2007-06-30").await, []);
    let next = hold("2007-07-01").await;
    let unagreed = due("MINUTES_TO_AGREE", "2007-06-16");
    assert_eq!(days.due_on("2007-07-01").await, [unagreed]);
    let agree = json!({ "meetingId": first, "occurredOn": "2007-07-01",
        "meeting": { "id": next, "groupId": small.group, "heldOn": "2007-07-01" } });
    world.change("agreeMinutes", agree, "").await;
    assert_eq!(days.due_on("2007-07-02").await, []);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_compact_is_looked_at_again_soon_after_something_was_recorded_and_not_before(
    pool: PgPool,
) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let compact = uuid(&small.compact).into();
    let every = Duration::from_hours(24);
    let rounds = Rounds::new(
        sign_in(&pool, ServiceRole::Projector),
        Terms::default(),
        every,
    );
    let recorded = SystemClock.now();
    let looked = async |seconds: i64| {
        let now = recorded + TimeDelta::seconds(seconds);
        let ticked = rounds.tick(now, now.date_naive()).await.expect("a round");
        ticked.looked.iter().any(|(ledger, _)| *ledger == compact)
    };
    // Everything was recorded after the first look, and before the last but one.
    assert!(looked(-60).await, "it never was");
    assert!(!looked(-55).await, "it just was");
    assert!(looked(-45).await, "something was recorded since");
    assert!(looked(6).await, "something was recorded since");
    assert!(!looked(30).await, "nothing was");
}
