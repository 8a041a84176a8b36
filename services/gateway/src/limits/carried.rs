//! What arguments carry: a variable is sent once, and put in wherever the document names it.
//!
//! A document of sixty kilobytes can name a value of a megabyte thousands of times, and validation and
//! execution copy it each time. So the copies are counted before any is made.

use std::collections::HashMap;

use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{Name, Positioned, Value, Variables};
use async_graphql_value::Value as Written;

/// What a value takes beside its own text, in bytes.
const EACH: usize = 8;

/// The values that variables stand for, and how long each is.
pub(super) struct Carried<'a> {
    values: HashMap<&'a str, (&'a Value, usize)>,
}

impl<'a> Carried<'a> {
    /// As sent, or else as the document says by default: the longest, where several operations say so.
    pub(super) fn new(document: &'a ExecutableDocument, variables: &'a Variables) -> Self {
        let mut values: HashMap<&str, (&Value, usize)> = HashMap::new();
        let operations = document.operations.iter();
        for variable in operations.flat_map(|(_, operation)| &operation.node.variable_definitions) {
            let default = variable.node.default_value.as_ref();
            if let Some(default) = default.map(|default| &default.node) {
                let name = variable.node.name.node.as_str();
                let length = length(default);
                let known = values.entry(name).or_insert((default, length));
                if known.1 < length {
                    *known = (default, length);
                }
            }
        }
        let sent = variables.iter();
        values.extend(sent.map(|(name, value)| (name.as_str(), (value, length(value)))));
        Self { values }
    }

    /// The value of a variable; none when it has none.
    pub(super) fn value_of(&self, variable: &str) -> Option<&'a Value> {
        self.values.get(variable).map(|(value, _)| *value)
    }

    /// What arguments carry, in bytes.
    pub(super) fn by(&self, arguments: &[(Positioned<Name>, Positioned<Written>)]) -> usize {
        let lengths = arguments.iter().map(|(_, value)| self.written(&value.node));
        lengths.fold(0, usize::saturating_add)
    }

    fn written(&self, value: &Written) -> usize {
        let inner = match value {
            Written::Variable(name) => self.values.get(name.as_str()).map_or(0, |(_, long)| *long),
            Written::String(text) => text.len(),
            Written::List(values) => values
                .iter()
                .map(|value| self.written(value))
                .fold(0, usize::saturating_add),
            Written::Object(members) => members
                .iter()
                .map(|(name, value)| name.len().saturating_add(self.written(value)))
                .fold(0, usize::saturating_add),
            _ => 0,
        };
        inner.saturating_add(EACH)
    }
}

fn length(value: &Value) -> usize {
    EACH + match value {
        Value::String(text) => text.len(),
        Value::List(values) => values.iter().map(length).sum(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| name.len() + length(value))
            .sum(),
        _ => 0,
    }
}
