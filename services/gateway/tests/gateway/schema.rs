//! The schema itself: committed as it is, and described throughout.

use async_graphql::parser::types::{TypeKind, TypeSystemDefinition};
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
    let world = World::new(&pool).await;
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

/// The object types of a schema that have an id and tell no history.
///
/// A mention names something that has a history of its own under the same id.
fn without_history(sdl: &str) -> Vec<String> {
    let schema = async_graphql::parser::parse_schema(sdl).expect("a schema");
    let untold = schema.definitions.iter().filter_map(|definition| {
        let TypeSystemDefinition::Type(ty) = definition else {
            return None;
        };
        let TypeKind::Object(object) = &ty.node.kind else {
            return None;
        };
        let has = |name: &str| {
            object
                .fields
                .iter()
                .any(|field| field.node.name.node == name)
        };
        let name = ty.node.name.node.as_str();
        let entity = has("id") && !name.ends_with("Mention");
        (entity && !has("history")).then(|| name.to_owned())
    });
    untold.collect()
}

#[test]
fn everything_with_an_id_has_a_history() {
    assert_eq!(without_history(&gateway::schema_sdl()), [""; 0]);
}

#[test]
fn the_search_for_histories_finds_a_planted_gap() {
    let sdl = "type Query { one: One } type One { id: ID! } type Two { id: ID! history: String }
        type OneMention { id: ID! title: String }";
    assert_eq!(without_history(sdl), ["One"]);
    let all = gateway::schema_sdl();
    let planted = all.replacen("\thistory(", "\thistories(", 1);
    assert_eq!(without_history(&planted).len(), 1);
}
