//! Good practice of the reference data through the front door: one compact's approach that four others took up, as a graph with
//! dates; and a search among what organisations told in the straw poll.

use crate::server::{self, Handle, Server};
use serde_json::{Value, json};

async fn ask(handle: &Handle, query: &str, variables: Value) -> Value {
    let answer = handle.graphql(query, variables).await.expect("an answer");
    assert!(answer["errors"].is_null(), "{answer}");
    answer["data"].clone()
}

#[tokio::test]
async fn the_compact_approach_went_to_four_others_and_equality_training_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    server::open_to_postgres(folder.path());
    let data_dir = folder.path().join("data");
    let mut server = Server::start(&data_dir, &["--import-reference"]).await;
    server.let_in(&data_dir, None).await;
    server.knows_who_was_let_in().await;
    let handle = server.handle();
    four_compacts_took_the_approach_up(&handle).await;
    equality_training_is_found_in_a_sensible_order(&handle).await;
    server.stop().await;
}

async fn four_compacts_took_the_approach_up(handle: &Handle) {
    let query = "{ region { adoptionGraph {
        practices { nodes { title compact { slug } } }
        adoptions { nodes { adoptedOn state follows credit { title number compact { slug } adoptedBy { slug } } } }
        passed { from { slug } to { slug } count } } } }";
    let graph = ask(handle, query, json!({})).await;
    let graph = &graph["region"]["adoptionGraph"];
    let approach =
        json!({ "title": "The compact approach itself", "compact": { "slug": "leicestershire" } });
    assert_eq!(graph["practices"]["nodes"], json!([approach]));
    let adoptions = graph["adoptions"]["nodes"].as_array().expect("adoptions");
    let mut taken_up: Vec<(&str, &str)> = adoptions
        .iter()
        .map(|adoption| {
            let credit = &adoption["credit"];
            assert_eq!(credit["compact"]["slug"], "leicestershire");
            assert_eq!(
                (&adoption["follows"], &credit["number"]),
                (&json!(1), &json!(1))
            );
            assert_eq!(adoption["state"], "ADOPTED");
            let by = credit["adoptedBy"]["slug"].as_str();
            let on = adoption["adoptedOn"].as_str();
            (on.expect("a day"), by.expect("a compact"))
        })
        .collect();
    assert!(taken_up.is_sorted_by_key(|(on, _)| *on), "by day");
    taken_up.sort_unstable();
    assert_eq!(
        taken_up,
        [
            ("2007-04-01", "derbyshire"),
            ("2007-04-01", "northamptonshire"),
            ("2007-04-01", "nottinghamshire"),
            ("2007-05-21", "lincolnshire-rutland"),
        ]
    );
    assert_eq!(graph["passed"].as_array().map(Vec::len), Some(4));
}

/// Why this order is sensible: all seven of the straw poll serve the theme, so each has “equality”. Three of them say “training” in
/// their heading and are first. Three say it only in what they do. HMP Morton Hall, whose sessions are not called training, has
/// one of the two words and is last of them, before or among whatever else has one.
async fn equality_training_is_found_in_a_sensible_order(handle: &Handle) {
    let query = "query S($words: String!) { region { searchPractices(words: $words) {
        respelt { typed meant }
        hits { nodes { words goodPractice { title organisation { name } theme { code } } summary { text found } } } } } }";
    let mut orders = Vec::new();
    for words in ["equality training", "equallity trianing"] {
        let found = ask(handle, query, json!({ "words": words })).await;
        let hits = &found["region"]["searchPractices"]["hits"]["nodes"];
        let hits = hits.as_array().expect("hits");
        let straw_poll: Vec<&Value> = hits
            .iter()
            .filter(|hit| hit["goodPractice"]["theme"]["code"] == "equality-diversity")
            .collect();
        assert_eq!(straw_poll.len(), 7, "{hits:#?}");
        let title = |hit: &Value| -> String {
            let title = hit["goodPractice"]["title"].as_str();
            title.expect("a title").to_owned()
        };
        let order: Vec<String> = hits.iter().map(title).collect();
        let (first, then) = straw_poll.split_at(3);
        assert!(
            first.iter().all(|hit| title(hit).contains("training")),
            "{order:#?}"
        );
        let both = |hit: &Value| hit["words"] == 2;
        assert!(then[..3].iter().all(|hit| both(hit)), "{order:#?}");
        assert!(!then[..3].iter().any(|hit| title(hit).contains("training")));
        assert!(
            !both(then[3]) && title(then[3]).starts_with("Monthly"),
            "{order:#?}"
        );
        // Nothing that has one word comes before anything that has both.
        assert!(hits.is_sorted_by_key(|hit| std::cmp::Reverse(hit["words"].as_u64())));
        orders.push((order, found["region"]["searchPractices"]["respelt"].clone()));
    }
    assert_eq!(orders[0].0, orders[1].0, "typing mistakes are forgiven");
    assert_eq!(orders[0].1, json!([]));
    // The stem of “equallity” is that of “equality” already.
    assert_eq!(
        orders[1].1,
        json!([{ "typed": "trianing", "meant": ["training"] }])
    );
}
