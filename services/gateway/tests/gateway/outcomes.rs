//! Outcomes: read many at a time, resting on evidence, judged from outside, and brought together in reports.

use domain::Post;
use gateway::NodeId;
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::world::{Small, World};

const FUNDER: &str = "00000000-0000-4000-8000-0000000000d1";
const AUDITOR: &str = "00000000-0000-4000-8000-0000000000d2";
const SOUTH: &str = "00000000-0000-4000-8000-0000000000d3";
const MEMBER: &str = "00000000-0000-4000-8000-0000000000d4";
const ON: &str = "2007-06-01";

/// A second measure of the first commitment, and both commitments agreed.
async fn measures(world: &World, small: &Small) -> [String; 2] {
    let agree = json!({ "commitmentId": small.commitment, "occurredOn": ON });
    world.change("agreeCommitment", agree, "").await;
    let measure = json!({ "commitmentId": small.commitment, "indicatorId": small.indicator, "kind": "ADDITIONAL",
        "target": "10", "occurredOn": ON });
    [
        small.measure.clone(),
        world.make("addMeasure", measure).await,
    ]
}

fn row(measure: &str, value: &str) -> Value {
    json!({ "measureId": measure, "takenOn": ON, "value": value, "source": "Members' returns" })
}

/// Sends a change as somebody; what came of it.
async fn attempt_as(world: &World, account: &str, field: &str, input: Value, shown: &str) -> Value {
    let kind = format!("{}{}Input", field[..1].to_uppercase(), &field[1..]);
    let query = format!(
        "mutation M($input: {kind}!) {{ {field}(input: $input) {{ {shown} newId projected userErrors {{ field code message }} }} }}"
    );
    let answer = world
        .post_as(Some(account), &query, json!({ "input": input }))
        .await;
    assert!(answer.get("errors").is_none(), "{answer:#}");
    answer["data"][field].clone()
}

async fn data_as(world: &World, account: Option<&str>, query: &str, variables: Value) -> Value {
    let answer = world.post_as(account, query, variables).await;
    assert!(answer.get("errors").is_none(), "{answer:#}");
    answer["data"].clone()
}

async fn release(world: &World, commitment: &str, to: &str) {
    let release =
        json!({ "commitmentId": commitment, "to": to, "reason": "As agreed", "occurredOn": ON });
    world.change("releaseCommitment", release, "").await;
}

/// The funder, an auditor of the north, another compact's secretariat and a member of the north.
async fn everybody(world: &World, small: &Small) {
    let uuid = |id: &str| NodeId::decode(id).expect("an id").uuid();
    let south = json!({ "regionId": small.region, "slug": "south", "name": "South Compact",
        "area": "The south", "launchedOn": "2007-02-01", "occurredOn": "2007-02-01" });
    let south = uuid(&world.make("openCompact", south).await);
    let (north, organisation) = (uuid(&small.compact), uuid(&small.organisation));
    for (account, post) in [
        (FUNDER, Post::Funder),
        (
            AUDITOR,
            Post::Auditor {
                compact_id: Some(north.into()),
            },
        ),
        (
            SOUTH,
            Post::Secretariat {
                compact_id: south.into(),
            },
        ),
        (
            MEMBER,
            Post::MemberRepresentative {
                compact_id: north.into(),
                organisation_id: organisation.into(),
            },
        ),
    ] {
        world.grant(&small.region, account, post).await;
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn many_readings_are_recorded_in_one_change(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let [first, second] = measures(&world, &small).await;
    let mut proven = row(&second, "3");
    proven["evidence"] =
        json!([{ "link": { "url": "https://example.org/returns", "note": "Table 2" } }]);
    let input =
        json!({ "readings": [row(&first, "5"), proven, row(&first, "6")], "occurredOn": ON });
    let shown = "readings { value hasEvidence evidence { document { link { url note } } } measure { id } recorded { position } }";
    let payload = world.change("recordReadings", input, shown).await;
    let readings = payload["readings"].as_array().expect("readings");
    let said: Vec<_> = readings
        .iter()
        .map(|it| (it["value"].as_str(), it["measure"]["id"].as_str()))
        .collect();
    let (first, second) = (Some(first.as_str()), Some(second.as_str()));
    assert_eq!(
        said,
        [(Some("5"), first), (Some("3"), second), (Some("6"), first)]
    );
    assert_eq!(readings[0]["hasEvidence"], false);
    let evidence = json!([{ "document": { "link": { "url": "https://example.org/returns", "note": "Table 2" } } }]);
    assert_eq!(readings[1]["evidence"], evidence);
    assert_eq!(payload["newId"], json!(null));
}

/// Rows of which one is wrong, with the field and the code of its refusal.
fn wrong_rows(
    small: &Small,
    first: &str,
    second: &str,
) -> [(Value, &'static str, &'static str); 9] {
    let ahead =
        json!({ "measureId": second, "takenOn": "2007-07-01", "value": "1", "source": "x" });
    let part = json!({ "organisationId": small.organisation, "value": "9" });
    let mut exceeds = row(second, "3");
    exceeds["byOrganisation"] = json!([part]);
    let mut unproven = row(first, "3");
    unproven["evidence"] =
        json!([{ "link": { "url": "https://example.org/a" } }, { "link": { "url": "nowhere" } }]);
    [
        (json!([]), "readings", "MISSING"),
        (
            json!([row(first, "-1"), row(second, "1")]),
            "readings.0.value",
            "NEGATIVE",
        ),
        (
            json!([row(first, "1"), row(second, "-1")]),
            "readings.1.value",
            "NEGATIVE",
        ),
        (
            json!([row(first, "1"), row(second, "many")]),
            "readings.1.value",
            "NOT_A_FIGURE",
        ),
        (
            json!([row(first, "1"), ahead]),
            "readings.1.takenOn",
            "DATED_AFTER_THE_FACT",
        ),
        (
            json!([row(first, "1"), exceeds]),
            "readings.1.byOrganisation",
            "PARTS_EXCEED_VALUE",
        ),
        (
            json!([unproven, row(second, "1")]),
            "readings.0.evidence.1.link.url",
            "NOT_A_LINK",
        ),
        (
            json!([row(first, "1"), row(&small.commitment, "1")]),
            "readings.1.measureId",
            "BAD_ID",
        ),
        (json!(vec![row(first, "1"); 201]), "readings", "TOO_MANY"),
    ]
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn of_many_readings_all_are_recorded_or_none_and_the_refusal_names_the_row(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let [first, second] = measures(&world, &small).await;
    for (rows, field, code) in wrong_rows(&small, &first, &second) {
        let input = json!({ "readings": rows, "occurredOn": ON });
        let payload = world.attempt("recordReadings", input, "").await;
        let error = &payload["userErrors"][0];
        assert_eq!(
            (error["field"].as_str(), error["code"].as_str()),
            (Some(field), Some(code)),
            "{payload:#}"
        );
        assert_eq!(payload["position"], json!(null));
    }
    let early = json!({ "readings": [row(&first, "1")], "occurredOn": "2007-03-01" });
    let payload = world.attempt("recordReadings", early, "").await;
    assert!(
        payload["userErrors"][0]["field"]
            .as_str()
            .is_none_or(|field| !field.contains("readings.0.occurredOn")),
        "{payload:#}"
    );
    let query = "query C($id: ID!) { commitment(id: $id) { measures { readings { totalCount } freshness(on: \"2007-06-11\") { readOn noReadingSince days backing } } } }";
    let commitment = world.data(query, json!({ "id": small.commitment })).await;
    let measures = &commitment["commitment"]["measures"];
    for at in 0..2 {
        assert_eq!(measures[at]["readings"]["totalCount"], 0, "{measures:#}");
    }
    let never =
        json!({ "readOn": null, "noReadingSince": ON, "days": 10, "backing": "NO_READING" });
    assert_eq!(measures[1]["freshness"], never);
}

/// What says neither what rests on it nor where it is.
async fn neither_is_refused(world: &World, reading: &str) {
    for (input, field) in [
        (
            json!({ "link": { "url": "https://example.org" } }),
            "readingId",
        ),
        (json!({ "readingId": reading }), "file"),
        (
            json!({ "readingId": reading, "file": { "hash": "x", "name": "y" } }),
            "file.hash",
        ),
    ] {
        let refused = world.attempt("attachEvidence", input, "").await;
        assert_eq!(refused["userErrors"][0]["field"], field, "{refused:#}");
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn evidence_is_attached_shown_as_of_any_day_and_taken_back_with_a_reason(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let [measure, _] = measures(&world, &small).await;
    let mut reading = row(&measure, "5");
    reading["occurredOn"] = json!(ON);
    let reading = world.make("recordReading", reading).await;
    let report = json!({ "commitmentId": small.commitment, "text": "Well begun", "standing": "IN_PROGRESS",
        "reportedOn": ON, "occurredOn": ON, "evidence": [{ "link": { "url": "https://example.org/minutes" } }] });
    let shown = "achievement { hasEvidence evidence { document { link { url } } } }";
    let payload = world.change("reportAchievement", report, shown).await;
    assert_eq!(payload["achievement"]["hasEvidence"], true);
    let link = json!({ "readingId": reading, "link": { "url": "https://example.org/returns", "note": "Table 2" },
        "occurredOn": "2007-07-01" });
    let shown = "evidence { id document { link { url note } file { name } } reading { value } achievement { text } attached { occurredOn } history { nodes { text } } }";
    let payload = world.change("attachEvidence", link.clone(), shown).await;
    let evidence = &payload["evidence"];
    assert_eq!(evidence["reading"]["value"], "5", "{payload:#}");
    assert_eq!(evidence["achievement"], json!(null));
    let told = &evidence["history"]["nodes"][0]["text"];
    let told = told.as_str().expect("a sentence");
    assert!(told.starts_with("Evidence was attached to the reading for “organisations pledged” (5 organisations on 1 June 2007, from Members' returns)"), "{told}");
    let again = world.attempt("attachEvidence", link, "").await;
    assert_eq!(again["userErrors"][0]["code"], "UNCHANGED");
    assert_eq!(again["userErrors"][0]["field"], "link.url");
    neither_is_refused(&world, &reading).await;
    let query = "query C($id: ID!, $on: Date!) { commitment(id: $id, asOf: { on: $on }) { measures { freshness(on: $on) { backing days } } } }";
    for (on, backing, days) in [
        ("2007-06-30", "NO_EVIDENCE", 29),
        ("2007-07-01", "EVIDENCE", 30),
    ] {
        let then = world
            .data(query, json!({ "id": small.commitment, "on": on }))
            .await;
        let freshness = &then["commitment"]["measures"][0]["freshness"];
        assert_eq!(
            *freshness,
            json!({ "backing": backing, "days": days }),
            "{on}"
        );
    }
    let withdraw = json!({ "evidenceId": evidence["id"], "reason": "Of another year", "occurredOn": "2007-08-01" });
    let shown = "evidence { withdrawn { reason } } commitment { measures { freshness(on: \"2007-08-01\") { backing } } }";
    let payload = world.change("withdrawEvidence", withdraw, shown).await;
    assert_eq!(
        payload["evidence"]["withdrawn"]["reason"],
        "Of another year"
    );
    assert_eq!(
        payload["commitment"]["measures"][0]["freshness"]["backing"],
        "NO_EVIDENCE"
    );
}

const JUDGED: &str = "assessment { id kind madeAs judgement { completion confidence comment } madeFrom reportNow ofWhole
    reading { value } doubt found answers { text } withdrawn { reason } history { nodes { text } } }";

fn assess(small: &Small, reading: &str) -> Value {
    json!({ "regionId": small.region, "readingId": reading, "completion": "CANNOT_TELL", "confidence": "LOW",
        "comment": "Two returns are missing" })
}

/// A released reading of 5, with everybody there.
async fn released_reading(world: &World) -> (Small, String) {
    let small = Small::set_up(world).await;
    everybody(world, &small).await;
    let [measure, _] = measures(world, &small).await;
    let mut reading = row(&measure, "5");
    reading["occurredOn"] = json!(ON);
    let reading = world.make("recordReading", reading).await;
    (small, reading)
}

async fn others_read_none_of_it(world: &World, reading: &str, id: &str) {
    for account in [Some(SOUTH), Some(MEMBER), None] {
        let theirs = data_as(world, account, "query A($r: ID!, $id: ID!) { reading: node(id: $r) { ... on Reading { assessments { totalCount } challenges { totalCount } } } node(id: $id) { id } }", json!({ "r": reading, "id": id })).await;
        assert_eq!(theirs["node"], json!(null), "{account:?}");
        assert!(
            theirs["reading"]
                .get("assessments")
                .is_none_or(Value::is_null),
            "{theirs:#}"
        );
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_funder_assesses_what_was_released_and_the_report_stays_as_it_is(pool: PgPool) {
    let world = World::new(&pool).await;
    let (small, reading) = released_reading(&world).await;
    let query =
        "mutation M($input: AssessInput!) { assess(input: $input) { newId userErrors { code } } }";
    let unseen = json!({ "input": assess(&small, &reading) });
    let unseen = world.post_as(Some(FUNDER), query, unseen).await;
    let code = &unseen["data"]["assess"]["userErrors"][0]["code"];
    assert_eq!(
        code, "UNKNOWN",
        "what it may not see is not there: {unseen:#}"
    );
    release(&world, &small.commitment, "REGION").await;
    let made = attempt_as(&world, FUNDER, "assess", assess(&small, &reading), JUDGED).await;
    assert_eq!(made["userErrors"], json!([]), "{made:#}");
    let judged = &made["assessment"];
    assert_eq!(judged["madeAs"], "FUNDER");
    assert_eq!(judged["judgement"]["completion"], "CANNOT_TELL");
    assert_eq!(judged["reportNow"], "UNCHANGED");
    assert_eq!(judged["reading"]["value"], "5");
    let told = judged["history"]["nodes"][0]["text"].as_str();
    assert!(
        told.is_some_and(|told| told.starts_with(
            "The funder assessed a reading of commitment 1 of 2007-08, as it stood at entry"
        )),
        "{told:?}"
    );
    let id = judged["id"].as_str().expect("an id");
    let revise = json!({ "assessmentId": id, "completion": "PARTLY_ACHIEVED", "confidence": "MEDIUM",
        "comment": "One return is missing", "reason": "One came in" });
    let revised = attempt_as(
        &world,
        FUNDER,
        "reviseAssessment",
        revise.clone(),
        "assessment { judgement { completion } revisions { from { completion } reason } }",
    )
    .await;
    let revisions = json!([{ "from": { "completion": "CANNOT_TELL" }, "reason": "One came in" }]);
    assert_eq!(revised["assessment"]["revisions"], revisions, "{revised:#}");
    for account in [SOUTH, MEMBER, AUDITOR] {
        let refused = world
            .post_as(Some(account), "mutation R($input: ReviseAssessmentInput!) { reviseAssessment(input: $input) { userErrors { code } } }", json!({ "input": revise }))
            .await;
        let refused = refused["data"]["reviseAssessment"]["userErrors"][0]["code"].clone();
        assert!(
            refused.is_string() && refused != "UNCHANGED",
            "{account}: {refused}"
        );
    }
    let query = "query R($id: ID!) { node(id: $id) { ... on Reading { value corrections { reason } assessments { nodes { judgement { completion } } } challenges { totalCount } } } }";
    let mine = world.data(query, json!({ "id": reading })).await;
    assert_eq!(mine["node"]["value"], "5");
    assert_eq!(mine["node"]["corrections"], json!([]));
    let assessments = &mine["node"]["assessments"]["nodes"];
    assert_eq!(assessments[0]["judgement"]["completion"], "PARTLY_ACHIEVED");
    others_read_none_of_it(&world, &reading, id).await;
}

/// How many assessments, and how many challenges, of a reading somebody is shown; neither where none is shown.
async fn shown_of(world: &World, account: Option<&str>, reading: &str) -> (Value, Value) {
    let query = "query R($id: ID!) { node(id: $id) { ... on Reading { assessments { totalCount } challenges { totalCount } } } }";
    let answer = data_as(world, account, query, json!({ "id": reading })).await;
    let node = &answer["node"];
    let count = |field: &str| node[field]["totalCount"].clone();
    (count("assessments"), count("challenges"))
}

async fn let_out(world: &World, id: &str, to: &str, reason: Option<&str>) -> Value {
    let input = json!({ "assessmentId": id, "to": to, "reason": reason });
    let shown =
        "assessment { visibility visibilityChanges { to reason } history { nodes { text } } }";
    attempt_as(world, FUNDER, "releaseAssessment", input, shown).await
}

/// Lets it out step by step: to who works in the compact, in the region's compacts, and everybody.
async fn each_step_lets_more_read_it(world: &World, id: &str, reading: &str) {
    let none = (json!(null), json!(null));
    let one = (json!(1), json!(null));
    let readers = [Some(MEMBER), Some(SOUTH), None];
    for (to, read) in [("COMPACT", 1), ("REGION", 2), ("PUBLIC", 3)] {
        let released = let_out(world, id, to, None).await;
        assert_eq!(released["assessment"]["visibility"], to, "{released:#}");
        for (at, account) in readers.into_iter().enumerate() {
            let expected = if at < read { &one } else { &none };
            assert_eq!(
                &shown_of(world, account, reading).await,
                expected,
                "{to}: {account:?}"
            );
        }
    }
}

/// The public reads what it says now, and those it concerns how it came to be.
async fn others_read_it_as_it_stands(world: &World, id: &str) {
    let query = "query A($id: ID!) { node(id: $id) { ... on Assessment { judgement { completion comment } revisions { reason }
        visibilityChanges { to } history { nodes { text } } } } }";
    let public = data_as(world, None, query, json!({ "id": id })).await;
    let judgement = json!({ "completion": "PARTLY_ACHIEVED", "comment": "One return is missing" });
    assert_eq!(
        public["node"],
        json!({ "judgement": judgement, "revisions": [], "visibilityChanges": [], "history": { "nodes": [] } })
    );
    let own = data_as(world, Some(FUNDER), query, json!({ "id": id })).await;
    let told = own["node"]["history"].to_string();
    assert!(told.contains("It was released to the public."), "{own:#}");
    assert_eq!(own["node"]["revisions"][0]["reason"], "One came in");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_judgement_is_read_by_others_once_it_is_released_as_it_stands_and_no_further_than_the_report(
    pool: PgPool,
) {
    let world = World::new(&pool).await;
    let (small, reading) = released_reading(&world).await;
    release(&world, &small.commitment, "PUBLIC").await;
    let made = attempt_as(&world, FUNDER, "assess", assess(&small, &reading), "").await;
    let id = made["newId"].as_str().expect("an id").to_owned();
    let revise = json!({ "assessmentId": id, "completion": "PARTLY_ACHIEVED", "confidence": "MEDIUM",
        "comment": "One return is missing", "reason": "One came in" });
    attempt_as(&world, FUNDER, "reviseAssessment", revise, "").await;
    others_read_none_of_it(&world, &reading, &id).await;
    for account in [crate::world::SECRETARIAT, AUDITOR, SOUTH] {
        let input = json!({ "assessmentId": id, "to": "PUBLIC" });
        let refused = attempt_as(&world, account, "releaseAssessment", input, "").await;
        assert!(
            !refused["userErrors"][0].is_null(),
            "{account}: {refused:#}"
        );
    }
    each_step_lets_more_read_it(&world, &id, &reading).await;
    others_read_it_as_it_stands(&world, &id).await;
    let none = (json!(null), json!(null));
    let one = (json!(1), json!(null));
    // What is added up and listed for the region is the same as before, for whoever it does not concern.
    let on = json!({ "on": "2007-06-11" });
    let other = data_as(&world, Some(SOUTH), OVERVIEW, on).await;
    let row = &other["region"]["overview"]["rows"]["nodes"][0];
    assert_eq!(
        (&row["assessed"], &row["lastAssessment"]),
        (&json!(null), &json!(null))
    );
    // No further than what it is about.
    release(&world, &small.commitment, "REGION").await;
    assert_eq!(shown_of(&world, None, &reading).await, none);
    assert_eq!(shown_of(&world, Some(SOUTH), &reading).await, one);
    release(&world, &small.commitment, "PUBLIC").await;
    assert_eq!(shown_of(&world, None, &reading).await, one);
    let unsaid = let_out(&world, &id, "DRAFT", None).await;
    assert_eq!(unsaid["userErrors"][0]["field"], "reason", "{unsaid:#}");
    let_out(&world, &id, "DRAFT", Some("It was too early")).await;
    others_read_none_of_it(&world, &reading, &id).await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_challenge_is_released_by_who_challenges_with_what_was_answered_and_by_nobody_else(
    pool: PgPool,
) {
    let world = World::new(&pool).await;
    let (small, reading) = released_reading(&world).await;
    release(&world, &small.commitment, "PUBLIC").await;
    let doubt = json!({ "regionId": small.region, "readingId": reading, "comment": "One is counted twice" });
    let made = attempt_as(&world, AUDITOR, "challengeOutcome", doubt, "").await;
    let id = made["newId"].as_str().expect("an id").to_owned();
    let answer = json!({ "assessmentId": id, "text": "They are two of one name" });
    world.change("answerChallenge", answer, "").await;
    let input = json!({ "assessmentId": id, "to": "PUBLIC" });
    for account in [FUNDER, SOUTH, MEMBER] {
        let refused = attempt_as(&world, account, "releaseChallenge", input.clone(), "").await;
        assert!(
            !refused["userErrors"][0].is_null(),
            "{account}: {refused:#}"
        );
    }
    let wrong = attempt_as(&world, FUNDER, "releaseAssessment", input.clone(), "").await;
    assert!(!wrong["userErrors"][0].is_null(), "{wrong:#}");
    let released = attempt_as(&world, AUDITOR, "releaseChallenge", input, "").await;
    assert_eq!(released["userErrors"], json!([]), "{released:#}");
    let public = shown_of(&world, None, &reading).await;
    assert_eq!(public, (json!(null), json!(1)));
    let query =
        "query A($id: ID!) { node(id: $id) { ... on Assessment { doubt answers { text } } } }";
    let read = data_as(&world, None, query, json!({ "id": id })).await;
    assert_eq!(
        read["node"],
        json!({ "doubt": "One is counted twice", "answers": [{ "text": "They are two of one name" }] })
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_report_that_changes_after_it_was_assessed_is_said_to_have_changed(pool: PgPool) {
    let world = World::new(&pool).await;
    let (small, reading) = released_reading(&world).await;
    release(&world, &small.commitment, "REGION").await;
    let made = attempt_as(&world, FUNDER, "assess", assess(&small, &reading), "").await;
    let id = made["newId"].as_str().expect("an id").to_owned();
    let now = async |account: &str| {
        let query = "query A($id: ID!) { node(id: $id) { ... on Assessment { reportNow } } }";
        let answer = data_as(&world, Some(account), query, json!({ "id": id })).await;
        answer["node"]["reportNow"].clone()
    };
    assert_eq!(now(FUNDER).await, "UNCHANGED");
    let correct = json!({ "readingId": reading, "takenOn": ON, "value": "4", "source": "Members' returns",
        "reason": "Counted twice", "occurredOn": "2007-07-01" });
    world.change("correctReading", correct, "").await;
    for account in [FUNDER, AUDITOR] {
        assert_eq!(now(account).await, "CHANGED", "{account}");
    }
    let withdraw =
        json!({ "readingId": reading, "reason": "Of another year", "occurredOn": "2007-08-01" });
    world.change("withdrawReading", withdraw, "").await;
    for account in [FUNDER, AUDITOR] {
        assert_eq!(now(account).await, "WITHDRAWN", "{account}");
    }
    release(&world, &small.commitment, "COMPACT").await;
    assert_eq!(now(FUNDER).await, json!(null));
    assert_eq!(now(AUDITOR).await, "WITHDRAWN");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn an_auditor_challenges_and_the_compact_answers(pool: PgPool) {
    let world = World::new(&pool).await;
    let (small, reading) = released_reading(&world).await;
    release(&world, &small.commitment, "PUBLIC").await;
    let doubt = json!({ "regionId": small.region, "readingId": reading, "found": "4", "comment": "One is counted twice" });
    let refused = attempt_as(&world, FUNDER, "challengeOutcome", doubt.clone(), "").await;
    assert!(
        !refused["userErrors"][0].is_null(),
        "the funder is not independent of what it pays for"
    );
    let made = attempt_as(&world, AUDITOR, "challengeOutcome", doubt, JUDGED).await;
    let challenge = &made["assessment"];
    assert_eq!(
        (
            &challenge["kind"],
            &challenge["found"],
            &challenge["madeAs"]
        ),
        (&json!("CHALLENGE"), &json!("4"), &json!("AUDITOR")),
        "{made:#}"
    );
    let id = &challenge["id"];
    let answer = json!({ "assessmentId": id, "text": "They are two employers of one name" });
    let payload = world.change("answerChallenge", answer, JUDGED).await;
    assert_eq!(
        payload["assessment"]["answers"][0]["text"],
        "They are two employers of one name"
    );
    let settle = json!({ "assessmentId": id, "reason": "Settled" });
    let settled = attempt_as(&world, AUDITOR, "withdrawChallenge", settle, JUDGED).await;
    assert_eq!(
        settled["assessment"]["withdrawn"]["reason"], "Settled",
        "{settled:#}"
    );
    let told = settled["assessment"]["history"]["nodes"]
        .as_array()
        .map(Vec::len);
    assert_eq!(told, Some(3));
    let texts = "query T($id: ID!) { node(id: $id) { ... on Assessment { history { nodes { texts { text says } } } } } }";
    let texts = world.data(texts, json!({ "id": id })).await;
    let text = &texts["node"]["history"]["nodes"][0]["texts"][0];
    assert_eq!(text["says"], "One is counted twice", "{texts:#}");
    let redact = json!({ "id": id, "text": text["text"], "reason": "It names somebody" });
    world.change("redactText", redact, "").await;
    let query = "query A($id: ID!) { node(id: $id) { ... on Assessment { doubt } } }";
    let after = world.data(query, json!({ "id": id })).await;
    assert_eq!(after["node"]["doubt"], "[redacted]");
}

const OVERVIEW: &str = "query O($on: Date) { region { overview(session: \"2007-08\", on: $on) {
    rows { nodes { compact { slug } commitment { ref } lastReport assessed lastAssessment { judgement { completion } }
        figures { progress { value target } freshness { days backing } } } }
    unassessed { nodes { commitment { ref } reading { value } achievement { text } } } } } }";

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_funder_sees_how_old_figures_are_and_what_nobody_has_assessed(pool: PgPool) {
    let world = World::new(&pool).await;
    let (small, reading) = released_reading(&world).await;
    let on = json!({ "on": "2007-06-11" });
    let empty = data_as(&world, Some(FUNDER), OVERVIEW, on.clone()).await;
    assert_eq!(empty["region"]["overview"]["rows"]["nodes"], json!([]));
    let public = data_as(&world, None, OVERVIEW, on.clone()).await;
    assert_eq!(public["region"]["overview"], json!(null));
    release(&world, &small.commitment, "REGION").await;
    let seen = data_as(&world, Some(FUNDER), OVERVIEW, on.clone()).await;
    let overview = &seen["region"]["overview"];
    let row = &overview["rows"]["nodes"][0];
    assert_eq!(
        overview["rows"]["nodes"].as_array().map(Vec::len),
        Some(1),
        "{seen:#}"
    );
    assert_eq!(
        (&row["lastReport"], &row["assessed"]),
        (&json!(ON), &json!(false))
    );
    let figure = json!({ "progress": { "value": "5", "target": "60" }, "freshness": { "days": 10, "backing": "NO_EVIDENCE" } });
    assert_eq!(row["figures"][0], figure);
    assert_eq!(row["figures"][1]["freshness"]["backing"], "NO_READING");
    let unassessed =
        json!([{ "commitment": { "ref": "1" }, "reading": { "value": "5" }, "achievement": null }]);
    assert_eq!(overview["unassessed"]["nodes"], unassessed);
    attempt_as(&world, FUNDER, "assess", assess(&small, &reading), "").await;
    let after = data_as(&world, Some(FUNDER), OVERVIEW, on.clone()).await;
    let overview = &after["region"]["overview"];
    assert_eq!(overview["unassessed"]["nodes"], json!([]), "{after:#}");
    let row = &overview["rows"]["nodes"][0];
    assert_eq!(
        row["lastAssessment"]["judgement"]["completion"],
        "CANNOT_TELL"
    );
    // Another compact's secretariat sees the figures, and not what is made of them.
    let other = data_as(&world, Some(SOUTH), OVERVIEW, on).await;
    let overview = &other["region"]["overview"];
    assert_eq!(
        overview["rows"]["nodes"][0]["assessed"],
        json!(null),
        "{other:#}"
    );
    assert_eq!(overview["unassessed"]["nodes"], json!([]));
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn undertakings_are_what_was_released_under_every_theme_as_far_as_it_is_seen(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    everybody(&world, &small).await;
    let query = "{ region { undertakings(session: \"2007-08\") { nodes { theme { code } undertakings { nodes { compact { slug } commitment { ref } } } } } } }";
    let under = async |account: Option<&str>| {
        let answer = data_as(&world, account, query, json!({})).await;
        answer["region"]["undertakings"]["nodes"].clone()
    };
    let section = |pledged: Value| {
        json!([
            { "theme": { "code": "entry" }, "undertakings": { "nodes": [] } },
            { "theme": { "code": "pledge" }, "undertakings": { "nodes": pledged } },
        ])
    };
    let promise = json!([{ "compact": { "slug": "north" }, "commitment": { "ref": "1" } }]);
    // Its own secretariat reads the draft, and it is not undertaken before the region.
    for account in [Some(crate::world::SECRETARIAT), Some(FUNDER), None] {
        assert_eq!(under(account).await, section(json!([])), "{account:?}");
    }
    release(&world, &small.commitment, "REGION").await;
    assert_eq!(under(Some(FUNDER)).await, section(promise.clone()));
    assert_eq!(under(None).await, section(json!([])));
    release(&world, &small.commitment, "PUBLIC").await;
    assert_eq!(under(None).await, section(promise));
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_yearly_report_is_as_of_a_day_and_names_where_its_figures_stand(pool: PgPool) {
    let world = World::new(&pool).await;
    let (small, _) = released_reading(&world).await;
    let retarget = json!({ "measureId": small.measure, "target": "65", "reason": "Two joined", "occurredOn": "2007-07-01" });
    let moved = world.change("changeTarget", retarget, "").await;
    let query = "query A($id: ID!, $asOf: AsOf) { compact(id: $id) { annualReport(session: \"2007-08\", asOf: $asOf) { on madeFrom
        priorities { nodes { commitment { ref } achievements { text } madeFrom
            figures { name unit originalTarget target position latest { value takenOn source recorded { position } } freshness { days backing } } } } } } }";
    let report = async |as_of: Value| {
        let answer = world
            .data(query, json!({ "id": small.compact, "asOf": as_of }))
            .await;
        let mut report = answer["compact"]["annualReport"].clone();
        report["priorities"] = report["priorities"]["nodes"].clone();
        report
    };
    let now = report(json!(null)).await;
    let figure = &now["priorities"][0]["figures"][0];
    assert_eq!(
        (&figure["originalTarget"], &figure["target"]),
        (&json!("60"), &json!("65")),
        "{now:#}"
    );
    assert_eq!(figure["position"], figure["latest"]["recorded"]["position"]);
    assert_eq!(now["madeFrom"], moved["position"]);
    let refs: Vec<_> = (0..2)
        .map(|at| now["priorities"][at]["commitment"]["ref"].clone())
        .collect();
    assert_eq!(refs, ["1", "2"]);
    let june = report(json!({ "on": "2007-06-30" })).await;
    let figure = &june["priorities"][0]["figures"][0];
    assert_eq!(
        (&figure["target"], &figure["freshness"]),
        (
            &json!("60"),
            &json!({ "days": 29, "backing": "NO_EVIDENCE" })
        ),
        "{june:#}"
    );
    assert_eq!(june["on"], "2007-06-30");
    let march = report(json!({ "on": "2007-03-30" })).await;
    assert_eq!(march["priorities"], json!([]));
}
