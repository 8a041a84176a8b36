//! What the reference data adds up to, asked as the public: the regional paper's section 4, the charter's Annexe 2, the survey.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::server::{self, Handle, Server};

/// Under each theme's code, each compact's commitments of a session: the compact's slug, the ref and the title.
type Section = BTreeMap<String, Vec<(String, String, String)>>;

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/east-midlands")
}

fn file(name: &str) -> toml::Table {
    let text = std::fs::read_to_string(data().join(name)).expect("a file of the reference data");
    text.parse().expect("TOML")
}

fn rows<'a>(table: &'a toml::Table, name: &str) -> impl Iterator<Item = &'a toml::Table> {
    let rows = table.get(name).and_then(toml::Value::as_array);
    rows.into_iter().flatten().filter_map(toml::Value::as_table)
}

fn word(table: &toml::Table, name: &str) -> String {
    let word = table.get(name).and_then(toml::Value::as_str);
    word.unwrap_or_else(|| panic!("no {name} in {table:?}"))
        .to_owned()
}

fn compacts() -> Vec<(String, toml::Table)> {
    let region = file("region.toml");
    let compacts = rows(&region, "compact");
    compacts
        .map(|row| (word(row, "slug"), file(&word(row, "file"))))
        .collect()
}

/// Section 4 as the files have it, counted from them and from nothing else.
fn section_of_the_files(session: &str) -> Section {
    let region = file("region.toml");
    let themes = rows(&region, "theme").map(|row| (word(row, "code"), Vec::new()));
    let mut section: Section = themes.collect();
    for (slug, compact) in compacts() {
        for row in rows(&compact, "priority").filter(|row| word(row, "session") == session) {
            let undertaking = (slug.clone(), word(row, "ref"), word(row, "title"));
            let themes = row.get("themes").and_then(toml::Value::as_array);
            for theme in themes.into_iter().flatten() {
                let theme = theme.as_str().expect("a code");
                let under = section.get_mut(theme).expect("a theme of the region");
                under.push(undertaking.clone());
            }
        }
    }
    section
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn listed(value: &Value) -> &Vec<Value> {
    value.as_array().expect("a list")
}

async fn asked(handle: &Handle, query: &str) -> Value {
    let answer = handle.graphql(query, json!({})).await.expect("an answer");
    assert!(answer["errors"].is_null(), "{answer:#}");
    answer["data"].clone()
}

async fn section(handle: &Handle, session: &str) -> Section {
    let query = format!(
        "{{ region {{ undertakings(session: \"{session}\", first: 100) {{ nodes {{ theme {{ code }}
            undertakings(first: 100) {{ pageInfo {{ hasNextPage }}
                nodes {{ compact {{ slug }} commitment {{ ref title session }} }} }} }} }} }} }}"
    );
    let answer = asked(handle, &query).await;
    let themes = listed(&answer["region"]["undertakings"]["nodes"]).iter();
    let section = themes.map(|row| {
        assert_eq!(row["undertakings"]["pageInfo"]["hasNextPage"], false);
        let undertakings = listed(&row["undertakings"]["nodes"]).iter().map(|it| {
            let commitment = &it["commitment"];
            assert_eq!(commitment["session"], session);
            (
                text(&it["compact"]["slug"]),
                text(&commitment["ref"]),
                text(&commitment["title"]),
            )
        });
        (text(&row["theme"]["code"]), undertakings.collect())
    });
    section.collect()
}

fn sorted(mut section: Section) -> Section {
    for under in section.values_mut() {
        under.sort();
    }
    section
}

#[tokio::test]
async fn what_was_published_adds_up_to_the_papers_it_came_from() {
    let folder = tempfile::tempdir().expect("a folder");
    server::open_to_postgres(folder.path());
    let data_dir = folder.path().join("data");
    let server = Server::start(&data_dir, &["--import-reference"]).await;
    let handle = server.handle();
    section_4_names_every_theme_and_every_compact_s_undertakings(&handle).await;
    annexe_2_has_eleven_priorities_with_what_came_of_them(&handle).await;
    the_survey_is_in_the_update_that_fed_it_back(&handle).await;
    server.stop().await;
}

async fn section_4_names_every_theme_and_every_compact_s_undertakings(handle: &Handle) {
    let files = section_of_the_files("2009-10");
    assert_eq!(files.len(), 11, "themes");
    let undertaken: usize = files.values().map(Vec::len).sum();
    assert!(undertaken >= 35, "{undertaken} undertakings");
    let by: std::collections::BTreeSet<&String> = files
        .values()
        .flatten()
        .map(|(compact, ..)| compact)
        .collect();
    assert_eq!(by.len(), 5, "compacts");
    let found = section(handle, "2009-10").await;
    assert_eq!(sorted(found.clone()), sorted(files.clone()));
    // A planted gap is noticed: another session's undertakings are not these.
    assert_ne!(sorted(section(handle, "2008-09").await), sorted(files));
    let none = found.values().filter(|under| under.is_empty()).count();
    assert!(found.len() > none, "every theme is there, taken up or not");
}

async fn annexe_2_has_eleven_priorities_with_what_came_of_them(handle: &Handle) {
    let query =
        "{ compacts { nodes { slug annualReport(session: \"2007-08\") { madeFrom priorities { nodes {
        commitment { ref title aims themes { code } groups { code } status }
        achievements { text standing reportedOn hasEvidence } madeFrom } } } } } }";
    let answer = asked(handle, query).await;
    let compacts = listed(&answer["compacts"]["nodes"]);
    let compact = compacts
        .iter()
        .find(|it| it["slug"] == "lincolnshire-rutland");
    let report = &compact.expect("the compact")["annualReport"];
    let priorities = listed(&report["priorities"]["nodes"]);
    let (_, file) = compacts_file("lincolnshire-rutland");
    let rows: Vec<_> = rows(&file, "priority")
        .filter(|row| word(row, "session") == "2007-08")
        .cloned()
        .collect();
    assert_eq!((priorities.len(), rows.len()), (11, 11));
    let mut last = 0;
    for (priority, row) in priorities.iter().zip(&rows) {
        assert_eq!(priority["commitment"]["ref"], word(row, "ref"));
        assert_eq!(priority["commitment"]["title"], word(row, "title"));
        let told = row["achievement"].as_table().expect("an achievement");
        let achievements = listed(&priority["achievements"]);
        assert_eq!(achievements.len(), 1, "{priority:#}");
        assert_eq!(achievements[0]["text"], word(told, "text"));
        assert_eq!(achievements[0]["reportedOn"], "2008-05-01");
        assert_eq!(achievements[0]["hasEvidence"], false);
        last = last.max(priority["madeFrom"].as_u64().expect("a position"));
    }
    assert_eq!(report["madeFrom"], last);
}

fn compacts_file(slug: &str) -> (String, toml::Table) {
    let mut all = compacts().into_iter();
    all.find(|(known, _)| known == slug).expect("a compact")
}

/// The survey's replies and findings are told by the Learning and Development plan's update of the day it is as of; and who ran it,
/// by the owner of the objective's action. Brought in a second time they would be one fact twice.
async fn the_survey_is_in_the_update_that_fed_it_back(handle: &Handle) {
    let (_, file) = compacts_file("lincolnshire-rutland");
    let survey = rows(&file, "survey").next().expect("the survey");
    assert_eq!(survey["responses"].as_integer(), Some(8));
    let query =
        "{ compacts(first: 5) { nodes { slug actionPlans(first: 5) { nodes { group { code } objectives(first: 10) { nodes { ref
        actions(first: 5) { nodes { owner } } updates(first: 5) { nodes { text made { occurredOn } } } } } } } } } }";
    let answer = asked(handle, query).await;
    let compacts = listed(&answer["compacts"]["nodes"]).iter();
    let mut of_compact = compacts.filter(|it| it["slug"] == "lincolnshire-rutland");
    let plans = &of_compact.next().expect("the compact")["actionPlans"]["nodes"];
    let plans = listed(plans)
        .iter()
        .filter(|it| it["group"]["code"] == "LD");
    let objectives = plans.flat_map(|it| listed(&it["objectives"]["nodes"]));
    let mut fourth = objectives.filter(|it| it["ref"] == "4");
    let objective = fourth.next().expect("the objective");
    let owner = &objective["actions"]["nodes"][0]["owner"];
    assert_eq!(*owner, word(survey, "run_by"));
    let updates = listed(&objective["updates"]["nodes"]);
    let as_of = survey["as_of"].as_datetime().expect("a day").to_string();
    let told = updates.iter().find(|it| it["made"]["occurredOn"] == as_of);
    let told = text(&told.expect("an update of the day")["text"]);
    for said in [
        "eight organisations have replied",
        "level 2",
        "basic skills",
    ] {
        assert!(told.contains(said), "{told}");
    }
}
