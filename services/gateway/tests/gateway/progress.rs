//! Progress across compacts: what is added up, what is not, and why.

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::world::{Small, World};

const ON: &str = "2008-04-01";

/// The small compact in the north, and one in the south that counts the same thing.
struct Two {
    small: Small,
    south: Counted,
}

/// A commitment with one measure.
struct Counted {
    compact: String,
    commitment: String,
    measure: String,
}

impl Two {
    async fn set_up(world: &World) -> Self {
        let small = Small::set_up(world).await;
        let compact = json!({ "regionId": small.region, "slug": "south", "name": "South Compact",
            "area": "The south", "launchedOn": "2007-02-01", "occurredOn": "2007-02-01" });
        let compact = world.make("openCompact", compact).await;
        let south = count(world, compact, "1", &small.indicator, "TOTAL").await;
        release(world, &small.commitment, "PUBLIC").await;
        for commitment in [&small.commitment, &south.commitment] {
            agree(world, commitment).await;
        }
        Self { small, south }
    }
}

async fn release(world: &World, commitment: &str, to: &str) {
    let release = json!({ "commitmentId": commitment, "to": to, "reason": "As agreed",
        "occurredOn": "2007-04-01" });
    world.change("releaseCommitment", release, "").await;
}

/// Proposes a commitment in a compact, releases it to the region and measures it.
async fn count(
    world: &World,
    compact: String,
    label: &str,
    indicator: &str,
    kind: &str,
) -> Counted {
    let commitment = json!({ "compactId": compact, "session": "2007-08", "ref": label,
        "title": "More pledges", "themes": ["pledge", "entry"], "occurredOn": "2007-04-01" });
    let commitment = world.make("proposeCommitment", commitment).await;
    release(world, &commitment, "REGION").await;
    let measure = json!({ "commitmentId": commitment, "indicatorId": indicator, "kind": kind,
        "target": "4", "occurredOn": "2007-04-01" });
    let measure = world.make("addMeasure", measure).await;
    Counted {
        compact,
        commitment,
        measure,
    }
}

async fn agree(world: &World, commitment: &str) {
    let agree = json!({ "commitmentId": commitment, "occurredOn": "2007-05-01" });
    world.change("agreeCommitment", agree, "").await;
}

/// Records what was counted on a day, with the organisations in it by name.
async fn read(world: &World, measure: &str, on: &str, value: &str, by: &[(&str, &str)]) -> u64 {
    let by = by
        .iter()
        .map(|(organisation, value)| json!({ "organisationId": organisation, "value": value }));
    let reading = json!({ "measureId": measure, "takenOn": on, "value": value, "source": "Survey",
        "byOrganisation": by.collect::<Vec<_>>(), "occurredOn": ON });
    let payload = world.change("recordReading", reading, "").await;
    payload["position"].as_u64().expect("a position")
}

async fn progress(world: &World, arguments: &str) -> Value {
    let query = format!(
        "{{ progress{arguments} {{
            cells {{ nodes {{ session theme themeName compact {{ slug }} byStatus {{ status count }}
                measures {{ name value target reached takenOn madeFrom {{ position }} }} }} }}
            totals {{ nodes {{ session name unit kind value takenFrom takenUntil organisations reportedBySeveral
                parts {{ compact {{ slug }} value added source madeFrom {{ compactId position }} }}
                notAdded {{ compact {{ slug }} commitment {{ ref }} why reason }} }} }}
            madeFrom {{ compactId position }} }} }}"
    );
    let mut progress = world.data(&query, json!({})).await["progress"].clone();
    for list in ["cells", "totals"] {
        progress[list] = progress[list]["nodes"].clone();
    }
    progress
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn figures_of_two_compacts_add_up_and_an_organisation_in_both_counts_once(pool: PgPool) {
    let world = World::new(&pool).await;
    let Two { small, south } = Two::set_up(&world).await;
    let college = small.organisation.as_str();
    // Five in the north, the college among them; three in the south, the college again, and later.
    let north = read(&world, &small.measure, "2008-01-31", "5", &[(college, "1")]).await;
    let later = read(&world, &south.measure, "2008-03-31", "3", &[(college, "1")]).await;
    let progress = progress(&world, "").await;
    let total = &progress["totals"][0];
    assert_eq!(
        progress["totals"].as_array().map(Vec::len),
        Some(1),
        "{progress:#}"
    );
    assert_eq!(total["value"], "7", "{total:#}");
    assert_eq!(total["unit"], "organisations");
    assert_eq!(
        (&total["organisations"], &total["reportedBySeveral"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(
        (&total["takenFrom"], &total["takenUntil"]),
        (&json!("2008-01-31"), &json!("2008-03-31"))
    );
    let part = |slug: &str, value: &str, added: &str, compact: &str, position: u64| {
        json!({ "compact": { "slug": slug }, "value": value, "added": added, "source": "Survey",
            "madeFrom": { "compactId": compact, "position": position } })
    };
    let parts = json!([
        part("north", "5", "4", &small.compact, north),
        part("south", "3", "3", &south.compact, later),
    ]);
    assert_eq!(total["parts"], parts);
    assert_eq!(total["notAdded"], json!([]));
    let made_from = json!([
        { "compactId": small.compact, "position": north },
        { "compactId": south.compact, "position": later },
    ]);
    assert_eq!(progress["madeFrom"], made_from);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn cells_stand_by_session_theme_and_compact_and_narrow_by_either(pool: PgPool) {
    let world = World::new(&pool).await;
    let Two { south, .. } = Two::set_up(&world).await;
    read(&world, &south.measure, "2008-03-31", "3", &[]).await;
    let all = progress(&world, "").await;
    let places = |progress: &Value| -> Vec<(String, String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let cells = progress["cells"].as_array().expect("cells").iter();
        let place = |cell: &Value| {
            (
                text(&cell["session"]),
                text(&cell["themeName"]),
                text(&cell["compact"]["slug"]),
            )
        };
        cells.map(place).collect()
    };
    let place =
        |theme: &str, compact: &str| ("2007-08".to_owned(), theme.to_owned(), compact.to_owned());
    let entry = place("Entry to work", "south");
    let pledges = [
        place("Skills pledge", "north"),
        place("Skills pledge", "south"),
    ];
    assert_eq!(
        places(&all),
        [entry.clone(), pledges[0].clone(), pledges[1].clone()]
    );
    let north = &all["cells"][1];
    // Its second commitment was never released.
    let agreed = json!([{ "status": "AGREED", "count": 1 }]);
    assert_eq!(north["byStatus"], agreed);
    // A commitment under two themes is in two cells, and once in the total.
    let measure = &all["cells"][0]["measures"][0];
    assert_eq!(measure, &all["cells"][2]["measures"][0]);
    assert_eq!(
        (&measure["value"], &measure["reached"]),
        (&json!("3"), &json!(false))
    );
    assert_eq!(all["totals"][0]["parts"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        places(&progress(&world, "(theme: \"entry\")").await),
        [entry]
    );
    assert_eq!(
        places(&progress(&world, "(session: \"2007-08\", theme: \"pledge\")").await),
        pledges
    );
    assert_eq!(
        places(&progress(&world, "(session: \"2008-09\")").await),
        []
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_may_not_be_added_up_is_left_out_with_the_reason_and_still_shown(pool: PgPool) {
    let world = World::new(&pool).await;
    let Two { small, south } = Two::set_up(&world).await;
    read(&world, &south.measure, "2008-03-31", "3", &[]).await;
    let satisfied = json!({ "regionId": small.region, "name": "satisfied employers", "unit": "per cent",
        "additive": false, "occurredOn": "2006-01-01" });
    let satisfied = world.make("defineIndicator", satisfied).await;
    let share = count(&world, south.compact.clone(), "2", &satisfied, "TOTAL").await;
    agree(&world, &share.commitment).await;
    read(&world, &share.measure, "2008-03-31", "80", &[]).await;
    let draft = count(
        &world,
        south.compact.clone(),
        "3",
        &small.indicator,
        "TOTAL",
    )
    .await;
    assert_ne!(draft.commitment, share.commitment);
    let seen = progress(&world, "").await;
    let total = |name: &str| -> Value {
        let mut totals = seen["totals"].as_array().expect("totals").iter();
        totals
            .find(|total| total["name"] == name)
            .expect("a total")
            .clone()
    };
    let shares = total("satisfied employers");
    assert_eq!(
        (&shares["value"], &shares["parts"]),
        (&Value::Null, &json!([]))
    );
    assert_eq!(shares["notAdded"][0]["why"], "NOT_ADDITIVE");
    let reason = shares["notAdded"][0]["reason"].as_str().expect("a reason");
    assert!(reason.contains("may not be added up"), "{reason}");
    let shown = seen["cells"].to_string();
    assert!(
        shown.contains("\"80\""),
        "shown although it is not added: {shown}"
    );
    let pledges = total("organisations pledged");
    assert_eq!(pledges["value"], "3");
    let why = pledges["notAdded"]
        .as_array()
        .expect("what is left out")
        .iter();
    let mut why: Vec<_> = why
        .map(|left| (left["commitment"]["ref"].clone(), left["why"].clone()))
        .collect();
    why.sort_by_key(|(label, _)| label.to_string());
    // The north's has no reading; the south's third is not agreed.
    assert_eq!(
        why,
        [
            (json!("1"), json!("NO_FIGURE")),
            (json!("3"), json!("NOT_PROMISED"))
        ]
    );
    let other = count(
        &world,
        south.compact.clone(),
        "4",
        &small.indicator,
        "ADDITIONAL",
    )
    .await;
    agree(&world, &other.commitment).await;
    read(&world, &other.measure, "2008-03-31", "2", &[]).await;
    let mixed = progress(&world, "(session: \"2007-08\")").await;
    let mixed = mixed["totals"].as_array().expect("totals").iter();
    let mixed: Vec<_> = mixed
        .filter(|total| total["name"] == "organisations pledged")
        .collect();
    assert_eq!(
        (&mixed[0]["value"], &mixed[0]["kind"]),
        (&Value::Null, &Value::Null)
    );
    assert!(
        mixed[0]["notAdded"]
            .to_string()
            .contains("COUNTS_DIFFERENTLY")
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn cells_come_in_pages_in_the_same_order(pool: PgPool) {
    let world = World::new(&pool).await;
    Two::set_up(&world).await;
    let all = progress(&world, "").await;
    let all = all["cells"].as_array().expect("cells");
    assert_eq!(all.len(), 3);
    let query = "query P($after: String) { progress { cells(first: 1, after: $after) {
        nodes { session themeName compact { slug } } totalCount pageInfo { hasNextPage endCursor } } } }";
    let mut after = Value::Null;
    for (at, whole) in all.iter().enumerate() {
        let page = world.data(query, json!({ "after": after })).await["progress"]["cells"].clone();
        let [cell] = &page["nodes"].as_array().expect("cells")[..] else {
            panic!("not one cell: {page:#}");
        };
        for named in ["session", "themeName", "compact"] {
            assert_eq!(cell[named], whole[named], "{page:#}");
        }
        assert_eq!(page["totalCount"], 3);
        assert_eq!(page["pageInfo"]["hasNextPage"], at < 2, "{page:#}");
        after = page["pageInfo"]["endCursor"].clone();
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_is_taken_back_leaves_the_figures_and_what_is_released_again_comes_back(pool: PgPool) {
    let world = World::new(&pool).await;
    let Two { small, south } = Two::set_up(&world).await;
    let north = read(&world, &small.measure, "2008-01-31", "5", &[]).await;
    let alone = progress(&world, "").await;
    assert_eq!(alone["totals"][0]["value"], "5");
    read(&world, &south.measure, "2008-03-31", "3", &[]).await;
    let both = progress(&world, "").await;
    assert_eq!(both["totals"][0]["value"], "8");

    release(&world, &south.commitment, "COMPACT").await;
    let without = progress(&world, "").await;
    assert_eq!(without["totals"][0]["value"], "5");
    assert_eq!(without["totals"][0]["notAdded"], json!([]));
    assert_eq!(without["cells"].as_array().map(Vec::len), Some(1));
    // While it is not released nothing that happens to it shows, not even as a place in its ledger.
    let positions = without["madeFrom"].clone();
    assert_eq!(positions[0]["position"], north);
    read(&world, &south.measure, "2008-03-31", "4", &[]).await;
    assert_eq!(progress(&world, "").await, without);

    release(&world, &south.commitment, "REGION").await;
    let again = progress(&world, "").await;
    assert_eq!(again["totals"][0]["value"], "9");
    assert_ne!(again["madeFrom"], positions);
}
