//! Questions made up from the schema: any field, with any arguments, of anything anybody ever saw.

use std::collections::BTreeMap;
use std::fmt::Write;

use async_graphql::parser::types::{BaseType, FieldDefinition, Type, TypeKind};
use gateway::{NodeId, NodeKind};
use testkit::chance::Chance;
use uuid::Uuid;

use super::house::{COMPACTS, House};
use super::sees::{Eyes, Part};
use crate::sdl::{Schema, kind_named, named};

/// Places in lists, by the type of the list.
pub type Cursors = BTreeMap<String, Vec<String>>;

/// Whoever makes questions up.
pub struct Asker<'a> {
    pub chance: &'a mut Chance,
    pub house: &'a House,
    pub schema: &'a Schema,
    /// Places in lists, taken from everybody's answers.
    pub cursors: &'a Cursors,
    /// The compact that ids are taken from; any where there is none.
    pub only: Option<usize>,
}

/// A question, and whose eyes its answer is seen with.
pub struct Question {
    pub text: String,
    pub eyes: Eyes,
    /// Whether the answer must be nothing.
    pub nothing: bool,
}

impl Asker<'_> {
    /// A query of one field, or of two.
    pub fn query(&mut self, eyes: &Eyes) -> Question {
        let fields = self.schema.fields("Query");
        let first = self.one(&fields);
        if first.name.node == "viewAs" {
            return self.view_as(eyes);
        }
        let mut text = self.field(first, 3);
        if self.chance.percent(20) {
            let second = self.one(&fields);
            if second.name.node != first.name.node && second.name.node != "viewAs" {
                text = format!("{text} {}", self.field(second, 2));
            }
        }
        Question {
            text: format!("query {{ {text} }}"),
            eyes: eyes.clone(),
            nothing: false,
        }
    }

    fn view_as(&mut self, eyes: &Eyes) -> Question {
        let compact = self.below(COMPACTS.len());
        let (audience, parts) = match self.below(4) {
            0 => ("MEMBER", vec![Part::Member(compact)]),
            1 => ("OTHER_COMPACT", vec![Part::Secretariat(usize::MAX)]),
            2 => ("FUNDER", vec![Part::Funder]),
            _ => ("PUBLIC", Vec::new()),
        };
        let fields = self.schema.fields("Query");
        let mut below = self.one(&fields);
        while below.name.node == "viewAs" {
            below = self.one(&fields);
        }
        let below = self.field(below, 2);
        let id = &self.house.compacts[compact];
        Question {
            text: format!(
                "query {{ viewAs(compactId: \"{id}\", audience: {audience}) {{ {below} }} }}"
            ),
            eyes: Eyes {
                account: None,
                parts,
            },
            nothing: !eyes.views_as(compact),
        }
    }

    /// A change of what is somebody else's.
    pub fn mutation(&mut self) -> String {
        let fields = self.schema.fields("Mutation");
        let field = self.one(&fields);
        let arguments = self.arguments(field);
        let name = &field.name.node;
        format!(
            "mutation {{ {name}{arguments} {{ __typename newId position userErrors {{ field code message }} }} }}"
        )
    }

    /// Somebody's ledger from some place on, as events.
    pub fn subscription(&mut self) -> String {
        let ledger = match self.only {
            Some(compact) => self.house.compacts[compact].clone(),
            None if self.chance.percent(20) => self.house.region.clone(),
            None => self.id(Some(NodeKind::Compact)),
        };
        let after = self.below(80);
        format!(
            "subscription {{ entries(ledger: \"{ledger}\", after: {after}) {{ position type subject envelope meeting {{ id }} }} }}"
        )
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.chance.below(limit as u64)).expect("a small number")
    }

    fn one<'b, T>(&mut self, of: &'b [T]) -> &'b T {
        &of[self.below(of.len())]
    }

    /// A field with arguments and some of what is below it.
    pub fn field(&mut self, field: &FieldDefinition, depth: usize) -> String {
        let arguments = self.arguments(field);
        let below = self.selection(named(&field.ty.node), depth);
        format!("{}{arguments} {below}", field.name.node)
    }

    /// Some of what can be asked of a thing.
    fn selection(&mut self, ty: &str, depth: usize) -> String {
        let schema = self.schema;
        match schema.types.get(ty) {
            Some(TypeKind::Object(_)) => {}
            Some(TypeKind::Interface(_)) => return self.any_of(ty, depth),
            _ => return String::new(),
        }
        let connection = ty.ends_with("Connection");
        let mut text = "{ __typename".to_owned();
        for field in schema.fields(ty) {
            let name = field.name.node.as_str();
            let below = named(&field.ty.node);
            let leaf = !matches!(
                schema.types.get(below),
                Some(TypeKind::Object(_) | TypeKind::Interface(_))
            );
            let wanted = match name {
                "id" => true,
                "nodes" | "pageInfo" if connection => true,
                "edges" => false,
                _ if leaf => self.chance.percent(70),
                _ => depth > 0 && self.chance.percent(35),
            };
            if !wanted {
                continue;
            }
            // A list's rows are no deeper than the list.
            let deeper = if connection || leaf { depth } else { depth - 1 };
            write!(text, " {}", self.field(&field, deeper)).expect("written");
        }
        text.push_str(" }");
        text
    }

    fn any_of(&mut self, interface: &str, depth: usize) -> String {
        let kinds = self.schema.types.iter().filter(|(_, kind)| match kind {
            TypeKind::Object(object) => object.implements.iter().any(|it| it.node == interface),
            _ => false,
        });
        let kinds: Vec<&str> = kinds.map(|(name, _)| name.as_str()).collect();
        let mut text = "{ __typename id".to_owned();
        for _ in 0..3 {
            let kind = *self.one(&kinds);
            let below = self.selection(kind, depth.min(1));
            // The same name may need other arguments in another kind: each kind stands once, and the answer says which.
            if !text.contains(&format!("on {kind} ")) && !text.contains('(') {
                write!(text, " ... on {kind} {below}").expect("written");
            }
        }
        text.push_str(" }");
        text
    }

    fn arguments(&mut self, field: &FieldDefinition) -> String {
        let mut sent = Vec::new();
        let of = field.name.node.as_str();
        let paged = field
            .arguments
            .iter()
            .any(|it| it.node.name.node == "first");
        for argument in &field.arguments {
            let (name, ty) = (argument.node.name.node.as_str(), &argument.node.ty.node);
            if ["first", "after", "last", "before"].contains(&name) {
                continue;
            }
            // One or the other.
            if of == "compact" && sent.len() == 1 && ["id", "slug"].contains(&name) {
                continue;
            }
            let needed = !ty.nullable && argument.node.default_value.is_none();
            let often = if named(ty) == "AtLeast" { 5 } else { 40 };
            if needed || self.chance.percent(often) {
                let kind = match (of, name) {
                    ("commitment", "id") => "commitmentId",
                    ("actionPlan", "id") => "actionPlanId",
                    ("compact", "id") => "compactId",
                    _ => name,
                };
                sent.push(format!("{name}: {}", self.value(kind, ty)));
            }
        }
        if paged {
            sent.push(self.page(named(&field.ty.node)));
        }
        if sent.is_empty() {
            return String::new();
        }
        format!("({})", sent.join(", "))
    }

    /// A page of a list of this type, sometimes from a place that somebody was once told of: mostly in such a list.
    fn page(&mut self, list: &str) -> String {
        let size = 1 + self.below(4);
        let cursors = self.cursors;
        let places: Vec<&Vec<String>> = match cursors.get(list) {
            Some(places) if self.chance.percent(90) => vec![places],
            _ => cursors.values().collect(),
        };
        let place = if places.is_empty() || self.chance.percent(60) {
            None
        } else {
            let places = *self.one(&places);
            (!places.is_empty()).then(|| self.one(places).clone())
        };
        match (self.chance.percent(75), place) {
            (true, None) => format!("first: {size}"),
            (true, Some(place)) => format!("first: {size}, after: \"{place}\""),
            (false, None) => format!("last: {size}"),
            (false, Some(place)) => format!("last: {size}, before: \"{place}\""),
        }
    }

    fn value(&mut self, name: &str, ty: &Type) -> String {
        let one = self.plain(name, named(ty));
        match ty.base {
            BaseType::List(_) => format!("[{one}]"),
            BaseType::Named(_) => one,
        }
    }

    fn plain(&mut self, name: &str, ty: &str) -> String {
        match ty {
            "ID" => format!("\"{}\"", self.id(kind_named(name))),
            "Date" => {
                (*self.one(&["\"2007-04-15\"", "\"2007-05-20\"", "\"2007-12-01\""])).to_owned()
            }
            "DateTime" => {
                (*self.one(&["\"2007-12-01T00:00:00Z\"", "\"2099-01-01T00:00:00Z\""])).to_owned()
            }
            "Session" => (*self.one(&["\"2007-08\"", "\"2008-09\""])).to_owned(),
            "Figure" => "\"1\"".to_owned(),
            "Boolean" => "true".to_owned(),
            "Int" | "Position" => (1 + self.below(150)).to_string(),
            "UUID" => format!("\"{}\"", self.uuid()),
            _ => match self.schema.types.get(ty) {
                Some(TypeKind::Enum(choices)) => {
                    self.one(&choices.values).node.value.node.to_string()
                }
                Some(TypeKind::InputObject(_)) => self.object(ty),
                _ => format!("\"{}\"", self.text(name)),
            },
        }
    }

    fn object(&mut self, ty: &str) -> String {
        let schema = self.schema;
        let Some(TypeKind::InputObject(input)) = schema.types.get(ty) else {
            return String::new();
        };
        let one_of = ["AsOf", "ChangeInput"].contains(&ty);
        if one_of {
            let field = &self.one(&input.fields).node;
            let value = self.value(&field.name.node, &field.ty.node);
            return format!("{{ {}: {value} }}", field.name.node);
        }
        let mut sent = Vec::new();
        for field in &input.fields {
            let field = &field.node;
            let needed = !field.ty.node.nullable && field.default_value.is_none();
            if needed || self.chance.percent(25) {
                sent.push(format!(
                    "{}: {}",
                    field.name.node,
                    self.value(&field.name.node, &field.ty.node)
                ));
            }
        }
        format!("{{ {} }}", sent.join(", "))
    }

    /// An id of anything: mostly of the kind that is asked for, sometimes one that names nothing.
    fn id(&mut self, kind: Option<NodeKind>) -> String {
        let kind = kind.filter(|_| self.chance.percent(90));
        if self.chance.percent(5) {
            let kind = kind.unwrap_or(NodeKind::Group);
            let ledger = NodeId::decode(&self.house.compacts[0])
                .expect("a compact")
                .ledger;
            let nothing = Uuid::from_u128(0x5eed + u128::from(self.chance.below(9)));
            return match kind.whole() {
                Some(_) => NodeId::part(kind, ledger, nothing, nothing),
                None => NodeId::new(kind, ledger, nothing),
            }
            .encode()
            .to_string();
        }
        let (house, only) = (self.house, self.only);
        let fits = |(its, _, of): &&(NodeKind, String, Option<usize>)| {
            kind.is_none_or(|kind| kind == *its)
                && only.is_none_or(|only| of.is_none_or(|of| of == only))
        };
        let all: Vec<_> = house.ids.iter().filter(fits).collect();
        if all.is_empty() {
            return house.region.clone();
        }
        self.one(&all).1.clone()
    }

    fn uuid(&mut self) -> Uuid {
        if self.only.is_some() || self.chance.percent(50) {
            return Uuid::from_u128(
                u128::from(self.chance.number()) << 64 | u128::from(self.chance.number()),
            );
        }
        NodeId::decode(&self.id(None)).expect("an id").uuid()
    }

    fn text(&mut self, name: &str) -> String {
        match name {
            "slug" => (*self.one(&COMPACTS)).to_owned(),
            "theme" | "themes" | "code" => (*self.one(&["pledge", "entry"])).to_owned(),
            _ => format!("Zq{:06}k", 1 + self.below(400)),
        }
    }
}
