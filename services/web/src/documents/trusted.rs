//! The texts of all documents, from where the gateway takes those it trusts.

use std::collections::BTreeMap;

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "documents"]
struct Texts;

/// The name of each document's file, and its text as the pages send it.
pub fn trusted() -> BTreeMap<String, String> {
    let texts = Texts::iter().filter_map(|name| {
        let text = Texts::get(&name)?.data;
        Some((
            name.into_owned(),
            String::from_utf8_lossy(&text).into_owned(),
        ))
    });
    texts.collect()
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use async_graphql::parser::types::{Field, OperationType, Selection, SelectionSet};

    use super::*;

    fn fields(set: &SelectionSet) -> Vec<&Field> {
        let fields = set.items.iter().filter_map(|item| match &item.node {
            Selection::Field(field) => Some(&field.node),
            _ => None,
        });
        fields.collect()
    }

    fn names(set: &SelectionSet) -> Vec<&str> {
        let names = fields(set).into_iter();
        names.map(|field| field.name.node.as_str()).collect()
    }

    /// Mutations that change nothing in the record, and so have no place in it.
    const RECORDS_NOTHING: [&str; 1] = ["exportPerson"];

    /// What a mutation does not ask for that is needed to tell what came of it.
    fn not_asked(text: &str) -> Vec<String> {
        let document = parse_query(text).expect("GraphQL");
        let mutations = document
            .operations
            .iter()
            .filter(|(_, operation)| operation.node.ty == OperationType::Mutation);
        let mut missing = Vec::new();
        for (_, operation) in mutations {
            let roots = fields(&operation.node.selection_set.node);
            let [root] = roots[..] else {
                return vec!["one mutation".to_owned()];
            };
            if RECORDS_NOTHING.contains(&root.name.node.as_str()) {
                continue;
            }
            let payload = &root.selection_set.node;
            // A draft is no entry of a ledger and has no position there (decision 09).
            let entered = !["saveDraft", "discardDraft"].contains(&root.name.node.as_str());
            for wanted in ["position", "projected", "userErrors"] {
                if entered && !names(payload).contains(&wanted) {
                    missing.push(wanted.to_owned());
                }
            }
            for errors in fields(payload) {
                let asked = names(&errors.selection_set.node);
                let all = ["field", "code", "message"]
                    .iter()
                    .all(|one| asked.contains(one));
                if errors.name.node == "userErrors" && !all {
                    missing.push("userErrors in full".to_owned());
                }
            }
        }
        missing
    }

    #[test]
    fn every_document_of_a_mutation_asks_for_what_came_of_it() {
        let all = trusted();
        assert!(all.contains_key("home.graphql"), "{all:?}");
        for (name, text) in all {
            assert_eq!(not_asked(&text), Vec::<String>::new(), "{name}");
        }
        let careless =
            "mutation { agreeCommitment(input: {}) { position userErrors { message } } }";
        assert_eq!(not_asked(careless), ["projected", "userErrors in full"]);
    }
}
