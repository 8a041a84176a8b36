//! The second pass: the parsed document, each fragment once.
//!
//! A fragment is weighed the first time it is met and remembered, so that fragments spread in
//! fragments (each twice, forty deep) cost forty steps here and are refused for what they would cost
//! later. Everything after this pass may unfold the document without fear.

use std::collections::HashMap;

use async_graphql::parser::types::{
    ExecutableDocument, Field, FragmentDefinition, OperationDefinition, OperationType, Selection,
    SelectionSet,
};
use async_graphql::{Positioned, Value, Variables};
use async_graphql_value::Value as Written;

use super::carried::Carried;
use super::shape::{Repeats, Shape};
use super::{Limits, OverLimit};

/// The page of a list when none is asked for.
pub const DEFAULT_PAGE: usize = 25;

/// How often a list that comes whole is taken to repeat.
const WHOLE_LIST: usize = 5;

/// How far selections and fragments may lie inside one another: what this walk, and every walk after
/// it, recurses.
const LEVELS: usize = 30;

/// How many lists may lie inside one another when the schema is asked about itself.
const INTROSPECTION_LISTS: usize = 2;

/// Checks what a document asks for.
///
/// # Errors
/// The first [`OverLimit`] met.
pub fn weigh(
    document: &ExecutableDocument,
    variables: &Variables,
    shape: &Shape,
    limits: &Limits,
) -> Result<(), OverLimit> {
    let mut scales = Scales {
        document,
        carried: Carried::new(document, variables),
        shape,
        limits,
        fragments: HashMap::new(),
        level: 0,
        aliases: 0,
        directives: 0,
    };
    scales.count_words()?;
    for fragment in document.fragments.keys() {
        scales.fragment(fragment)?;
    }
    for (_, operation) in document.operations.iter() {
        scales.operation(&operation.node)?;
    }
    Ok(())
}

/// What a part of a document weighs: how deep it goes and how many fields it may answer with.
#[derive(Clone, Copy, Debug, Default)]
struct Weight {
    levels: usize,
    depth: usize,
    cost: usize,
    /// The bytes of all arguments, variables put in.
    carried: usize,
    introspection: usize,
}

impl Weight {
    fn beside(self, other: Self) -> Self {
        Self {
            levels: self.levels.max(other.levels),
            depth: self.depth.max(other.depth),
            cost: self.cost.saturating_add(other.cost),
            carried: self.carried.saturating_add(other.carried),
            introspection: self.introspection.max(other.introspection),
        }
    }
}

struct Scales<'a> {
    document: &'a ExecutableDocument,
    carried: Carried<'a>,
    shape: &'a Shape,
    limits: &'a Limits,
    /// Weighed fragments; none for one that is being weighed.
    fragments: HashMap<String, Option<Weight>>,
    /// How deep the walk is at this moment.
    level: usize,
    aliases: usize,
    directives: usize,
}

impl<'a> Scales<'a> {
    fn operation(&mut self, operation: &'a OperationDefinition) -> Result<(), OverLimit> {
        let root = match operation.ty {
            OperationType::Query => "Query",
            OperationType::Mutation => "Mutation",
            OperationType::Subscription => "Subscription",
        };
        let weight = self.selections(&operation.selection_set.node, root)?;
        self.bound(weight)
    }

    fn bound(&self, weight: Weight) -> Result<(), OverLimit> {
        let Limits {
            depth,
            cost,
            argument_bytes,
            ..
        } = *self.limits;
        if weight.carried > argument_bytes {
            return Err(OverLimit::ArgumentsTooLong {
                limit: argument_bytes,
            });
        }
        if weight.introspection > INTROSPECTION_LISTS {
            return Err(OverLimit::IntrospectionTooDeep {
                limit: INTROSPECTION_LISTS,
            });
        }
        if weight.depth > depth || weight.levels > LEVELS {
            return Err(OverLimit::TooDeep { limit: depth });
        }
        if weight.cost > cost {
            return Err(OverLimit::TooCostly {
                cost: weight.cost,
                limit: cost,
            });
        }
        Ok(())
    }

    fn selections(&mut self, set: &'a SelectionSet, on: &str) -> Result<Weight, OverLimit> {
        if self.level > LEVELS {
            let limit = self.limits.depth;
            return Err(OverLimit::TooDeep { limit });
        }
        self.level += 1;
        let mut total = self.items(set, on)?;
        self.level -= 1;
        total.levels += 1;
        Ok(total)
    }

    fn items(&mut self, set: &'a SelectionSet, on: &str) -> Result<Weight, OverLimit> {
        let mut total = Weight::default();
        for selection in &set.items {
            let directives = selection.node.directives().iter();
            let carried = directives.map(|directive| self.carried.by(&directive.node.arguments));
            total.carried = carried.fold(total.carried, usize::saturating_add);
            let weight = match &selection.node {
                Selection::Field(field) => self.field(&field.node, on)?,
                Selection::FragmentSpread(spread) => {
                    self.fragment(&spread.node.fragment_name.node)?
                }
                Selection::InlineFragment(inline) => {
                    let on = match &inline.node.type_condition {
                        Some(condition) => condition.node.on.node.as_str(),
                        None => on,
                    };
                    self.selections(&inline.node.selection_set.node, on)?
                }
            };
            total = total.beside(weight);
        }
        Ok(total)
    }

    fn field(&mut self, field: &'a Field, on: &str) -> Result<Weight, OverLimit> {
        let name = field.name.node.as_str();
        let leads = self.shape.leads(on, name);
        let to = leads.map_or("", |leads| leads.to.as_str());
        let times = leads.map_or(1, |leads| self.times(field, leads.repeats));
        let inner = self.selections(&field.selection_set.node, to)?;
        let lists = matches!(
            name,
            "fields" | "inputFields" | "interfaces" | "possibleTypes"
        );
        let weight = Weight {
            levels: inner.levels,
            depth: inner.depth.saturating_add(1),
            cost: inner.cost.saturating_mul(times).saturating_add(1),
            carried: inner
                .carried
                .saturating_mul(times)
                .saturating_add(self.carried.by(&field.arguments)),
            introspection: match (leads, lists) {
                (None, true) => inner.introspection.saturating_add(1),
                _ => inner.introspection,
            },
        };
        self.bound(weight)?;
        Ok(weight)
    }

    fn times(&self, field: &Field, repeats: Repeats) -> usize {
        match repeats {
            Repeats::Once => 1,
            Repeats::Whole => WHOLE_LIST,
            Repeats::PerId => self.named(field),
            Repeats::Paged => ["first", "last"]
                .into_iter()
                .find_map(|name| self.number(field, name))
                .map_or(DEFAULT_PAGE, |size| {
                    usize::try_from(size).unwrap_or(usize::MAX)
                }),
        }
    }

    /// How many ids a lookup names.
    fn named(&self, field: &Field) -> usize {
        match field.get_argument("ids").map(|ids| &ids.node) {
            Some(Written::List(ids)) => ids.len(),
            Some(Written::Variable(name)) => match self.carried.value_of(name) {
                Some(Value::List(ids)) => ids.len(),
                _ => 1,
            },
            _ => 1,
        }
    }

    fn number(&self, field: &Field, name: &str) -> Option<u64> {
        match &field.get_argument(name)?.node {
            Written::Number(number) => number.as_u64(),
            Written::Variable(name) => match self.carried.value_of(name)? {
                Value::Number(number) => number.as_u64(),
                _ => None,
            },
            _ => None,
        }
    }

    fn fragment(&mut self, name: &str) -> Result<Weight, OverLimit> {
        match self.fragments.get(name) {
            Some(Some(weight)) => return Ok(*weight),
            Some(None) => {
                return Err(OverLimit::FragmentCycle {
                    fragment: name.to_owned(),
                });
            }
            None => {}
        }
        let Some(fragment) = self.definition(name) else {
            return Ok(Weight::default());
        };
        self.fragments.insert(name.to_owned(), None);
        let on = fragment.type_condition.node.on.node.as_str();
        let weight = self.selections(&fragment.selection_set.node, on)?;
        self.fragments.insert(name.to_owned(), Some(weight));
        Ok(weight)
    }

    fn definition(&self, name: &str) -> Option<&'a FragmentDefinition> {
        self.document
            .fragments
            .get(name)
            .map(|fragment: &'a Positioned<FragmentDefinition>| &fragment.node)
    }

    /// Counts aliases and directives as written, each once.
    fn count_words(&mut self) -> Result<(), OverLimit> {
        let fragments = self.document.fragments.values();
        self.directives += fragments
            .map(|fragment| fragment.node.directives.len())
            .sum::<usize>();
        let operations = self.document.operations.iter();
        let sets = operations
            .map(|(_, operation)| {
                let variables = operation.node.variable_definitions.iter();
                self.directives += operation.node.directives.len();
                self.directives += variables
                    .map(|variable| variable.node.directives.len())
                    .sum::<usize>();
                &operation.node.selection_set.node
            })
            .chain(
                self.document
                    .fragments
                    .values()
                    .map(|fragment| &fragment.node.selection_set.node),
            );
        let mut open: Vec<&SelectionSet> = sets.collect();
        while let Some(set) = open.pop() {
            for selection in &set.items {
                self.directives += selection.node.directives().len();
                match &selection.node {
                    Selection::Field(field) => {
                        self.aliases += usize::from(field.node.alias.is_some());
                        open.push(&field.node.selection_set.node);
                    }
                    Selection::InlineFragment(inline) => {
                        open.push(&inline.node.selection_set.node);
                    }
                    Selection::FragmentSpread(_) => {}
                }
            }
        }
        self.bound_words()
    }

    fn bound_words(&self) -> Result<(), OverLimit> {
        let Limits {
            aliases,
            directives,
            ..
        } = *self.limits;
        if self.aliases > aliases {
            return Err(OverLimit::TooManyAliases {
                count: self.aliases,
                limit: aliases,
            });
        }
        if self.directives > directives {
            return Err(OverLimit::TooManyDirectives {
                count: self.directives,
                limit: directives,
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    const SDL: &str = "
        type Query { list(first: Int, last: Int): ThingConnection! thing: Thing nodes(ids: [ID!]!): [Thing]! }
        type ThingConnection { nodes: [Thing!]! }
        type Thing { name: String parts: [Thing!]! things(first: Int): ThingConnection! }";

    fn weighed(query: &str) -> Result<(), OverLimit> {
        weighed_with(query, &Variables::default())
    }

    fn weighed_with(query: &str, variables: &Variables) -> Result<(), OverLimit> {
        let document = parse_query(query).expect("a document");
        let shape = Shape::read(SDL).expect("a schema");
        weigh(&document, variables, &shape, &Limits::default())
    }

    fn code(answer: Result<(), OverLimit>) -> Option<&'static str> {
        answer.err().map(|error| error.code())
    }

    #[test]
    fn pages_multiply() {
        let nested = |a: u32, b: u32, c: u32| {
            format!(
                "{{ list(first: {a}) {{ nodes {{ things(first: {b}) {{ nodes {{ things(first: {c}) {{ nodes {{ name }} }} }} }} }} }} }}"
            )
        };
        assert_eq!(weighed(&nested(10, 10, 10)), Ok(()));
        assert_eq!(code(weighed(&nested(100, 100, 100))), Some("TOO_COSTLY"));
    }

    #[test]
    fn a_page_size_in_a_variable_counts_as_sent_or_as_its_default() {
        let query = "query Q($n: Int = 100) { list(first: $n) { nodes { things(first: $n) { nodes { things(first: $n) { nodes { name } } } } } } }";
        assert_eq!(code(weighed(query)), Some("TOO_COSTLY"));
        let small = Variables::from_json(serde_json::json!({ "n": 5 }));
        assert_eq!(weighed_with(query, &small), Ok(()));
    }

    #[test]
    fn whole_lists_multiply() {
        let deep = "{ thing { ".to_owned() + &"parts { ".repeat(12) + "name" + &" }".repeat(14);
        assert_eq!(code(weighed(&deep)), Some("TOO_COSTLY"));
    }

    /// Fragments that each spread the next `times` over, `length` of them, and the last a field.
    fn chain(length: usize, times: usize) -> String {
        let link = |at: usize| {
            let next = format!("...f{} ", at + 1).repeat(times);
            format!("fragment f{at} on Query {{ {next} }} ")
        };
        let links: Vec<String> = (0..length).map(link).collect();
        let end = format!("fragment f{length} on Query {{ thing {{ name }} }}");
        format!("{{ ...f0 }} {} {end}", links.concat())
    }

    #[test]
    fn fragments_that_double_are_refused_in_no_time() {
        assert_eq!(code(weighed(&chain(25, 2))), Some("TOO_COSTLY"));
    }

    #[test]
    fn a_long_chain_of_fragments_is_refused_before_it_is_unfolded() {
        assert_eq!(code(weighed(&chain(900, 1))), Some("TOO_DEEP"));
    }

    #[test]
    fn fragment_cycles_are_named() {
        for query in [
            "{ ...a } fragment a on Query { ...a }",
            "{ thing { name } } fragment a on Query { ...b } fragment b on Query { thing { ...a } }",
        ] {
            assert_eq!(code(weighed(query)), Some("FRAGMENT_CYCLE"), "{query}");
        }
    }

    #[test]
    fn depth_counts_through_fragments() {
        let query = "{ ...a } fragment a on Query { thing { ...b } } fragment b on Thing { things(first: 1) { nodes { things(first: 1) { nodes { ...c } } } } } fragment c on Thing { things(first: 1) { nodes { things(first: 1) { nodes { things(first: 1) { nodes { things(first: 1) { nodes { things(first: 1) { nodes { things(first: 1) { nodes { name } } } } } } } } } } } } }";
        assert_eq!(code(weighed(query)), Some("TOO_DEEP"));
    }

    #[test]
    fn aliases_and_directives_are_counted() {
        let aliases = "a: thing { name } ".repeat(10_000);
        assert_eq!(
            code(weighed(&format!("{{ {aliases} }}"))),
            Some("TOO_MANY_ALIASES")
        );
        let directives = " @include(if: true)".repeat(500);
        for flooded in [
            format!("{{ thing {directives} {{ name }} }}"),
            format!("{{ ... {directives} {{ thing {{ name }} }} }}"),
            format!("query {directives} {{ thing {{ name }} }}"),
            format!("query Q($a: Int {directives}) {{ list(first: $a) {{ nodes {{ name }} }} }}"),
            format!("{{ ...a }} fragment a on Query {directives} {{ thing {{ name }} }}"),
            format!("{{ ...a {directives} }} fragment a on Query {{ thing {{ name }} }}"),
        ] {
            let refused = code(weighed(&flooded));
            assert_eq!(refused, Some("TOO_MANY_DIRECTIVES"), "{flooded:.60}");
        }
    }

    #[test]
    fn the_schema_may_be_asked_about_itself_but_not_without_end() {
        let within = "{ __schema { types { fields { type { ofType { ofType { name } } } } } } }";
        assert_eq!(weighed(within), Ok(()));
        let without_end =
            "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }";
        assert_eq!(code(weighed(without_end)), Some("INTROSPECTION_TOO_DEEP"));
    }

    #[test]
    fn as_many_ids_as_are_named_count() {
        let ids = vec!["x"; 90_000];
        let query = "query Q($ids: [ID!]!) { nodes(ids: $ids) { name things(first: 1) { nodes { name } } } }";
        let variables = Variables::from_json(serde_json::json!({ "ids": ids }));
        assert_eq!(code(weighed_with(query, &variables)), Some("TOO_COSTLY"));
    }

    #[test]
    fn a_value_counts_as_often_as_it_is_put_in() {
        let big = Variables::from_json(serde_json::json!({ "big": "x".repeat(1 << 20) }));
        let put_in = |query: &str| code(weighed_with(query, &big));
        let once = "query Q($big: ID!) { nodes(ids: [$big]) { name } }";
        assert_eq!(put_in(once), None);
        let often = "$big ".repeat(100);
        for query in [
            format!("query Q($big: ID!) {{ nodes(ids: [{often}]) {{ name }} }}"),
            format!("query Q($big: ID!) {{ list(first: [{{ a: [{often}] }}]) {{ nodes {{ name }} }} }}"),
            format!("query Q($big: ID!) {{ {} }}", "thing(id: $big) { name } ".repeat(100)),
            format!("query Q($big: ID!) {{ thing @include(if: [{often}]) {{ name }} }}"),
            "query Q($big: ID!) { list(first: 100) { nodes { things(after: $big) { nodes { name } } } } }".to_owned(),
            format!("query Q($big: ID!) {{ {} }} fragment a on Query {{ thing(id: $big) {{ name }} }}", "...a ".repeat(100)),
        ] {
            assert_eq!(put_in(&query), Some("ARGUMENTS_TOO_LONG"), "{query:.80}");
        }
        let default = "x".repeat(60_000);
        let query = format!(
            "query Q($a: ID! = \"{default}\") {{ nodes(ids: [{}]) {{ name }} }}",
            "$a ".repeat(1_000)
        );
        assert_eq!(code(weighed(&query)), Some("ARGUMENTS_TOO_LONG"));
    }
}
