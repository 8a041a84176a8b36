//! Files: uploaded by whoever writes, fetched by whoever may read what refers to them, and for everybody else not there.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::Post;
use gateway::NodeId;
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use crate::world::{Answer, SECRETARIAT, Small, World};

const LEAD: &str = "00000000-0000-4000-8000-0000000000e1";
const MEMBER: &str = "00000000-0000-4000-8000-0000000000e2";
const FUNDER: &str = "00000000-0000-4000-8000-0000000000e3";
const NEIGHBOUR: &str = "00000000-0000-4000-8000-0000000000e4";
const STRANGER: &str = "00000000-0000-4000-8000-0000000000e5";

const EVERYBODY: [Option<&str>; 7] = [
    Some(SECRETARIAT),
    Some(LEAD),
    Some(MEMBER),
    Some(FUNDER),
    Some(NEIGHBOUR),
    Some(STRANGER),
    None,
];

const PDF: &[u8] = b"%PDF-1.4\nThe action plan of the Learning and Development group\n%%EOF\n";

/// A small compact with people of every kind in it and beside it, and a meeting that was called.
struct House {
    world: World,
    small: Small,
    meeting: String,
}

fn uuid(id: &str) -> Uuid {
    NodeId::decode(id).expect("an id").uuid()
}

impl House {
    async fn set_up(pool: &PgPool) -> Self {
        let world = World::new(pool).await;
        let small = Small::set_up(&world).await;
        let other = json!({ "regionId": small.region, "slug": "south", "name": "South Compact",
            "area": "The south", "launchedOn": "2007-02-01", "occurredOn": "2007-02-01" });
        let other = world.make("openCompact", other).await;
        let compact_id = uuid(&small.compact).into();
        let posts = [
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
            (
                NEIGHBOUR,
                Post::Secretariat {
                    compact_id: uuid(&other).into(),
                },
            ),
        ];
        for (account, post) in posts {
            world.grant(&small.region, account, post).await;
        }
        let call =
            json!({ "groupId": small.group, "on": "2007-09-24", "occurredOn": "2007-06-01" });
        let meeting = world.make("callMeeting", call).await;
        Self {
            world,
            small,
            meeting,
        }
    }

    async fn upload(&self, account: Option<&str>, compact: &str, content: &[u8]) -> Answer {
        let mut request = Request::post(format!("/files?compact={compact}"));
        if let Some(account) = account {
            request = request.header("x-actor", account);
        }
        let body = Body::from(content.to_vec());
        self.world.ask(request.body(body).expect("a request")).await
    }

    async fn uploaded(&self) -> String {
        let answer = self.upload(Some(SECRETARIAT), "north", PDF).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{:#}", answer.body);
        answer.body["hash"].as_str().expect("a hash").to_owned()
    }

    async fn fetch(&self, account: Option<&str>, hash: &str) -> Answer {
        let mut request = Request::get(format!("/files/{}/{hash}", uuid(&self.small.compact)));
        if let Some(account) = account {
            request = request.header("x-actor", account);
        }
        self.world
            .ask(request.body(Body::empty()).expect("a request"))
            .await
    }

    /// Which of everybody are handed the file; everybody else is answered as for a hash nobody ever sent.
    async fn readers(&self, hash: &str) -> Vec<Option<&'static str>> {
        let mut readers = Vec::new();
        for account in EVERYBODY {
            let answer = self.fetch(account, hash).await;
            if answer.status == StatusCode::OK {
                assert_eq!(answer.body.as_str().map(str::as_bytes), Some(PDF));
                readers.push(account);
                continue;
            }
            let unknown = self.fetch(account, &"0".repeat(64)).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND);
            assert_eq!(
                (answer.status, &answer.body),
                (unknown.status, &unknown.body)
            );
            let told = |answer: &Answer| {
                let mut headers = answer.headers.clone();
                headers.remove("x-request-id");
                headers
            };
            assert_eq!(told(&answer), told(&unknown));
        }
        readers
    }

    fn paper(&self, hash: &str) -> Value {
        json!({ "meetingId": self.meeting, "title": "Action plan", "occurredOn": "2007-09-10",
            "file": { "hash": hash, "name": "Plan – September.pdf" } })
    }

    async fn papers(&self, account: &str) -> Value {
        let query = "query M($id: ID!) { node(id: $id) { ... on Meeting { papers { paper title withdrawn { reason }
            document { file { name mediaType kind bytes hash url content } link { url note } } } } } }";
        let answer = self
            .world
            .post_as(Some(account), query, json!({ "id": self.meeting }))
            .await;
        answer["data"]["node"]["papers"].clone()
    }

    async fn release(&self, to: &str) {
        let release = json!({ "meetingId": self.meeting, "to": to, "reason": "As agreed", "occurredOn": "2007-09-25" });
        self.world.change("releaseMeeting", release, "").await;
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_file_is_fetched_by_whoever_may_read_what_refers_to_it_and_is_not_there_for_others(
    pool: PgPool,
) {
    let house = House::set_up(&pool).await;
    let hash = house.uploaded().await;
    assert_eq!(house.readers(&hash).await, [], "nothing refers to it yet");
    house
        .world
        .change("addMeetingPaper", house.paper(&hash), "")
        .await;
    let own = [Some(SECRETARIAT), Some(LEAD)];
    assert_eq!(house.readers(&hash).await, own, "a draft");
    house.release("COMPACT").await;
    let compact = [Some(SECRETARIAT), Some(LEAD), Some(MEMBER)];
    assert_eq!(house.readers(&hash).await, compact);
    house.release("REGION").await;
    let region = &EVERYBODY[..5];
    assert_eq!(house.readers(&hash).await, region);
    house.release("PUBLIC").await;
    assert_eq!(house.readers(&hash).await, EVERYBODY);
    let paper = house.papers(SECRETARIAT).await[0]["paper"].clone();
    let withdraw = json!({ "meetingId": house.meeting, "paper": paper, "reason": "The wrong one",
        "occurredOn": "2007-09-26" });
    house
        .world
        .change("withdrawMeetingPaper", withdraw, "")
        .await;
    assert_eq!(house.readers(&hash).await, compact, "part of the history");
    assert_eq!(house.papers(FUNDER).await, json!([]));
    assert_eq!(
        house.papers(SECRETARIAT).await[0]["withdrawn"]["reason"],
        "The wrong one"
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_paper_tells_of_its_file_and_the_answer_is_an_attachment_in_which_nothing_runs(
    pool: PgPool,
) {
    let house = House::set_up(&pool).await;
    let hash = house.uploaded().await;
    house
        .world
        .change("addMeetingPaper", house.paper(&hash), "")
        .await;
    let paper = house.papers(SECRETARIAT).await[0].clone();
    let document = &paper["document"]["file"];
    assert_eq!(paper["title"], "Action plan");
    assert_eq!(document["name"], "Plan – September.pdf");
    assert_eq!(
        (&document["mediaType"], &document["kind"]),
        (&json!("application/pdf"), &json!("PDF"))
    );
    assert_eq!(document["bytes"], PDF.len());
    let url = document["url"].as_str().expect("an address");
    let request = Request::get(url)
        .header("x-actor", LEAD)
        .body(Body::empty());
    let answer = house.world.ask(request.expect("a request")).await;
    assert_eq!(answer.status, StatusCode::OK);
    let said = |name: header::HeaderName| answer.headers[name].to_str().expect("a text").to_owned();
    assert_eq!(said(header::CONTENT_TYPE), "application/pdf");
    assert_eq!(said(header::CONTENT_LENGTH), PDF.len().to_string());
    assert_eq!(
        said(header::CONTENT_DISPOSITION),
        "attachment; filename=\"Plan _ September.pdf\"; filename*=UTF-8''Plan%20%E2%80%93%20September.pdf"
    );
    assert_eq!(said(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
    assert!(said(header::CONTENT_SECURITY_POLICY).contains("sandbox"));
    assert_eq!(
        said(header::CACHE_CONTROL),
        "private, max-age=31536000, immutable"
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn whoever_writes_in_a_compact_uploads_to_it_and_nobody_else(pool: PgPool) {
    let house = House::set_up(&pool).await;
    for (account, expected) in [
        (Some(SECRETARIAT), StatusCode::CREATED),
        (Some(LEAD), StatusCode::CREATED),
        (Some(MEMBER), StatusCode::CREATED),
        (Some(FUNDER), StatusCode::FORBIDDEN),
        (Some(NEIGHBOUR), StatusCode::FORBIDDEN),
        (Some(STRANGER), StatusCode::FORBIDDEN),
        (None, StatusCode::UNAUTHORIZED),
    ] {
        let answer = house.upload(account, "north", PDF).await;
        assert_eq!(answer.status, expected, "{account:?}: {:#}", answer.body);
    }
    let refused = house.world.logged.refused.lock().expect("the list").len();
    assert_eq!(refused, 3, "each refusal is written down");
    let nowhere = house.upload(Some(SECRETARIAT), "nowhere", PDF).await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
    let page = house
        .upload(Some(SECRETARIAT), "north", b"<html>hello</html>")
        .await;
    assert_eq!(page.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let words = page.body["errors"][0]["message"].as_str().expect("words");
    assert!(words.contains("PDF, Word, Excel"), "{words}");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_command_refers_only_to_what_was_uploaded_to_its_own_compact(pool: PgPool) {
    let house = House::set_up(&pool).await;
    let elsewhere = house.upload(Some(NEIGHBOUR), "south", PDF).await;
    let hash = elsewhere.body["hash"].as_str().expect("a hash").to_owned();
    let refused = house
        .world
        .attempt("addMeetingPaper", house.paper(&hash), "")
        .await;
    assert_eq!(
        refused["userErrors"][0]["message"],
        "That file has not been uploaded to this compact; upload it first, then try again."
    );
    assert_eq!(refused["userErrors"][0]["field"], "file");
    let mut neither = house.paper(&hash);
    neither.as_object_mut().expect("an object").remove("file");
    let refused = house
        .world
        .attempt("addMeetingPaper", neither.clone(), "")
        .await;
    assert_eq!(refused["userErrors"][0]["code"], "MISSING");
    neither["link"] = json!({ "url": "javascript:alert(1)" });
    let refused = house
        .world
        .attempt("addMeetingPaper", neither.clone(), "")
        .await;
    assert_eq!(refused["userErrors"][0]["field"], "link.url");
    neither["link"] = json!({ "url": "https://example.org/plan", "note": "Annexe 2" });
    house.world.change("addMeetingPaper", neither, "").await;
    let document = &house.papers(SECRETARIAT).await[0]["document"]["link"];
    assert_eq!(document["url"], "https://example.org/plan");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_file_that_is_redacted_is_gone_for_everybody_and_the_record_keeps_which_it_was(
    pool: PgPool,
) {
    let house = House::set_up(&pool).await;
    let hash = house.uploaded().await;
    house
        .world
        .change("addMeetingPaper", house.paper(&hash), "")
        .await;
    let content = house.papers(SECRETARIAT).await[0]["document"]["file"]["content"].clone();
    let redact = json!({ "id": house.meeting, "text": content, "reason": "It names a patient" });
    house.world.change("redactText", redact, "").await;
    let gone = house.fetch(Some(SECRETARIAT), &hash).await;
    assert_eq!(gone.status, StatusCode::GONE);
    assert_eq!(house.fetch(None, &hash).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        house.papers(SECRETARIAT).await[0]["document"]["file"]["hash"],
        hash.as_str()
    );
    let again = house.upload(Some(SECRETARIAT), "north", PDF).await;
    assert_eq!(again.status, StatusCode::GONE, "{:#}", again.body);
    let no_such = json!({ "id": house.meeting, "text": Uuid::from_u128(7), "reason": "x" });
    let refused = house.world.attempt("redactText", no_such, "").await;
    assert_eq!(refused["userErrors"][0]["code"], "UNKNOWN_TEXT");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn good_practice_carries_its_documents_and_what_shows_that_it_works_as_far_as_it_is_released(
    pool: PgPool,
) {
    let house = House::set_up(&pool).await;
    let hash = house.uploaded().await;
    let file = json!({ "hash": hash, "name": "Template.pdf" });
    let write = json!({ "compactId": house.small.compact, "title": "A passport of training", "theme": "pledge",
        "summary": "One booklet for everybody", "documents": [file],
        "evidence": [{ "link": { "url": "https://example.org/evaluation", "note": "Page 3" } }, { "file": file }],
        "occurredOn": "2007-06-01" });
    for (list, wrong, field) in [
        (
            "documents",
            json!([{ "hash": "x", "name": "y" }]),
            "documents.0.hash",
        ),
        ("evidence", json!([{ "file": file }, {}]), "evidence.1.file"),
        (
            "evidence",
            json!([{ "link": { "url": "nowhere" } }]),
            "evidence.0.link.url",
        ),
    ] {
        let mut refused = write.clone();
        refused[list] = wrong;
        let refused = house.world.attempt("writePractice", refused, "").await;
        assert_eq!(refused["userErrors"][0]["field"], field, "{refused:#}");
    }
    let shown =
        "goodPractice { id documents { name url } evidence { link { url note } file { name } }
        versions { documents { hash } evidence { link { url } } } }";
    let written = house.world.change("writePractice", write, shown).await;
    let practice = &written["goodPractice"];
    assert_eq!(practice["documents"][0]["name"], "Template.pdf");
    assert_eq!(practice["evidence"][0]["link"]["note"], "Page 3");
    assert_eq!(practice["evidence"][1]["file"]["name"], "Template.pdf");
    assert_eq!(practice["versions"][0]["documents"][0]["hash"], hash);
    assert_eq!(house.fetch(None, &hash).await.status, StatusCode::NOT_FOUND);
    let release =
        json!({ "practiceId": practice["id"], "to": "PUBLIC", "occurredOn": "2007-06-02" });
    house.world.change("releasePractice", release, "").await;
    assert_eq!(house.fetch(None, &hash).await.status, StatusCode::OK);
    let adopt = json!({ "compactId": house.small.compact, "organisationId": house.small.organisation,
        "practiceId": practice["id"], "occurredOn": "2007-07-01" });
    let adoption = house.world.make("adoptPractice", adopt).await;
    let went = json!({ "adoptionId": adoption, "text": "Twelve were issued", "evidence": { "file": file },
        "occurredOn": "2007-08-01" });
    let shown = "adoption { results { text evidence { file { name } } } }";
    let told = house.world.change("reportResult", went, shown).await;
    let result = &told["adoption"]["results"][0];
    assert_eq!(result["evidence"]["file"]["name"], "Template.pdf");
}
