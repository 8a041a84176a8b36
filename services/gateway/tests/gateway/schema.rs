//! The schema itself: committed as it is, and described throughout.

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::world::World;

#[test]
fn the_committed_schema_is_the_schema() {
    let committed = include_str!("../../../../schema.graphql");
    assert!(
        committed == gateway::schema_sdl(),
        "schema.graphql does not match the code; run `make schema`"
    );
}

/// What of an introspected schema has no description, by its path.
fn undescribed(schema: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let listed = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let name = |value: &Value| value["name"].as_str().unwrap_or_default().to_owned();
    let mut look = |path: String, thing: &Value| {
        if thing["description"].as_str().is_none_or(str::is_empty) {
            found.push(path);
        }
    };
    for ty in listed(&schema["types"]) {
        let of = name(&ty);
        let given_by_graphql = ["Boolean", "Float", "ID", "Int", "String"];
        if of.starts_with("__") || given_by_graphql.contains(&of.as_str()) {
            continue;
        }
        look(of.clone(), &ty);
        for field in listed(&ty["fields"]) {
            look(format!("{of}.{}", name(&field)), &field);
            for argument in listed(&field["args"]) {
                let path = format!("{of}.{}({})", name(&field), name(&argument));
                look(path, &argument);
            }
        }
        for part in ["inputFields", "enumValues"] {
            for value in listed(&ty[part]) {
                look(format!("{of}.{}", name(&value)), &value);
            }
        }
    }
    found
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn everything_in_the_schema_is_described(pool: PgPool) {
    let world = World::new(pool);
    let schema = world
        .data(include_str!("introspection.graphql"), json!({}))
        .await;
    let missing = undescribed(&schema["__schema"]);
    assert!(missing.is_empty(), "without a description: {missing:#?}");
}

#[test]
fn the_search_for_descriptions_finds_a_planted_gap() {
    let schema = json!({ "types": [{ "name": "T", "description": "A type.",
        "fields": [{ "name": "f", "description": "A field.", "args": [{ "name": "a", "description": "" }] }],
        "enumValues": [{ "name": "V", "description": null }] }] });
    assert_eq!(undescribed(&schema), ["T.f(a)", "T.V"]);
}
