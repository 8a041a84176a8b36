//! The schema's shape, as the weighing needs it: where each field leads and how often it repeats.

use std::collections::HashMap;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, ServiceDocument, Type, TypeKind, TypeSystemDefinition,
};

/// Where a field leads.
#[derive(Clone, Debug)]
pub(super) struct Leads {
    /// The type it answers with, lists and nulls taken off.
    pub to: String,
    /// How often it repeats.
    pub repeats: Repeats,
}

/// How often what a field answers with repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repeats {
    /// Once.
    Once,
    /// As often as the page is large: it takes `first` and `last`.
    Paged,
    /// As often as ids are named: it takes `ids`.
    PerId,
    /// A list that belongs to one thing and comes whole.
    Whole,
}

/// The fields of every object and interface.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    types: HashMap<String, HashMap<String, Leads>>,
}

impl Shape {
    /// Reads the shape from the schema's own text; nothing when it cannot be read, which leaves
    /// every field counting once.
    ///
    /// # Errors
    /// When `sdl` is not a schema.
    pub fn read(sdl: &str) -> Result<Self, async_graphql::parser::Error> {
        let ServiceDocument { definitions } = parse_schema(sdl)?;
        let mut types = HashMap::new();
        for definition in definitions {
            let TypeSystemDefinition::Type(definition) = definition else {
                continue;
            };
            let name = definition.node.name.node.to_string();
            let fields = match definition.node.kind {
                TypeKind::Object(object) => object.fields,
                TypeKind::Interface(interface) => interface.fields,
                _ => continue,
            };
            let in_connection = name.ends_with("Connection");
            let fields = fields.iter().map(|field| {
                let field = &field.node;
                (field.name.node.to_string(), leads(field, in_connection))
            });
            types.insert(name, fields.collect());
        }
        Ok(Self { types })
    }

    pub(super) fn leads(&self, on: &str, field: &str) -> Option<&Leads> {
        self.types.get(on)?.get(field)
    }
}

fn leads(field: &FieldDefinition, in_connection: bool) -> Leads {
    let takes = |name: &str| {
        let mut arguments = field.arguments.iter();
        arguments.any(|argument| argument.node.name.node == name)
    };
    let (to, listed) = innermost(&field.ty.node);
    let repeats = if takes("first") {
        Repeats::Paged
    } else if takes("ids") {
        Repeats::PerId
    } else if listed && !in_connection {
        Repeats::Whole
    } else {
        Repeats::Once
    };
    Leads { to, repeats }
}

fn innermost(ty: &Type) -> (String, bool) {
    match &ty.base {
        BaseType::Named(name) => (name.to_string(), false),
        BaseType::List(inner) => (innermost(inner).0, true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_pages_and_single_things_are_told_apart() {
        let shape = Shape::read(
            "type Query { all(first: Int): AConnection! one: A nodes(ids: [ID!]!): [A]! }
             type AConnection { nodes: [A!]! }
             type A { parts: [A!]! name: String }",
        )
        .expect("a schema");
        let repeats = |on, field| shape.leads(on, field).map(|leads| leads.repeats);
        assert_eq!(repeats("Query", "all"), Some(Repeats::Paged));
        assert_eq!(repeats("Query", "one"), Some(Repeats::Once));
        assert_eq!(repeats("Query", "nodes"), Some(Repeats::PerId));
        assert_eq!(repeats("AConnection", "nodes"), Some(Repeats::Once));
        assert_eq!(repeats("A", "parts"), Some(Repeats::Whole));
        assert_eq!(repeats("A", "absent"), None);
    }
}
