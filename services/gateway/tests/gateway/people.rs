//! People: entered, mentioned by name, put right, erased, redacted, and told what is held about them.

use axum::body::Body;
use axum::http::Request;
use domain::Post;
use domain::mention::marked::{marked, seen, written};
use gateway::NodeId;
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use crate::world::{SECRETARIAT, Small, World};

const MEMBER: &str = "00000000-0000-4000-8000-0000000000c1";
const AUDITOR: &str = "00000000-0000-4000-8000-0000000000c2";
const FUNDER: &str = "00000000-0000-4000-8000-0000000000c3";

const NAME: &str = "Quillon Featherstonehaugh";
const ON: &str = "2007-06-01";

/// A small compact, with a person in it.
struct House {
    world: World,
    small: Small,
    person: String,
}

impl House {
    async fn set_up(pool: &PgPool) -> Self {
        let world = World::new(pool).await;
        let small = Small::set_up(&world).await;
        let uuid = |id: &str| NodeId::decode(id).expect("an id").uuid();
        let compact_id = uuid(&small.compact).into();
        let organisation_id = uuid(&small.organisation).into();
        for (account, post) in [
            (
                MEMBER,
                Post::MemberRepresentative {
                    compact_id,
                    organisation_id,
                },
            ),
            (
                AUDITOR,
                Post::Auditor {
                    compact_id: Some(compact_id),
                },
            ),
            (FUNDER, Post::Funder),
        ] {
            world.grant(&small.region, account, post).await;
        }
        let person = json!({ "compactId": small.compact, "name": NAME, "position": "Clerk",
            "organisationId": small.organisation, "email": "quillon@example.org",
            "telephone": "01234 567890", "occurredOn": ON });
        let person = world.make("enterPerson", person).await;
        Self {
            world,
            small,
            person,
        }
    }

    fn uuid(&self) -> Uuid {
        NodeId::decode(&self.person).expect("a person").uuid()
    }

    /// Has the plan's action ask the person, and lets everybody read the plan.
    async fn mention(&self) {
        let text = format!("Ask @{{{}}} by Friday", self.uuid());
        let reword = json!({ "actionId": self.small.action, "text": text, "reason": "As agreed", "occurredOn": ON });
        self.world.change("rewordAction", reword, "").await;
        let owner = format!("@{{{}}}", self.uuid());
        let reassign = json!({ "actionId": self.small.action, "owner": owner, "occurredOn": ON });
        self.world.change("reassignAction", reassign, "").await;
        let release = json!({ "actionPlanId": self.small.plan, "to": "PUBLIC", "occurredOn": ON });
        self.world.change("releaseActionPlan", release, "").await;
    }

    /// The data of a query that anybody may send.
    async fn ask_as(&self, account: Option<&str>, query: &str, variables: Value) -> Value {
        let answer = self.world.post_as(account, query, variables).await;
        assert!(answer.get("errors").is_none(), "{answer:#}");
        answer["data"].clone()
    }

    /// What the action says, to somebody.
    async fn action_as(&self, account: Option<&str>) -> String {
        let query = "query A($id: ID!) { node(id: $id) { ... on Action { text owner } } }";
        let action = self.ask_as(account, query, json!({ "id": self.small.action }));
        let action = action.await["node"].clone();
        let word = |name: &str| action[name].as_str().unwrap_or_default().to_owned();
        format!("{}: {}", word("owner"), word("text"))
    }

    async fn erase(&self, command: u128) -> Value {
        let erase = json!({ "personId": self.person, "reason": "Asked for by the person",
            "commandId": Uuid::from_u128(command) });
        let shown =
            "person { id name position email telephone erased { reason } changes { reason } }";
        self.world.attempt("erasePerson", erase, shown).await
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_person_is_entered_put_right_and_listed(pool: PgPool) {
    let house = House::set_up(&pool).await;
    let correct = json!({ "personId": house.person, "name": NAME, "position": "Head clerk",
        "organisationId": house.small.organisation, "reason": "Promoted", "occurredOn": ON });
    let shown = "person { name position email organisation { name } mention version
        changes { reason from { position email } to { position email } } }";
    let corrected = house.world.change("correctPerson", correct, shown).await;
    assert_eq!(
        corrected["person"],
        json!({ "name": NAME, "position": "Head clerk", "email": null,
            "organisation": { "name": "City College" }, "version": 2,
            "mention": format!("@{{{}}}", house.uuid()),
            "changes": [{ "reason": "Promoted",
                "from": { "position": "Clerk", "email": "quillon@example.org" },
                "to": { "position": "Head clerk", "email": null } }] })
    );
    let query = "query P($id: ID!, $at: ID) { compact(id: $id) { people(organisationId: $at) { nodes { id name } } } }";
    for at in [Value::Null, json!(house.small.organisation)] {
        for who in [SECRETARIAT, MEMBER] {
            let asked = json!({ "id": house.small.compact, "at": at });
            let people = house.ask_as(Some(who), query, asked).await;
            assert_eq!(
                people["compact"]["people"]["nodes"],
                json!([{ "id": house.person, "name": NAME }])
            );
        }
    }
    for who in [Some(AUDITOR), Some(FUNDER), None] {
        let people = house.ask_as(who, query, json!({ "id": house.small.compact }));
        let people = people.await["compact"]["people"]["nodes"].clone();
        assert_eq!(people, json!([]), "{who:?}");
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn who_is_mentioned_is_shown_by_name_to_who_works_in_the_compact_and_nobody_else(
    pool: PgPool,
) {
    let house = House::set_up(&pool).await;
    house.mention().await;
    let named = format!("{NAME}: Ask {NAME} by Friday");
    for who in [SECRETARIAT, MEMBER] {
        assert_eq!(house.action_as(Some(who)).await, named);
    }
    let unnamed = "[a person]: Ask [a person] by Friday";
    for who in [Some(AUDITOR), Some(FUNDER), None] {
        assert_eq!(house.action_as(who).await, unnamed, "{who:?}");
    }
    // Found by their name, by those who may know it.
    let query = "query A($id: ID!, $owner: String) {
        compact(id: $id) { actions(filter: { owner: $owner }) { nodes { owner } } } }";
    let by_name = json!({ "id": house.small.compact, "owner": "featherstone" });
    for (who, found) in [
        (Some(MEMBER), json!([{ "owner": NAME }])),
        (None, json!([])),
    ] {
        let actions = house.ask_as(who, query, by_name.clone()).await;
        assert_eq!(actions["compact"]["actions"]["nodes"], found, "{who:?}");
    }
    // Put right once, they are called by the new name everywhere.
    let correct = json!({ "personId": house.person, "name": "Quillon Featherstone", "reason": "Married",
        "occurredOn": ON });
    house.world.change("correctPerson", correct, "").await;
    let renamed = house.action_as(Some(MEMBER)).await;
    assert_eq!(
        renamed,
        "Quillon Featherstone: Ask Quillon Featherstone by Friday"
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn names_are_marked_for_who_asks_so_and_is_told_them(pool: PgPool) {
    let house = House::set_up(&pool).await;
    house.mention().await;
    let query = "query A($id: ID!) { node(id: $id) { ... on Action { owner text history { nodes { texts { says written } } } } } }";
    let body = json!({ "query": query, "variables": { "id": house.small.action } });
    let asked = async |account: Option<&str>| {
        let request = Request::post("/graphql")
            .header("content-type", "application/json")
            .header("x-mentions", "marked");
        let request = match account {
            Some(account) => request.header("x-actor", account),
            None => request,
        };
        let request = request.body(Body::from(body.to_string()));
        let answer = house.world.ask(request.expect("a request")).await.body;
        answer["data"]["node"].clone()
    };
    let person = house.uuid().into();
    let told = asked(Some(SECRETARIAT)).await;
    assert_eq!(told["owner"], marked(NAME, person), "{told}");
    let text = told["text"].as_str().expect("a text");
    assert_eq!(seen(text), format!("Ask {NAME} by Friday"));
    let says = format!("Ask @{{{person}}} by Friday");
    assert_eq!(written(text), says);
    let texts = told["history"].to_string();
    assert!(
        texts.contains(&says),
        "what was written has no marks: {texts}"
    );
    for who in [Some(FUNDER), None] {
        let told = asked(who).await;
        assert_eq!(told["text"], "Ask [a person] by Friday", "{who:?}");
    }
    house.erase(1).await;
    let told = asked(Some(MEMBER)).await;
    assert_eq!(told["owner"], marked("[erased person]", person), "{told}");
    assert!(!told.to_string().contains("Featherstone"), "{told}");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn somebody_who_was_never_entered_cannot_be_mentioned(pool: PgPool) {
    let house = House::set_up(&pool).await;
    let text = format!("Ask @{{{}}}", Uuid::from_u128(5));
    let reword = json!({ "actionId": house.small.action, "text": text, "reason": "As agreed", "occurredOn": ON });
    let refused = house.world.attempt("rewordAction", reword, "").await;
    assert_eq!(
        refused["userErrors"][0]["code"], "UNKNOWN_PERSON",
        "{refused}"
    );
    assert_eq!(refused["position"], Value::Null);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn an_erased_person_is_named_nowhere_any_more(pool: PgPool) {
    let house = House::set_up(&pool).await;
    house.mention().await;
    let erased = house.erase(1).await;
    assert_eq!(erased["userErrors"], json!([]));
    assert_eq!(
        erased["person"],
        json!({ "id": house.person, "name": null, "position": null, "email": null, "telephone": null,
            "erased": { "reason": "Asked for by the person" }, "changes": [] })
    );
    let again = house.erase(1).await;
    assert_eq!(
        (&again["repeated"], &again["position"]),
        (&json!(true), &erased["position"])
    );
    let other = house.erase(2).await;
    assert_eq!(other["userErrors"][0]["code"], "PERSON_ERASED", "{other}");

    let shown = house.action_as(Some(SECRETARIAT)).await;
    assert_eq!(shown, "[erased person]: Ask [erased person] by Friday");
    let query = "query H($person: ID!, $plan: ID!, $compact: ID!) {
        node(id: $person) { ... on Person { history { nodes { text texts { says } } } } }
        history(of: $plan) { nodes { text texts { says written } } }
        compact(id: $compact) { people { nodes { id } } }
        entries(ledger: $compact, first: 100) { nodes { envelope } } }";
    let asked =
        json!({ "person": house.person, "plan": house.small.plan, "compact": house.small.compact });
    let all = house.ask_as(Some(SECRETARIAT), query, asked).await;
    assert!(!all.to_string().contains("Featherstone"), "{all:#}");
    assert_eq!(all["compact"]["people"]["nodes"], json!([]));
    let own = &all["node"]["history"]["nodes"];
    assert_eq!(own[0]["text"], "A person was written down: [redacted].");
    assert_eq!(
        own[1]["text"],
        "The person was erased: Asked for by the person."
    );
    let told = all["history"].to_string();
    assert!(told.contains("Ask [erased person] by Friday"), "{told}");
    assert!(
        told.contains(&house.uuid().to_string()),
        "the mention itself stays: {told}"
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn an_auditor_sees_that_people_were_written_down_and_not_who(pool: PgPool) {
    let house = House::set_up(&pool).await;
    house.mention().await;
    let query = "query M($plan: ID!, $person: ID!) {
        history(of: $plan) { nodes { text texts { says written } } }
        node(id: $person) { id }
        ofThem: history(of: $person) { nodes { text } } }";
    let asked = json!({ "plan": house.small.plan, "person": house.person });
    let told = house.ask_as(Some(AUDITOR), query, asked).await;
    assert!(
        told.to_string().contains("Ask [a person] by Friday"),
        "{told}"
    );
    assert!(!told.to_string().contains("Featherstone"), "{told}");
    assert_eq!(
        (&told["node"], &told["ofThem"]["nodes"]),
        (&Value::Null, &json!([]))
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_text_is_redacted_by_its_id_wherever_it_stands(pool: PgPool) {
    let house = House::set_up(&pool).await;
    let query = "query T($id: ID!) { history(of: $id) { nodes { type text texts { text says redacted } } } }";
    let texts = async || {
        let asked = json!({ "id": house.small.action });
        let history = house.ask_as(Some(SECRETARIAT), query, asked).await;
        history["history"]["nodes"][0].clone()
    };
    let line = texts().await;
    let of_action = line["texts"].as_array().expect("texts");
    let said = of_action
        .iter()
        .find(|text| text["says"] == "Ask every member");
    let text = said.expect("what the action says")["text"].clone();
    let redact =
        |text: &Value, id: &str| json!({ "id": id, "text": text, "reason": "It named somebody" });
    let shown = "node { ... on ActionPlan { title } }";
    let elsewhere = redact(&text, &house.small.commitment);
    let refused = house.world.attempt("redactText", elsewhere, shown).await;
    assert_eq!(
        refused["userErrors"][0]["code"], "UNKNOWN_TEXT",
        "{refused}"
    );
    let redacted = redact(&text, &house.small.action);
    let redacted = house.world.change("redactText", redacted, shown).await;
    assert_eq!(redacted["node"]["title"], "Plan 2007");
    let line = texts().await;
    assert!(!line.to_string().contains("Ask every member"), "{line:#}");
    let query = "query A($id: ID!) { node(id: $id) { ... on Action { text owner } } }";
    let action = house
        .ask_as(Some(MEMBER), query, json!({ "id": house.small.action }))
        .await;
    // The secretariat's plan is a draft: whoever sees it sees that a text stood there.
    assert_eq!(action["node"], Value::Null);
    let action = house
        .ask_as(
            Some(SECRETARIAT),
            query,
            json!({ "id": house.small.action }),
        )
        .await;
    assert_eq!(
        action["node"],
        json!({ "text": "[redacted]", "owner": "Chair" })
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_is_held_about_a_person_is_taken_out_whole_and_that_is_written_down(pool: PgPool) {
    let house = House::set_up(&pool).await;
    house.mention().await;
    let update = json!({ "actionPlanId": house.small.plan, "occurredOn": ON, "objectiveIds": [house.small.objectives[0]],
        "text": format!("{} rang: all is well.", NAME.to_uppercase()) });
    house.world.change("recordUpdate", update, "").await;
    let other = json!({ "actionPlanId": house.small.plan, "occurredOn": ON, "objectiveIds": [house.small.objectives[0]],
        "text": "Somebody else rang." });
    house.world.change("recordUpdate", other, "").await;
    let export = "mutation E($id: ID!) { exportPerson(input: { personId: $id }) {
        document userErrors { field code message } } }";
    let asked = json!({ "id": house.person });
    let answer = house.ask_as(Some(SECRETARIAT), export, asked.clone()).await;
    let document = &answer["exportPerson"]["document"];
    assert_eq!(
        document["said"],
        json!({ "name": NAME, "position": "Clerk", "organisation": "City College",
            "email": "quillon@example.org", "telephone": "01234 567890" })
    );
    let entries = document["entries"].as_array().expect("entries");
    let types: Vec<&str> = entries
        .iter()
        .filter_map(|entry| entry["type"].as_str())
        .collect();
    assert_eq!(
        types,
        [
            "person.entered",
            "action_plan.action_reworded",
            "action_plan.action_reassigned",
            "action_plan.update_recorded"
        ]
    );
    assert!(!document.to_string().contains("Somebody else"));
    let written = house
        .world
        .logged
        .exported
        .lock()
        .expect("the list")
        .clone();
    assert_eq!(written, [(SECRETARIAT.to_owned(), house.uuid())]);

    // Nobody else is given it, and each is told what they would be told of nobody.
    let nobody = NodeId::decode(&house.person).expect("a person");
    let nobody = NodeId::new(nobody.kind, nobody.ledger, Uuid::from_u128(5));
    let nobody = json!({ "id": nobody.encode().to_string() });
    for who in [MEMBER, AUDITOR, FUNDER] {
        let real = house.ask_as(Some(who), export, asked.clone()).await;
        let made_up = house.ask_as(Some(who), export, nobody.clone()).await;
        assert_eq!(real, made_up);
        assert_eq!(real["exportPerson"]["userErrors"][0]["code"], "UNKNOWN");
    }
    let public = house.world.post_as(None, export, asked).await;
    assert_eq!(
        public["errors"][0]["extensions"]["code"], "SIGN_IN_REQUIRED",
        "{public}"
    );
    assert_eq!(
        house.world.logged.exported.lock().expect("the list").len(),
        1
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_change_that_is_not_permitted_is_written_down_and_a_mistake_is_not(pool: PgPool) {
    let house = House::set_up(&pool).await;
    let erase = "mutation E($id: ID!, $reason: String!) { erasePerson(input: { personId: $id, reason: $reason }) {
        userErrors { code } } }";
    let errors = async |who, reason: &str| {
        let asked = json!({ "id": house.person, "reason": reason });
        let answer = house.ask_as(Some(who), erase, asked).await;
        answer["erasePerson"]["userErrors"].clone()
    };
    let refused = || house.world.logged.refused.lock().expect("the list").clone();
    assert_ne!(errors(SECRETARIAT, " ").await, json!([]));
    assert_eq!(refused(), []);
    for who in [MEMBER, AUDITOR, FUNDER] {
        assert_ne!(errors(who, "Asked for").await, json!([]));
    }
    let ledger = NodeId::decode(&house.person).expect("a person").ledger;
    let them = [MEMBER, AUDITOR, FUNDER].map(|who| (who.to_owned(), ledger.uuid()));
    assert_eq!(refused(), them);
}
