//! Good practice: written down, shared, searched, asked about; taken up by another compact, and what became of it.

use domain::Post;
use gateway::NodeId;
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::world::{SECRETARIAT, Small, World};

/// The secretariat of another compact.
const SOUTH: &str = "00000000-0000-4000-8000-0000000000e1";
/// Somebody who works in the north and does not run it.
const MEMBER: &str = "00000000-0000-4000-8000-0000000000e2";
/// Somebody who works in the south and does not run it.
const ITS_MEMBER: &str = "00000000-0000-4000-8000-0000000000e3";

/// Two compacts: the north writes, the south takes up.
struct Two {
    world: World,
    small: Small,
    south: String,
}

impl Two {
    async fn set_up(pool: &PgPool) -> Self {
        let world = World::new(pool).await;
        let small = Small::set_up(&world).await;
        let south = json!({ "regionId": small.region, "slug": "south", "name": "South Compact",
            "area": "The south", "launchedOn": "2007-02-01", "occurredOn": "2007-02-01" });
        let south = world.make("openCompact", south).await;
        let uuid = |id: &str| NodeId::decode(id).expect("an id").uuid();
        let (north, own) = (uuid(&small.compact).into(), uuid(&south).into());
        let member = Post::MemberRepresentative {
            compact_id: north,
            organisation_id: uuid(&small.organisation).into(),
        };
        let secretariat = Post::Secretariat { compact_id: own };
        world.grant(&small.region, SOUTH, secretariat).await;
        world.grant(&small.region, MEMBER, member).await;
        Self {
            world,
            small,
            south,
        }
    }

    async fn write(&self, title: &str, summary: &str) -> String {
        let write = json!({ "compactId": self.small.compact, "title": title, "theme": "pledge",
            "organisationId": self.small.organisation, "summary": summary, "occurredOn": "2007-06-01" });
        self.world.make("writePractice", write).await
    }

    async fn release(&self, practice: &str, to: &str) {
        let release = json!({ "practiceId": practice, "to": to, "reason": "As decided", "occurredOn": "2007-06-02" });
        self.world.change("releasePractice", release, "").await;
    }

    async fn ask_as(&self, account: Option<&str>, query: &str, variables: Value) -> Value {
        let answer = self.world.post_as(account, query, variables).await;
        assert!(answer.get("errors").is_none(), "{answer:#}");
        answer["data"].clone()
    }

    /// Sends a change as somebody and gives its payload.
    async fn attempt_as(&self, account: &str, field: &str, input: Value, shown: &str) -> Value {
        let kind = format!("{}{}Input", field[..1].to_uppercase(), &field[1..]);
        let query = format!(
            "mutation M($input: {kind}!) {{ {field}(input: $input) {{ {shown} newId projected userErrors {{ field code message }} }} }}"
        );
        let answer = self.ask_as(Some(account), &query, json!({ "input": input }));
        answer.await[field].clone()
    }

    async fn adopt(&self, practice: &str) -> String {
        let adopt = json!({ "compactId": self.south, "practiceId": practice, "note": "To be tried",
            "occurredOn": "2007-06-03" });
        let adopted = self.attempt_as(SOUTH, "adoptPractice", adopt, "");
        let adopted = adopted.await;
        assert_eq!(adopted["userErrors"], json!([]), "{adopted}");
        adopted["newId"].as_str().expect("a new id").to_owned()
    }

    /// The titles a search finds, in order.
    async fn found(&self, account: Option<&str>, words: &str, filter: Value) -> Vec<String> {
        let query = "query S($words: String!, $filter: GoodPracticeFilterInput) {
            region { searchPractices(words: $words, filter: $filter) { hits { nodes { goodPractice { title } } } } } }";
        let found = self
            .ask_as(account, query, json!({ "words": words, "filter": filter }))
            .await;
        let hits = found["region"]["searchPractices"]["hits"]["nodes"].as_array();
        let titles = hits.expect("hits").iter();
        titles
            .map(|hit| {
                let title = hit["goodPractice"]["title"].as_str();
                title.expect("a title").to_owned()
            })
            .collect()
    }
}

fn code(payload: &Value) -> &Value {
    &payload["userErrors"][0]["code"]
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn versions_are_told_to_its_compact_and_the_one_that_stands_to_everybody_else(pool: PgPool) {
    let two = Two::set_up(&pool).await;
    let practice = two.write("Induction", "Half a day for all").await;
    let revise = |summary: &str| {
        json!({ "practiceId": practice, "title": "Induction", "theme": "pledge",
            "organisationId": two.small.organisation, "summary": summary, "occurredOn": "2007-06-10" })
    };
    let shown = "goodPractice { number summary versions { number } version }";
    let second = two
        .world
        .change("revisePractice", revise("A day"), shown)
        .await;
    assert_eq!(second["goodPractice"]["number"], 2);
    two.release(&practice, "REGION").await;
    let unsaid = two
        .world
        .attempt("revisePractice", revise("Two days"), "")
        .await;
    assert_eq!(
        (code(&unsaid), &unsaid["userErrors"][0]["field"]),
        (&json!("MISSING"), &json!("changed"))
    );
    let mut third = revise("Two days");
    third["changed"] = json!("Its length");
    third["reason"] = json!("Asked for");
    two.world.change("revisePractice", third, "").await;
    let query =
        "query P($id: ID!) { goodPractice(id: $id) { number summary compact { slug } theme { code }
        organisation { name } versions { number changed reason } visibilityChanges { to } version
        history { nodes { text } } } }";
    let id = json!({ "id": practice });
    let own = two.ask_as(Some(SECRETARIAT), query, id.clone()).await;
    let numbers = |of: &Value| -> Vec<u64> {
        let all = of["goodPractice"]["versions"].as_array();
        let all = all.expect("versions").iter();
        all.map(|it| it["number"].as_u64().expect("a number"))
            .collect()
    };
    assert_eq!(numbers(&own), [1, 2, 3]);
    assert_eq!(own["goodPractice"]["versions"][2]["reason"], "Asked for");
    let told = own["goodPractice"]["history"]["nodes"].as_array();
    assert_eq!(told.map(Vec::len), Some(4), "{own:#}");
    let member = two.ask_as(Some(MEMBER), query, id.clone()).await;
    assert_eq!(numbers(&member), [2, 3], "the first was a draft");
    let other = two.ask_as(Some(SOUTH), query, id.clone()).await;
    assert_eq!(numbers(&other), [3]);
    assert_eq!(other["goodPractice"]["versions"][0]["reason"], Value::Null);
    assert_eq!(other["goodPractice"]["history"]["nodes"], json!([]));
    assert_eq!(other["goodPractice"]["compact"]["slug"], "north");
    let public = two.ask_as(None, query, id.clone()).await;
    assert_eq!(public["goodPractice"], Value::Null);
    let then = "query T($id: ID!) { goodPractice(id: $id, asOf: { on: \"2007-06-05\" }) { number summary } }";
    let then = two.ask_as(Some(SECRETARIAT), then, id).await;
    assert_eq!(
        then["goodPractice"],
        json!({ "number": 1, "summary": "Half a day for all" })
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn another_compact_takes_up_what_it_sees_and_is_told_how_the_source_changed(pool: PgPool) {
    let two = Two::set_up(&pool).await;
    let practice = two.write("Induction", "Half a day for all").await;
    let adopt =
        json!({ "compactId": two.south, "practiceId": practice, "occurredOn": "2007-06-03" });
    let unseen = two
        .attempt_as(SOUTH, "adoptPractice", adopt.clone(), "")
        .await;
    assert_eq!(code(&unseen), "UNKNOWN", "a draft is not there for others");
    two.release(&practice, "REGION").await;
    let refused = two
        .attempt_as(MEMBER, "adoptPractice", adopt.clone(), "")
        .await;
    assert_ne!(refused["userErrors"], json!([]), "{refused}");
    let adoption = two.adopt(&practice).await;
    let query = "query A($id: ID!) { adoption(id: $id) { state follows adoptedOn note
        credit { title number compact { name } organisation { name } adoptedBy { slug } }
        source { title number } results { text } adaptations { changed followed }
        sourceChange { follows stands told differences { part from to words { text standing } } } } }";
    let id = json!({ "id": adoption });
    let before = two.ask_as(Some(SOUTH), query, id.clone()).await;
    assert_eq!(before["adoption"]["sourceChange"], Value::Null);
    let revise = json!({ "practiceId": practice, "title": "Induction", "theme": "pledge",
        "organisationId": two.small.organisation, "summary": "One day for all", "occurredOn": "2007-06-10",
        "changed": "Its length", "reason": "Asked for" });
    two.world.change("revisePractice", revise, "").await;
    let after = two.ask_as(Some(SOUTH), query, id.clone()).await;
    let after = &after["adoption"];
    assert_eq!(
        (&after["follows"], &after["state"]),
        (&json!(1), &json!("ADOPTED"))
    );
    assert_eq!(
        after["credit"],
        json!({ "title": "Induction", "number": 1, "compact": { "name": "North Compact" },
            "organisation": { "name": "City College" }, "adoptedBy": { "slug": "south" } })
    );
    let change = &after["sourceChange"];
    assert_eq!(
        (&change["stands"], &change["told"]),
        (&json!(2), &json!(["Its length"]))
    );
    assert_eq!(
        change["differences"],
        json!([{ "part": "SUMMARY", "from": "Half a day for all", "to": "One day for all",
            "words": [{ "text": "Half a", "standing": "REMOVED" }, { "text": "One", "standing": "ADDED" },
                { "text": " day for all", "standing": "BOTH" }] }])
    );
    let follow = json!({ "adoptionId": adoption, "changed": "Shorter", "practiceId": practice, "number": 2,
        "occurredOn": "2007-06-11" });
    let followed = two
        .attempt_as(
            SOUTH,
            "adaptPractice",
            follow,
            "adoption { follows state sourceChange { stands } }",
        )
        .await;
    assert_eq!(
        followed["adoption"],
        json!({ "follows": 2, "state": "ADAPTED", "sourceChange": null }),
        "{followed}"
    );
    let report =
        json!({ "adoptionId": adoption, "text": "Forty people came", "occurredOn": "2007-07-01" });
    let reported = two
        .attempt_as(
            SOUTH,
            "reportResult",
            report,
            "adoption { results { text } }",
        )
        .await;
    assert_eq!(
        reported["adoption"]["results"][0]["text"],
        "Forty people came"
    );
    // What it took up stays its own record when the source is taken back, and the source is not there any more.
    two.release(&practice, "DRAFT").await;
    let own = two.ask_as(Some(SOUTH), query, id.clone()).await;
    assert_eq!(own["adoption"]["credit"]["title"], "Induction");
    assert_eq!(own["adoption"]["source"], Value::Null);
    let theirs = two.ask_as(Some(MEMBER), query, id).await;
    assert_eq!(theirs["adoption"], Value::Null, "the south's draft");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_is_taken_up_already_is_not_taken_up_again_before_it_was_given_up(pool: PgPool) {
    let two = Two::set_up(&pool).await;
    let practice = two.write("Induction", "Half a day for all").await;
    two.release(&practice, "REGION").await;
    let adoption = two.adopt(&practice).await;
    let adopt = |by: Option<&str>, on: &str| json!({ "compactId": two.south, "practiceId": practice, "organisationId": by, "occurredOn": on });
    let taking = async |by, on| {
        let shown = "adoption { state visibility }";
        two.attempt_as(SOUTH, "adoptPractice", adopt(by, on), shown)
            .await
    };
    let again = taking(None, "2007-06-05").await;
    let refused = &again["userErrors"][0];
    assert_eq!(
        refused,
        &json!({ "field": "organisationId", "code": "ALREADY_ADOPTED",
            "message": "South Compact took this up on 3 June 2007 already; record there what was changed or how it went, \
                or give that up first if it is taken up anew." })
    );
    // An organisation of it that takes it up is another.
    let college = taking(Some(&two.small.organisation), "2007-06-05").await;
    assert_eq!(college["userErrors"], json!([]), "{college}");
    let give_up =
        json!({ "adoptionId": adoption, "reason": "No room", "occurredOn": "2007-07-01" });
    let given_up = two.attempt_as(SOUTH, "withdrawAdoption", give_up, "").await;
    assert_eq!(given_up["userErrors"], json!([]), "{given_up}");
    let early = taking(None, "2007-06-30").await;
    let refused = &early["userErrors"][0];
    assert_eq!(refused["field"], "occurredOn", "{early}");
    let anew = taking(None, "2007-07-01").await;
    assert_eq!(
        anew["adoption"],
        json!({ "state": "ADOPTED", "visibility": "DRAFT" }),
        "{anew}"
    );
    // In its compact's history it is told once as the practice's own and once as the compact's, to who may see it.
    let query = "query H($id: ID!) { compact(id: $id) { history { nodes { text } } } }";
    let told = async |account| {
        let south = json!({ "id": two.south });
        two.ask_as(Some(account), query, south).await.to_string()
    };
    let own = told(SOUTH).await;
    assert!(
        own.contains("City College took a good practice up."),
        "{own}"
    );
    assert!(
        own.contains("that had been taken up here was given up."),
        "{own}"
    );
    let member = Post::MemberRepresentative {
        compact_id: NodeId::decode(&two.south).expect("an id").uuid().into(),
        organisation_id: NodeId::decode(&two.small.organisation)
            .expect("an id")
            .uuid()
            .into(),
    };
    two.world.grant(&two.small.region, ITS_MEMBER, member).await;
    let others = told(ITS_MEMBER).await;
    assert!(
        others.contains("The record of South Compact began"),
        "{others}"
    );
    assert!(
        !others.contains("good practice"),
        "these are drafts: {others}"
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn secretariats_ask_and_thank_and_nobody_else_reads_what_they_said(pool: PgPool) {
    let two = Two::set_up(&pool).await;
    let practice = two.write("Induction", "Half a day").await;
    let ask = |by: &str| json!({ "practiceId": practice, "byCompactId": by, "text": "How long?" });
    let draft = two
        .attempt_as(SOUTH, "askAboutPractice", ask(&two.south), "")
        .await;
    assert_eq!(code(&draft), "UNKNOWN");
    two.release(&practice, "PUBLIC").await;
    let shown = "question { id text answers { text } askedBy { slug } }";
    let asked = two
        .attempt_as(SOUTH, "askAboutPractice", ask(&two.south), shown)
        .await;
    assert_eq!(asked["question"]["askedBy"]["slug"], "south", "{asked}");
    // In the name of another compact, or of the practice's own, nobody asks.
    let theirs = two
        .attempt_as(SOUTH, "askAboutPractice", ask(&two.small.compact), "")
        .await;
    assert_eq!(code(&theirs), "FORBIDDEN", "{theirs}");
    let own = two
        .world
        .attempt("askAboutPractice", ask(&two.small.compact), "")
        .await;
    assert_eq!(code(&own), "FORBIDDEN", "{own}");
    let answer = json!({ "questionId": asked["question"]["id"], "text": "Half a day" });
    let refused = two
        .attempt_as(SOUTH, "answerQuestion", answer.clone(), "")
        .await;
    assert_eq!(code(&refused), "FORBIDDEN", "{refused}");
    let answered = two.world.change("answerQuestion", answer, shown).await;
    assert_eq!(answered["question"]["answers"][0]["text"], "Half a day");
    let thank = json!({ "practiceId": practice, "byCompactId": two.south, "text": "It helped" });
    let thanked = two
        .attempt_as(
            SOUTH,
            "thankForPractice",
            thank,
            "goodPractice { thanks { text givenBy { slug } } }",
        )
        .await;
    assert_eq!(
        thanked["goodPractice"]["thanks"],
        json!([{ "text": "It helped", "givenBy": { "slug": "south" } }])
    );
    let query = "query Q($id: ID!) { goodPractice(id: $id) { questions { text answers { text } } thanks { text } } }";
    for (account, seen) in [
        (Some(SECRETARIAT), 1),
        (Some(SOUTH), 1),
        (Some(MEMBER), 1),
        (None, 0),
    ] {
        let told = two.ask_as(account, query, json!({ "id": practice })).await;
        for field in ["questions", "thanks"] {
            let count = told["goodPractice"][field].as_array().map(Vec::len);
            assert_eq!(count, Some(seen), "{account:?} {field}: {told}");
        }
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_search_finds_what_one_may_see_forgives_mistakes_and_shows_where(pool: PgPool) {
    let two = Two::set_up(&pool).await;
    let published = two
        .write("Training at two levels", "One for managers")
        .await;
    let shared = two
        .write("Monthly sessions", "Staff are trained in equality")
        .await;
    two.write("Secret training", "Nobody knows of zanzibar")
        .await;
    two.release(&published, "PUBLIC").await;
    two.release(&shared, "REGION").await;
    let none = json!({});
    let all = [
        "Secret training",
        "Training at two levels",
        "Monthly sessions",
    ];
    let own = two.found(Some(SECRETARIAT), "training", none.clone()).await;
    assert_eq!(own.len(), 3, "{own:?}");
    assert!(all.iter().all(|title| own.contains(&(*title).to_owned())));
    assert_eq!(own[2], "Monthly sessions", "a heading counts more");
    let other = two.found(Some(SOUTH), "training", none.clone()).await;
    assert_eq!(other, ["Training at two levels", "Monthly sessions"]);
    let public = two.found(None, "training", none.clone()).await;
    assert_eq!(public, ["Training at two levels"]);
    // A word of a draft is no word others are corrected to, nor found by.
    assert_eq!(
        two.found(Some(SOUTH), "zanzibar", none.clone()).await,
        [] as [&str; 0]
    );
    assert_eq!(
        two.found(Some(SOUTH), "zanzibra", none.clone()).await,
        [] as [&str; 0]
    );
    assert_eq!(
        two.found(Some(SECRETARIAT), "zanzibra", none.clone()).await,
        ["Secret training"]
    );
    // All words before some of them; typing mistakes forgiven.
    let both = two
        .found(Some(SOUTH), "equallity trianing", none.clone())
        .await;
    assert_eq!(both, ["Monthly sessions", "Training at two levels"]);
    let query = "{ region { searchPractices(words: \"equallity trianing\") {
        respelt { typed meant } hits { nodes { words of summary { text found } title { text found } } } } } }";
    let found = two.ask_as(Some(SOUTH), query, json!({})).await;
    let found = &found["region"]["searchPractices"];
    assert_eq!(
        found["respelt"],
        json!([{ "typed": "trianing", "meant": ["training"] }]),
        "the stem of the other is right already"
    );
    let first = &found["hits"]["nodes"][0];
    assert_eq!((&first["words"], &first["of"]), (&json!(2), &json!(2)));
    assert_eq!(
        first["summary"],
        json!([{ "text": "Staff are ", "found": false }, { "text": "trained", "found": true },
            { "text": " in ", "found": false }, { "text": "equality", "found": true }])
    );
    for (filter, count) in [
        (json!({ "theme": "entry" }), 0),
        (json!({ "theme": "pledge" }), 2),
        (json!({ "category": "LOCAL_GOVERNMENT" }), 2),
        (json!({ "category": "HEALTH" }), 0),
        (json!({ "compactId": two.south }), 0),
        (json!({ "adopted": true }), 0),
        (json!({ "adopted": false }), 2),
    ] {
        let found = two.found(Some(SOUTH), "training", filter.clone()).await;
        assert_eq!(found.len(), count, "{filter}");
    }
    two.adopt(&shared).await;
    let adopted = two
        .found(Some(SOUTH), "training", json!({ "adopted": true }))
        .await;
    assert_eq!(adopted, ["Monthly sessions"]);
    // That is the south's draft, and so nobody's but the south's.
    let others = two
        .found(Some(MEMBER), "training", json!({ "adopted": true }))
        .await;
    assert_eq!(others, [] as [&str; 0]);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_is_redacted_is_searched_no_more_and_its_words_are_gone_at_once(pool: PgPool) {
    let two = Two::set_up(&pool).await;
    let practice = two.write("Induction", "Ask Wilhelmina Oakapple").await;
    two.release(&practice, "PUBLIC").await;
    assert_eq!(two.found(None, "oakapple", json!({})).await, ["Induction"]);
    let kept = "select count(*) from good_practice_words where words::text like '%oakappl%'
        or vocabulary::text like '%oakapple%'";
    let count = async || -> i64 {
        let count = sqlx::query_scalar(kept).fetch_one(&pool).await;
        count.expect("a count")
    };
    assert_eq!(count().await, 1);
    let texts = "query T($id: ID!) { history(of: $id, first: 1) { nodes { texts { text } } } }";
    let told = two.world.data(texts, json!({ "id": practice })).await;
    let text = &told["history"]["nodes"][0]["texts"][0]["text"];
    let redact = json!({ "id": practice, "text": text, "reason": "It named somebody" });
    two.world.pause_projector().await;
    let redacted = two.world.attempt("redactText", redact, "").await;
    assert_eq!(redacted["userErrors"], json!([]), "{redacted}");
    assert_eq!(
        count().await,
        0,
        "purged with the key, before any view has moved"
    );
    two.world.resume_projector();
    assert_eq!(
        two.found(None, "oakapple", json!({})).await,
        [] as [&str; 0]
    );
    assert_eq!(two.found(None, "induction", json!({})).await, ["Induction"]);
    assert_eq!(count().await, 0);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_graph_is_made_of_what_was_released_and_suggestions_say_why(pool: PgPool) {
    let two = Two::set_up(&pool).await;
    let practice = two
        .write("Pledges signed by everybody", "All of them")
        .await;
    two.release(&practice, "PUBLIC").await;
    let promise = json!({ "compactId": two.south, "session": "2007-08", "ref": "1",
        "title": "Everybody signs a pledge", "themes": ["pledge"], "occurredOn": "2007-04-01" });
    let promised = two
        .attempt_as(SOUTH, "proposeCommitment", promise, "")
        .await;
    assert_eq!(promised["userErrors"], json!([]), "{promised}");
    let suggest =
        "query S($id: ID!) { compact(id: $id) { suggestions { nodes { goodPractice { title }
        because { theme { code } words matter { __typename ... on Commitment { title } } } } } } }";
    let south = json!({ "id": two.south });
    let suggested = two.ask_as(Some(SOUTH), suggest, south.clone()).await;
    assert_eq!(
        suggested["compact"]["suggestions"]["nodes"],
        json!([{ "goodPractice": { "title": "Pledges signed by everybody" },
            "because": [{ "theme": { "code": "pledge" }, "words": ["everybody", "pledge", "signs"],
                "matter": { "__typename": "Commitment", "title": "Everybody signs a pledge" } }] }])
    );
    // The commitment is a draft: to others it suggests nothing, for it is not there.
    let public = two.ask_as(None, suggest, south.clone()).await;
    assert_eq!(public["compact"]["suggestions"]["nodes"], json!([]));
    let adoption = two.adopt(&practice).await;
    let taken_up = two.ask_as(Some(SOUTH), suggest, south).await;
    assert_eq!(
        taken_up["compact"]["suggestions"]["nodes"],
        json!([]),
        "it is taken up"
    );
    let graph = "{ region { adoptionGraph { practices { nodes { title } }
        adoptions { nodes { adoptedOn compact { slug } source { title } } } passed { from { slug } to { slug } count } } } }";
    let none = json!({ "practices": { "nodes": [] }, "adoptions": { "nodes": [] }, "passed": [] });
    let draft = two.ask_as(Some(SECRETARIAT), graph, json!({})).await;
    assert_eq!(
        draft["region"]["adoptionGraph"], none,
        "the adoption is a draft"
    );
    let release = json!({ "adoptionId": adoption, "to": "PUBLIC", "occurredOn": "2007-06-04" });
    let released = two.attempt_as(SOUTH, "releaseAdoption", release, "").await;
    assert_eq!(released["userErrors"], json!([]), "{released}");
    let expected = json!({ "practices": { "nodes": [{ "title": "Pledges signed by everybody" }] },
        "adoptions": { "nodes": [{ "adoptedOn": "2007-06-03", "compact": { "slug": "south" },
            "source": { "title": "Pledges signed by everybody" } }] },
        "passed": [{ "from": { "slug": "north" }, "to": { "slug": "south" }, "count": 1 }] });
    for account in [Some(SECRETARIAT), Some(SOUTH), None] {
        let seen = two.ask_as(account, graph, json!({})).await;
        assert_eq!(seen["region"]["adoptionGraph"], expected, "{account:?}");
    }
    // An adoption that is released is not there while its source is not.
    two.release(&practice, "COMPACT").await;
    let public = two.ask_as(None, graph, json!({})).await;
    assert_eq!(public["region"]["adoptionGraph"], none);
}
