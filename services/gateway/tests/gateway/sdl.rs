//! The schema, read so that questions can be made from it: what is added to it is then asked too.

use std::collections::BTreeMap;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, ServiceDocument, Type, TypeKind, TypeSystemDefinition,
};
use gateway::NodeKind;

/// The schema, as questions are made from it.
pub struct Schema {
    pub types: BTreeMap<String, TypeKind>,
}

impl Schema {
    /// Reads the schema as it is published.
    pub fn read() -> Self {
        let ServiceDocument { definitions } =
            parse_schema(gateway::schema_sdl()).expect("a schema");
        let types = definitions.into_iter().filter_map(|definition| {
            let TypeSystemDefinition::Type(ty) = definition else {
                return None;
            };
            Some((ty.node.name.node.to_string(), ty.node.kind))
        });
        Self {
            types: types.collect(),
        }
    }

    /// The same with fields that the published one does not have.
    pub fn add(&mut self, text: &str) {
        let ServiceDocument { definitions } = parse_schema(text).expect("a schema");
        for definition in definitions {
            let TypeSystemDefinition::Type(ty) = definition else {
                continue;
            };
            let known = self.types.get_mut(ty.node.name.node.as_str());
            if let (Some(TypeKind::Object(known)), TypeKind::Object(more)) = (known, ty.node.kind) {
                known.fields.extend(more.fields);
            }
        }
    }

    /// The fields of an object or an interface.
    pub fn fields(&self, of: &str) -> Vec<FieldDefinition> {
        match &self.types[of] {
            TypeKind::Object(object) => object.fields.iter().map(|it| it.node.clone()).collect(),
            TypeKind::Interface(it) => it.fields.iter().map(|it| it.node.clone()).collect(),
            _ => Vec::new(),
        }
    }

    /// Everything that can be asked of a thing without an argument, down to a depth.
    pub fn everything(&self, ty: &str, depth: usize) -> Option<String> {
        match self.types.get(ty) {
            Some(TypeKind::Object(_)) => {}
            Some(TypeKind::Interface(_)) => return Some("{ __typename id }".to_owned()),
            _ => return Some(String::new()),
        }
        if depth == 0 {
            return None;
        }
        let asked = self.fields(ty).into_iter().filter_map(|field| {
            let needs = field
                .arguments
                .iter()
                .any(|it| !it.node.ty.node.nullable && it.node.default_value.is_none());
            if needs {
                return None;
            }
            let below = self.everything(named(&field.ty.node), depth - 1)?;
            Some(format!("{} {below}", field.name.node))
        });
        let asked: Vec<String> = asked.collect();
        Some(format!("{{ __typename {} }}", asked.join(" ")))
    }
}

/// The type's name, whatever it is wrapped in.
pub fn named(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(of) => named(of),
    }
}

/// What an argument or an input's field of this name takes the id of; none of one that takes any id.
pub fn kind_named(name: &str) -> Option<NodeKind> {
    Some(match name {
        "id" | "ids" | "of" | "aboutId" => return None,
        "ledger" | "compactId" | "byId" | "byCompactId" => NodeKind::Compact,
        "regionId" => NodeKind::Region,
        "indicatorId" => NodeKind::Indicator,
        "organisationId" => NodeKind::Organisation,
        "groupId" | "groupIds" => NodeKind::Group,
        "commitmentId" | "intoCommitmentId" | "intoId" => NodeKind::Commitment,
        "measureId" => NodeKind::Measure,
        "readingId" => NodeKind::Reading,
        "achievementId" => NodeKind::Achievement,
        "evidenceId" => NodeKind::Evidence,
        "assessmentId" => NodeKind::Assessment,
        "actionPlanId" => NodeKind::ActionPlan,
        "objectiveId" | "objectiveIds" => NodeKind::Objective,
        "actionId" | "intoActionId" => NodeKind::Action,
        "updateId" => NodeKind::Update,
        "meeting" | "beforeMeeting" | "meetingId" => NodeKind::Meeting,
        "itemId" => NodeKind::MeetingItem,
        "personId" => NodeKind::Person,
        "practiceId" | "writtenAsId" => NodeKind::GoodPractice,
        "questionId" => NodeKind::PracticeQuestion,
        "adoptionId" => NodeKind::Adoption,
        unknown => panic!("an id called {unknown} is new: say here what it is an id of"),
    })
}
