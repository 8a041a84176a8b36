//! Meetings: called, recorded in one change with everything they led to, minuted, agreed, released.

use domain::Post;
use gateway::NodeId;
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::world::{Small, World};

const LEAD: &str = "00000000-0000-4000-8000-0000000000d1";
const MEMBER: &str = "00000000-0000-4000-8000-0000000000d2";
const FUNDER: &str = "00000000-0000-4000-8000-0000000000d3";

/// A small compact with people of every kind in it.
pub struct House {
    pub world: World,
    pub small: Small,
}

impl House {
    pub async fn set_up(pool: &PgPool) -> Self {
        let world = World::new(pool).await;
        let small = Small::set_up(&world).await;
        let uuid = |id: &str| NodeId::decode(id).expect("an id").uuid();
        let compact_id = uuid(&small.compact).into();
        for (account, post) in [
            (
                LEAD,
                Post::GroupLead {
                    compact_id,
                    group_id: uuid(&small.group).into(),
                },
            ),
            (
                MEMBER,
                Post::MemberRepresentative {
                    compact_id,
                    organisation_id: uuid(&small.organisation).into(),
                },
            ),
            (FUNDER, Post::Funder),
        ] {
            world.grant(&small.region, account, post).await;
        }
        Self { world, small }
    }

    pub async fn call(&self) -> String {
        let call = json!({ "groupId": self.small.group, "words": "late September", "occurredOn": "2007-06-01" });
        self.world.make("callMeeting", call).await
    }

    /// The meeting as it was held, with an update that speaks for both objectives, an action of an objective, two of a
    /// new one, and a commitment moved.
    pub fn recorded(&self, meeting: &str) -> Value {
        let small = &self.small;
        let under = json!({ "actionPlanId": small.plan, "ref": "M1" });
        json!({
            "groupId": small.group, "meetingId": meeting, "occurredOn": "2007-09-24", "time": "9:30",
            "venue": "The Learning Lounge",
            "attendance": [
                { "organisationId": small.organisation, "attending": "PRESENT" },
                { "who": "Compact facilitator", "attending": "IN_ATTENDANCE" },
            ],
            "items": [
                { "title": "Action plan", "discussion": "Taken together.", "decision": "One event for both.",
                  "updates": [{ "actionPlanId": small.plan, "text": "Both are taken together in one event.",
                      "objectiveIds": small.objectives,
                      "changes": [{ "progressAction": { "actionId": small.action } }] }],
                  "actions": [{ "ref": "i", "objectiveId": small.objectives[0], "text": "Book the room",
                      "owner": "The facilitator", "timescale": { "text": "End of October", "dueOn": "2007-10-31" } }] },
                { "title": "Any other business",
                  "actions": [
                      { "ref": "i", "newObjective": under, "text": "Check the list" },
                      { "ref": "ii", "newObjective": under, "text": "Send the list round" },
                  ],
                  "commitments": [{ "commitmentId": small.commitment, "to": "AGREED" }] },
            ],
            "next": { "words": "October" },
        })
    }

    async fn meeting(&self, id: &str) -> Value {
        self.meeting_as(None, id).await
    }

    async fn meeting_as(&self, account: Option<&str>, id: &str) -> Value {
        let query = "query M($id: ID!) { node(id: $id) { ... on Meeting {
            heldOn time venue group { code } arrangement { on words } minutes visibility version
            agreed { meeting { heldOn } } circulated { occurredOn } notesSince { text }
            attendance { organisation { name } who attending }
            items { title discussion decision corrections { reason from { title } to { title } } notesSince { text }
                updates { text objectives { ref } }
                actions { ref action { text owner objective { ref title } timescale { dueOn } } }
                commitments { ref status } } } } }";
        let answer = match account {
            Some(account) => {
                self.world
                    .post_as(Some(account), query, json!({ "id": id }))
                    .await
            }
            None => self.world.post(query, json!({ "id": id })).await,
        };
        assert!(answer.get("errors").is_none(), "{answer:#}");
        answer["data"]["node"].clone()
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn one_change_records_a_meeting_with_everything_it_led_to(pool: PgPool) {
    let house = House::set_up(&pool).await;
    let meeting = house.call().await;
    let called = house.meeting(&meeting).await;
    assert_eq!(called["heldOn"], Value::Null);
    assert_eq!(
        called["arrangement"],
        json!({ "on": null, "words": "late September" })
    );
    house
        .world
        .change("recordMeeting", house.recorded(&meeting), "meeting { id }")
        .await;
    let held = house.meeting(&meeting).await;
    assert_eq!(held["heldOn"], "2007-09-24");
    assert_eq!(held["time"], "09:30");
    assert_eq!(held["minutes"], "DRAFT");
    assert_eq!(
        held["attendance"],
        json!([
            { "organisation": { "name": "City College" }, "who": null, "attending": "PRESENT" },
            { "organisation": null, "who": "Compact facilitator", "attending": "IN_ATTENDANCE" },
        ])
    );
    let [first, second] = [0, 1].map(|at| held["items"][at].clone());
    assert_eq!(first["decision"], "One event for both.");
    let update = &first["updates"][0];
    assert_eq!(update["text"], "Both are taken together in one event.");
    assert_eq!(update["objectives"].as_array().expect("a list").len(), 2);
    assert_eq!(first["actions"][0]["ref"], "i");
    assert_eq!(first["actions"][0]["action"]["text"], "Book the room");
    assert_eq!(
        first["actions"][0]["action"]["timescale"]["dueOn"],
        "2007-10-31"
    );
    for (at, text) in [(0, "Check the list"), (1, "Send the list round")] {
        let action = &second["actions"][at]["action"];
        assert_eq!(action["text"], text);
        assert_eq!(
            action["objective"],
            json!({ "ref": "M1", "title": "Any other business" })
        );
    }
    assert_eq!(second["commitments"][0]["status"], "AGREED");

    let query = "query C($id: ID!) { compact(id: $id) {
        calendar { nodes { id heldOn arrangement { words } } }
        meetings { nodes { entries meeting { heldOn } } }
        actions(filter: { state: OPEN }) { nodes { text } } } }";
    let compact = house
        .world
        .data(query, json!({ "id": house.small.compact }))
        .await;
    let calendar = compact["compact"]["calendar"]["nodes"].clone();
    assert_eq!(calendar[0]["id"], json!(meeting));
    assert_eq!(calendar[1]["arrangement"]["words"], "October");
    let actions = compact["compact"]["actions"]["nodes"].to_string();
    for text in ["Book the room", "Check the list", "Send the list round"] {
        assert_eq!(actions.matches(text).count(), 1, "{text} in {actions}");
    }
    let entries = &compact["compact"]["meetings"]["nodes"][0]["entries"];
    assert!(entries.as_u64().expect("a number") >= 10, "{compact:#}");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_meeting_is_recorded_whole_or_not_at_all_and_says_where_it_is_wrong(pool: PgPool) {
    let house = House::set_up(&pool).await;
    let meeting = house.call().await;
    let before = house.meeting(&meeting).await;
    let mut wrong = house.recorded(&meeting);
    wrong["items"][1]["actions"][1]["text"] = json!(" ");
    let refused = house.world.attempt("recordMeeting", wrong, "").await;
    assert_eq!(
        refused["userErrors"][0]["field"], "items.1.actions.1.text",
        "{refused:#}"
    );
    let mut wrong = house.recorded(&meeting);
    wrong["items"][0]["updates"][0]["objectiveIds"] = json!([]);
    let refused = house.world.attempt("recordMeeting", wrong, "").await;
    assert_eq!(
        refused["userErrors"][0]["field"], "items.0.updates.0.objectiveIds",
        "{refused:#}"
    );
    let mut wrong = house.recorded(&meeting);
    wrong["items"][0]["title"] = json!("");
    let refused = house.world.attempt("recordMeeting", wrong, "").await;
    assert_eq!(
        refused["userErrors"][0]["field"], "items.0.title",
        "{refused:#}"
    );
    let mut wrong = house.recorded(&meeting);
    wrong["occurredOn"] = Value::Null;
    let refused = house.world.attempt("recordMeeting", wrong, "").await;
    assert_eq!(refused["userErrors"][0]["field"], "occurredOn");
    let mut wrong = house.recorded(&meeting);
    wrong["items"][0]["actions"][0]["objectiveId"] = Value::Null;
    let refused = house.world.attempt("recordMeeting", wrong, "").await;
    assert_eq!(
        refused["userErrors"][0]["field"], "items.0.actions.0.objectiveId",
        "{refused:#}"
    );
    assert_eq!(house.meeting(&meeting).await, before);
    // Sent twice under one id it is recorded once.
    let mut right = house.recorded(&meeting);
    right["commandId"] = json!("0f0e0d0c-0b0a-4908-8706-0504030201ff");
    house.world.change("recordMeeting", right.clone(), "").await;
    let again = house.world.change("recordMeeting", right, "").await;
    assert_eq!(again["repeated"], true);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn minutes_are_put_right_circulated_noted_and_agreed_at_the_next_meeting(pool: PgPool) {
    let house = House::set_up(&pool).await;
    let meeting = house.call().await;
    house
        .world
        .change("recordMeeting", house.recorded(&meeting), "")
        .await;
    let ids = "query I($id: ID!) { node(id: $id) { ... on Meeting { items { id } } } }";
    let ids = house.world.data(ids, json!({ "id": meeting })).await;
    let item = ids["node"]["items"][1]["id"].clone();
    let correct = json!({ "itemId": item, "title": "Other business", "reason": "The heading was wrong",
        "occurredOn": "2007-09-25" });
    house
        .world
        .change("correctMeetingItem", correct, "item { title }")
        .await;
    let place = json!({ "meetingId": meeting, "venue": "The Guildhall", "time": "9:45",
        "reason": "The lounge was being painted", "occurredOn": "2007-09-25" });
    let shown = "meeting { time venue heldOn corrections { reason from { time venue } to { time venue } made { occurredOn } } }";
    let put_right = house.world.change("correctMeeting", place, shown).await;
    assert_eq!(
        put_right["meeting"],
        json!({ "time": "09:45", "venue": "The Guildhall", "heldOn": "2007-09-24",
            "corrections": [{ "reason": "The lounge was being painted",
                "from": { "time": "09:30", "venue": "The Learning Lounge" },
                "to": { "time": "09:45", "venue": "The Guildhall" }, "made": { "occurredOn": "2007-09-25" } }] })
    );
    let circulate = json!({ "meetingId": meeting, "occurredOn": "2007-09-26" });
    house.world.change("circulateMinutes", circulate, "").await;
    let note = json!({ "meetingId": meeting, "itemId": item, "text": "The bid was unsuccessful.",
        "occurredOn": "2007-09-28" });
    house.world.change("noteSinceMeeting", note, "").await;
    let next = json!({ "groupId": house.small.group, "occurredOn": "2007-10-16" });
    let next = house.world.make("recordMeeting", next).await;
    let agree = json!({ "meetingId": meeting, "occurredOn": "2007-10-16",
        "meeting": { "id": next, "groupId": house.small.group, "heldOn": "2007-10-16" } });
    house.world.change("agreeMinutes", agree, "").await;
    let minutes = house.meeting(&meeting).await;
    assert_eq!(minutes["minutes"], "AGREED");
    assert_eq!(minutes["circulated"]["occurredOn"], "2007-09-26");
    assert_eq!(minutes["agreed"]["meeting"]["heldOn"], "2007-10-16");
    let corrected = &minutes["items"][1];
    assert_eq!(corrected["title"], "Other business");
    assert_eq!(
        corrected["corrections"],
        json!([{ "reason": "The heading was wrong", "from": { "title": "Any other business" },
            "to": { "title": "Other business" } }])
    );
    assert_eq!(
        corrected["notesSince"],
        json!([{ "text": "The bid was unsuccessful." }])
    );
    let record =
        "query R($id: ID!) { node(id: $id) { ... on Meeting { record { nodes { text } } } } }";
    let record = house.world.data(record, json!({ "id": meeting })).await;
    let record = record["node"]["record"]["nodes"].to_string();
    for said in [
        "was called: “late September”",
        "met on 24 September 2007 at The Learning Lounge",
        "Who came was taken down (1 present, 1 in attendance)",
        "Decided: One event for both.",
        "The minutes were circulated.",
        "Noted since the meeting: The bid was unsuccessful.",
        "agreed as a true record at the meeting of 16 October 2007",
    ] {
        assert!(record.contains(said), "{said} in {record}");
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_lead_keeps_the_minutes_of_its_group_and_others_read_what_is_released(pool: PgPool) {
    let house = House::set_up(&pool).await;
    let meeting = house.call().await;
    let query = "mutation M($input: RecordMeetingInput!) { recordMeeting(input: $input) { userErrors { code } position } }";
    let mut plain = house.recorded(&meeting);
    plain["items"][1]["commitments"] = json!([]);
    plain["items"][1]["actions"] = json!([]);
    for who in [MEMBER, FUNDER] {
        let input = json!({ "input": plain });
        let answer = house.world.post_as(Some(who), query, input).await;
        let errors = &answer["data"]["recordMeeting"]["userErrors"];
        assert_ne!(errors, &json!([]), "{who}: {answer:#}");
    }
    let answer = house
        .world
        .post_as(Some(LEAD), query, json!({ "input": plain }))
        .await;
    let recorded = &answer["data"]["recordMeeting"];
    assert_eq!(recorded["userErrors"], json!([]), "{answer:#}");
    for who in [MEMBER, FUNDER] {
        assert_eq!(
            house.meeting_as(Some(who), &meeting).await,
            Value::Null,
            "{who}"
        );
    }
    let release = json!({ "meetingId": meeting, "to": "REGION", "occurredOn": "2007-09-28" });
    house
        .world
        .change("releaseMeeting", release, "meeting { visibility }")
        .await;
    for who in [MEMBER, FUNDER] {
        let seen = house.meeting_as(Some(who), &meeting).await;
        assert_eq!(seen["venue"], "The Learning Lounge", "{who}");
        // The plan has not been released, so what the item led to there is not shown.
        assert_eq!(seen["items"][0]["actions"], json!([]), "{who}");
    }
    for (who, named) in [
        (MEMBER, json!("Compact facilitator")),
        (FUNDER, Value::Null),
    ] {
        let seen = house.meeting_as(Some(who), &meeting).await;
        assert_eq!(seen["attendance"][1]["who"], named, "{who}");
    }
}
