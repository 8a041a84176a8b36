//! Lists, nodes and edges: each row once, and no statement per row.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::counted::Counted;
use crate::world::{Small, World};

/// Walks a list in pages of this size, forwards or backwards, and gives the cursors seen page by page. A
/// list of one thing is named after the thing's type and id: `Compact <id> > meetings`.
async fn walk(world: &World, list: &str, size: usize, backwards: bool) -> Vec<Vec<String>> {
    let (first, after) = if backwards {
        ("last", "before")
    } else {
        ("first", "after")
    };
    let (of, list) = match list.split_once(" > ") {
        Some((of, list)) => (of.split_once(' '), list),
        None => (None, list),
    };
    let (field, arguments) = list.split_once(' ').unwrap_or((list, ""));
    let asked = format!(
        "list: {field}({arguments} {first}: {size}, {after}: $from) {{ edges {{ cursor }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }}"
    );
    let query = match of {
        Some((kind, id)) => format!(
            "query W($from: String) {{ node(id: \"{id}\") {{ ... on {kind} {{ {asked} }} }} }}"
        ),
        None => format!("query W($from: String) {{ {asked} }}"),
    };
    let (mut seen, mut from) = (Vec::new(), Value::Null);
    loop {
        let answer = world.data(&query, json!({ "from": from })).await;
        let page = match of {
            Some(_) => answer["node"]["list"].clone(),
            None => answer["list"].clone(),
        };
        let edges = page["edges"].as_array().expect("edges").iter();
        let cursors = edges.map(|edge| edge["cursor"].as_str().expect("a cursor").to_owned());
        seen.push(cursors.collect::<Vec<_>>());
        let info = &page["pageInfo"];
        let (more, came_from, next) = if backwards {
            ("hasPreviousPage", "hasNextPage", "startCursor")
        } else {
            ("hasNextPage", "hasPreviousPage", "endCursor")
        };
        assert_eq!(info[came_from], !from.is_null(), "{list}: {page:#}");
        from = info[next].clone();
        if info[more] != true {
            return seen;
        }
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn every_list_walked_either_way_shows_each_row_once_in_one_order(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    for label in ["3", "4"] {
        let more = json!({ "objectiveId": small.objectives[1], "text": format!("Action {label}"), "occurredOn": "2007-05-02" });
        world.make("setAction", more).await;
    }
    let of_compact = format!("compactId: \"{}\",", small.compact);
    for (list, rows) in [
        ("compacts".to_owned(), 1),
        (format!("commitments {of_compact}"), 2),
        (format!("actionPlans {of_compact}"), 1),
        (format!("actions {of_compact}"), 3),
        ("organisations".to_owned(), 3),
        ("themes".to_owned(), 2),
        ("indicators".to_owned(), 1),
        (format!("history of: \"{}\",", small.plan), 6),
        (format!("history of: \"{}\",", small.group), 4),
        (format!("entries ledger: \"{}\",", small.region), 10),
    ] {
        shows_each_row_once(&world, &list, rows).await;
    }
}

/// Walks a list in pages of several sizes, both ways.
async fn shows_each_row_once(world: &World, list: &str, rows: usize) {
    let shown = walk(world, list, 1, false).await.concat();
    let different: BTreeSet<&String> = shown.iter().collect();
    assert_eq!((shown.len(), different.len()), (rows, rows), "{list}");
    for size in 1..=4 {
        let forwards = walk(world, list, size, false).await;
        let mut backwards = walk(world, list, size, true).await;
        backwards.reverse();
        assert_eq!(forwards.concat(), shown, "{list}, pages of {size}");
        assert_eq!(backwards.concat(), shown, "{list}, pages of {size}");
        assert_eq!(forwards.len(), backwards.len(), "{list}, pages of {size}");
    }
}

/// Three pieces of good practice, each taken up by an organisation.
async fn practise(world: &World, small: &Small) {
    for title in ["Second", "First", "First"] {
        let write = json!({ "compactId": small.compact, "title": title, "theme": "pledge",
            "summary": "It is done so", "occurredOn": "2007-06-01" });
        let practice = world.make("writePractice", write).await;
        let adopt = json!({ "compactId": small.compact, "organisationId": small.organisation,
            "practiceId": practice, "occurredOn": "2007-06-02" });
        world.make("adoptPractice", adopt).await;
    }
}

/// Three meetings, each with an update for both objectives, a reading, a report and an action.
async fn three_meetings(world: &World, small: &Small) {
    let agree = json!({ "commitmentId": small.commitment, "occurredOn": "2007-05-01" });
    world.change("agreeCommitment", agree, "").await;
    for (at, month) in ["06", "07", "08"].into_iter().enumerate() {
        let on = format!("2007-{month}-24");
        let meeting = format!("8a4b2c1e-0000-4000-8000-00000000000{at}");
        let meeting = json!({ "id": meeting, "groupId": small.group, "heldOn": on });
        let update = json!({ "actionPlanId": small.plan, "text": format!("Update {at}"),
            "objectiveIds": small.objectives, "occurredOn": on, "meeting": meeting });
        world.make("recordUpdate", update).await;
        let reading = json!({ "measureId": small.measure, "takenOn": on, "value": at.to_string(),
            "source": "Survey", "occurredOn": on, "meeting": meeting });
        world.make("recordReading", reading).await;
        let report = json!({ "commitmentId": small.commitment, "reportedOn": on, "standing": "IN_PROGRESS",
            "text": format!("Report {at}"), "occurredOn": on, "meeting": meeting });
        world.make("reportAchievement", report).await;
        let action = json!({ "objectiveId": small.objectives[1], "text": format!("Action {at}"),
            "occurredOn": on, "meeting": meeting });
        world.make("setAction", action).await;
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_one_thing_gathers_over_the_years_is_walked_like_every_list(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    three_meetings(&world, &small).await;
    for year in ["2008", "2009"] {
        let title = format!("Plan {year}");
        let plan = json!({ "groupId": small.group, "title": title, "occurredOn": format!("{year}-05-01") });
        world.make("setActionPlan", plan).await;
    }
    practise(&world, &small).await;
    let [first, second] = &small.objectives;
    for (list, rows) in [
        (format!("Region {} > goodPractices", small.region), 3),
        (format!("Compact {} > goodPractices", small.compact), 3),
        (format!("Compact {} > adoptions", small.compact), 3),
        (format!("ActionPlan {} > updates", small.plan), 3),
        (format!("ActionPlan {} > objectives", small.plan), 2),
        (format!("Objective {first} > updates"), 3),
        (format!("Objective {first} > actions"), 1),
        (format!("Objective {second} > actions"), 3),
        (format!("Measure {} > readings", small.measure), 3),
        (format!("Commitment {} > achievements", small.commitment), 3),
        (format!("Compact {} > meetings", small.compact), 3),
        (format!("Group {} > actionPlans", small.group), 3),
    ] {
        shows_each_row_once(&world, &list, rows).await;
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_cursor_of_another_list_is_refused_in_the_plans_of_a_group_too(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let updates = walk(
        &world,
        &format!("history of: \"{}\",", small.plan),
        1,
        false,
    )
    .await;
    let query = "query Q($id: ID!, $after: String) { node(id: $id) { ... on Group { actionPlans(after: $after) { nodes { id } } } } }";
    let asked = json!({ "id": small.group, "after": updates[0][0] });
    let answer = world.post(query, asked).await;
    let extensions = &answer["errors"][0]["extensions"];
    assert_eq!(extensions["code"], "BAD_INPUT", "{answer:#}");
    assert_eq!(extensions["argument"], "after");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_plans_of_many_groups_are_read_together_and_of_no_other_group(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let query = "query Q($id: ID!) { compact(id: $id) { groups { code actionPlans(first: 1) { nodes { title } pageInfo { hasNextPage } } } } }";
    // What a ledger is, is looked up once for good.
    world.data(query, json!({ "id": small.compact })).await;
    let mut costs = Vec::new();
    for groups in [1, 4] {
        for at in costs.len()..groups {
            let code = format!("G{at}");
            let group = json!({ "compactId": small.compact, "code": code, "kind": "THEME",
                "name": format!("Group {at}"), "occurredOn": "2007-03-01" });
            let group = world.make("formGroup", group).await;
            for of in ["Plan B of", "Plan A of"] {
                let plan = json!({ "groupId": group, "title": format!("{of} {code}"), "occurredOn": "2007-05-01" });
                world.make("setActionPlan", plan).await;
            }
        }
        world.pause_projector().await;
        let counted = Counted::begin();
        let answer = world.data(query, json!({ "id": small.compact })).await;
        costs.push(counted.so_far());
        drop(counted);
        world.resume_projector();
        let formed = answer["compact"]["groups"].as_array().expect("groups");
        for group in formed.iter().filter(|group| group["code"] != "LD") {
            let title = format!("Plan A of {}", group["code"].as_str().expect("a code"));
            assert_eq!(group["actionPlans"]["nodes"], json!([{ "title": title }]));
            assert_eq!(group["actionPlans"]["pageInfo"]["hasNextPage"], true);
        }
    }
    assert_eq!(costs[0], costs[1], "statements for two groups and for five");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_page_before_a_page_is_the_one_that_led_to_it(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    for list in [
        "organisations".to_owned(),
        format!("entries ledger: \"{}\",", small.compact),
    ] {
        let forwards = walk(&world, &list, 2, false).await;
        let (field, arguments) = list.split_once(' ').unwrap_or((&list, ""));
        for pair in forwards.windows(2) {
            let query = format!(
                "query B($before: String) {{ list: {field}({arguments} last: 2, before: $before) {{ edges {{ cursor }} }} }}"
            );
            let page = world.data(&query, json!({ "before": pair[1][0] })).await;
            let edges = page["list"]["edges"].as_array().expect("edges").clone();
            let cursors: Vec<&str> = edges
                .iter()
                .filter_map(|edge| edge["cursor"].as_str())
                .collect();
            assert_eq!(cursors, pair[0]);
        }
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_list_is_walked_one_way_at_a_time_and_in_pages_of_bounded_size(pool: PgPool) {
    let world = World::new(&pool).await;
    Small::set_up(&world).await;
    for (arguments, argument, words) in [
        ("first: 1, last: 1", "last", "one way at a time"),
        ("first: 1, before: \"x\"", "before", "one way at a time"),
        ("last: 0", "last", "1 to 100"),
        ("last: 101", "last", "1 to 100"),
        ("first: 101", "first", "1 to 100"),
        ("before: \"x\"", "before", "a place in this list"),
        ("after: \"x\"", "after", "a place in this list"),
    ] {
        for field in ["compacts", "themes"] {
            let query = format!("{{ {field}({arguments}) {{ nodes {{ id }} }} }}");
            let answer = world.post(&query, json!({})).await;
            let error = &answer["errors"][0];
            assert_eq!(
                error["extensions"]["code"], "BAD_INPUT",
                "{query}: {answer:#}"
            );
            assert_eq!(error["extensions"]["argument"], argument, "{query}");
            let message = error["message"].as_str().expect("a message");
            assert!(message.contains(words), "{query}: {message}");
        }
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_ledgers_entries_are_dense_and_carry_their_hashes(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let query = "query E($ledger: ID!, $after: String) { entries(ledger: $ledger, first: 4, after: $after) { nodes { position type leafHash envelope } pageInfo { hasNextPage endCursor } } }";
    let (mut after, mut positions) = (Value::Null, Vec::new());
    loop {
        let variables = json!({ "ledger": small.compact, "after": after });
        let page = world.data(query, variables).await["entries"].clone();
        for entry in page["nodes"].as_array().expect("entries") {
            positions.push(entry["position"].as_u64().unwrap_or_default());
            assert_eq!(entry["leafHash"].as_str().map(str::len), Some(64));
            assert_eq!(entry["envelope"]["position"], entry["position"]);
        }
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] != true {
            break;
        }
    }
    let dense: Vec<u64> = (1..=positions.len() as u64).collect();
    assert_eq!(positions, dense);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn an_id_finds_what_it_names_whatever_it_is(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let named = [
        (&small.region, "Region"),
        (&small.organisation, "Organisation"),
        (&small.indicator, "Indicator"),
        (&small.compact, "Compact"),
        (&small.group, "Group"),
        (&small.commitment, "Commitment"),
        (&small.measure, "Measure"),
        (&small.plan, "ActionPlan"),
        (&small.objectives[0], "Objective"),
        (&small.action, "Action"),
    ];
    let ids: Vec<&String> = named.iter().map(|(id, _)| *id).collect();
    let query = "query N($ids: [ID!]!) { nodes(ids: $ids) { id __typename } node(id: \"nonsense\") { id } }";
    let found = world.data(query, json!({ "ids": ids })).await;
    assert_eq!(found["node"], Value::Null);
    for ((id, kind), node) in named.iter().zip(found["nodes"].as_array().expect("nodes")) {
        assert_eq!(node, &json!({ "id": id, "__typename": kind }));
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn histories_tell_in_plain_words_what_happened(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let query = "query H($of: ID!) { history(of: $of, first: 50) { nodes { text type position occurredOn } } }";
    for of in [
        &small.region,
        &small.compact,
        &small.group,
        &small.organisation,
        &small.commitment,
        &small.measure,
        &small.plan,
        &small.objectives[0],
        &small.action,
    ] {
        let lines = world.data(query, json!({ "of": of })).await["history"]["nodes"].clone();
        let lines = lines.as_array().expect("lines");
        assert!(!lines.is_empty(), "{of}");
        assert!(
            lines
                .iter()
                .all(|line| line["text"].as_str().is_some_and(|text| !text.is_empty()))
        );
    }
    let action = world.data(query, json!({ "of": small.action })).await;
    assert_eq!(
        action["history"]["nodes"].as_array().map(Vec::len),
        Some(1),
        "{action:#}"
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn everything_with_an_id_tells_its_own_history(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let meeting = json!({ "id": "0f0e0d0c-0b0a-4908-8706-050403020100", "groupId": small.group,
        "heldOn": "2007-06-01" });
    let on = "2007-06-01";
    let agree = json!({ "commitmentId": small.commitment, "occurredOn": on, "meeting": meeting });
    world.change("agreeCommitment", agree, "").await;
    let reading = json!({ "measureId": small.measure, "takenOn": on, "value": "5",
        "source": "Survey", "occurredOn": on });
    let reading = world.make("recordReading", reading).await;
    let report = json!({ "commitmentId": small.commitment, "text": "Well begun", "standing": "IN_PROGRESS",
        "reportedOn": on, "occurredOn": on });
    let achievement = world.make("reportAchievement", report).await;
    let update = json!({ "actionPlanId": small.plan, "text": "Under way", "occurredOn": on,
        "objectiveIds": [small.objectives[0]], "meeting": meeting,
        "changes": [{ "progressAction": { "actionId": small.action } }] });
    let update = world.make("recordUpdate", update).await;
    let themes = world
        .data(
            "{ themes { nodes { id code history { nodes { type text } } } } }",
            json!({}),
        )
        .await;
    for theme in themes["themes"]["nodes"].as_array().expect("themes") {
        let lines = theme["history"]["nodes"].as_array().expect("lines");
        assert_eq!(lines.len(), 1, "{theme:#}");
        assert_eq!(lines[0]["type"], "region.theme_added");
    }
    let meeting = world
        .data(
            "query M($id: ID!) { node(id: $id) { ... on Update { made { meeting { id } } } } }",
            json!({ "id": update }),
        )
        .await;
    let meeting = meeting["node"]["made"]["meeting"]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    for (id, kind, types) in [
        (
            &small.indicator,
            "Indicator",
            vec!["region.indicator_defined"],
        ),
        (
            &small.measure,
            "Measure",
            vec!["commitment.measure_added", "commitment.reading_recorded"],
        ),
        (&reading, "Reading", vec!["commitment.reading_recorded"]),
        (
            &achievement,
            "Achievement",
            vec!["commitment.achievement_reported"],
        ),
        (
            &update,
            "Update",
            vec![
                "action_plan.update_recorded",
                "action_plan.action_progressed",
            ],
        ),
        (
            &meeting,
            "Meeting",
            vec![
                "commitment.agreed",
                "action_plan.update_recorded",
                "action_plan.action_progressed",
            ],
        ),
    ] {
        let query = format!(
            "query H($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ history {{ nodes {{ type text }} }} }} }} }}"
        );
        let answer = world.data(&query, json!({ "id": id })).await;
        let lines = answer["node"]["history"]["nodes"]
            .as_array()
            .expect("lines")
            .clone();
        let told: Vec<&str> = lines
            .iter()
            .filter_map(|line| line["type"].as_str())
            .collect();
        assert_eq!(told, types, "{kind}");
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_nested_question_costs_the_same_however_many_rows_it_meets(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let query = "query Q($id: ID!) { actions(compactId: $id, first: 50) { nodes { text actionPlan { group { name chair { name } actionPlans { nodes { title } } } } objective { commitment { title themes { name } groups { name compact { name } } measures { indicator { name } } } } } } }";
    let mut costs = Vec::new();
    for rows in [1, 11] {
        while world.data(query, json!({ "id": small.compact })).await["actions"]["nodes"]
            .as_array()
            .is_some_and(|nodes| nodes.len() < rows)
        {
            let at = costs.len();
            let more = json!({ "objectiveId": small.objectives[at % 2], "text": "One more", "occurredOn": "2007-05-03" });
            world.make("setAction", more).await;
        }
        world.pause_projector().await;
        let counted = Counted::begin();
        world.data(query, json!({ "id": small.compact })).await;
        costs.push(counted.so_far());
        drop(counted);
        world.resume_projector();
    }
    assert!((1..=12).contains(&costs[0]), "{costs:?} statements");
    assert_eq!(
        costs[0], costs[1],
        "statements for one action and for eleven"
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn actions_are_found_by_words_of_owners_that_are_sealed(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let reassigned = json!({ "actionId": small.action, "owner": "Training Manager, County",
        "occurredOn": "2007-06-01" });
    world.change("reassignAction", reassigned, "").await;
    let sealed = sqlx::query_scalar::<_, i64>(
        "select count(*) from action_list where owner is null and owner_subject is not null",
    );
    assert_eq!(sealed.fetch_one(&pool).await.expect("a count"), 1);
    for (words, found) in [
        ("training MANAGER", 1),
        ("county", 1),
        ("chair", 0),
        ("", 1),
    ] {
        let query = "query A($id: ID!, $owner: String) { node(id: $id) { ... on Compact {
            actions(first: 10, filter: { owner: $owner }) { nodes { id owner } } } } }";
        let asked = json!({ "id": small.compact, "owner": words });
        let answer = world.data(query, asked).await;
        let nodes = answer["node"]["actions"]["nodes"]
            .as_array()
            .expect("nodes");
        assert_eq!(nodes.len(), found, "{words}: {answer:#}");
    }
}

/// All that is asked of a commitment, and more than a list keeps of it.
const OF_A_COMMITMENT: &str = "id title status version
    achievements(first: 5) { nodes { text reportedOn } } latestAchievement { text }
    measures { name target progress { value fraction source takenOn }
        readings(first: 5) { nodes { value takenOn source } } latestReading { value }
        freshness { readOn days } then: freshness(on: \"2007-06-15\") { readOn backing } }";

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_commitment_tells_the_same_in_a_list_as_by_itself(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let agree = json!({ "commitmentId": small.commitment, "occurredOn": "2007-05-01" });
    world.change("agreeCommitment", agree, "").await;
    for (on, value) in [
        ("2007-06-01", "2"),
        ("2007-07-01", "5"),
        ("2007-06-20", "3"),
    ] {
        let reading = json!({ "measureId": small.measure, "takenOn": on, "value": value, "source": "Survey",
            "occurredOn": "2007-08-01" });
        world.change("recordReading", reading, "").await;
        let told = json!({ "commitmentId": small.commitment, "reportedOn": on, "standing": "GOOD_PROGRESS",
            "text": format!("There are {value}"), "occurredOn": "2007-08-01" });
        world.change("reportAchievement", told, "").await;
    }
    let query = format!(
        "{{ commitment(id: \"{}\") {{ {OF_A_COMMITMENT} }}
            commitments(compactId: \"{}\", first: 10) {{ nodes {{ {OF_A_COMMITMENT} }} }} }}",
        small.commitment, small.compact
    );
    let answer = world.data(&query, json!({})).await;
    let alone = &answer["commitment"];
    let listed = answer["commitments"]["nodes"].as_array().expect("nodes");
    let listed = listed.iter().find(|it| it["id"] == alone["id"]);
    assert_eq!(listed, Some(alone));
    let count = |list: &Value| list["nodes"].as_array().map(Vec::len);
    let measure = &alone["measures"][0];
    assert_eq!(count(&measure["readings"]), Some(3), "{alone:#}");
    assert_eq!(count(&alone["achievements"]), Some(3));
    assert_eq!(measure["progress"]["value"], "5");
    assert_eq!(measure["then"]["readOn"], "2007-06-01");
}
