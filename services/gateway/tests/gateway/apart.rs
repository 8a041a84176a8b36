//! What belongs to one compact, asked for by everybody else: every question, change, subscription and id of the schema.
//!
//! Whoever may not see a thing must be answered as if it were not there: the same, but for the id they sent themselves,
//! as for an id that names nothing. The questions are made from the schema, so one that is added is asked here too.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::parser::types::{BaseType, FieldDefinition, InputObjectType, Type, TypeKind};
use domain::Post;
use domain::ids::LedgerId;
use gateway::{NodeId, NodeKey, NodeKind};
use serde_json::{Map, Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use crate::sdl::{Schema, kind_named, named};
use crate::world::{Small, World};

const SOUTH: &str = "00000000-0000-4000-8000-0000000000b1";
const SOUTH_MEMBER: &str = "00000000-0000-4000-8000-0000000000b2";
const FUNDER: &str = "00000000-0000-4000-8000-0000000000b3";
const MEMBER: &str = "00000000-0000-4000-8000-0000000000b4";
const ADMINISTRATOR: &str = "00000000-0000-4000-8000-0000000000b5";
const RUNS_THE_REGION: &str = "a regional administrator";

/// Everybody who is not to see what the north has not released.
const OTHERS: [(&str, Option<&str>); 5] = [
    ("the secretariat of another compact", Some(SOUTH)),
    ("a member of another compact", Some(SOUTH_MEMBER)),
    ("the funder", Some(FUNDER)),
    (RUNS_THE_REGION, Some(ADMINISTRATOR)),
    ("the public", None),
];

/// Whether it is for them to be told: who holds which role is for whoever runs the region to see and to change.
fn is_theirs(who: &str, found: &str) -> bool {
    let of_roles = [
        "Query.roleGrants:",
        "Mutation.grantRole:",
        "Mutation.endRole:",
    ];
    who == RUNS_THE_REGION && of_roles.iter().any(|what| found.starts_with(what))
}

/// Words that stand in what the north has not released, and nowhere else.
const SECRETS: [&str; 14] = [
    "Promise 1",
    "Promise 2",
    "Plan 2007",
    "Objective 1",
    "Ask every member",
    "Well begun",
    "Under way",
    "Learning and development",
    "Oakapple",
    "Clerk to the north",
    "Quiet words",
    "Behind closed doors",
    "Muffled drums",
    "Drums are",
];

/// Two compacts, and everybody there is.
struct Apart {
    small: Small,
    /// What there is in the north, by kind: everything but the compact itself, which is in the register.
    secret: BTreeMap<NodeKind, Vec<String>>,
    grant: Uuid,
}

impl Apart {
    async fn set_up(world: &World) -> Self {
        let small = Small::set_up(world).await;
        let south = json!({ "regionId": small.region, "slug": "south", "name": "South Compact",
            "area": "The south", "launchedOn": "2007-02-01", "occurredOn": "2007-02-01" });
        let south = world.make("openCompact", south).await;
        let uuid = |id: &str| NodeId::decode(id).expect("an id").uuid();
        let (north, organisation_id) = (uuid(&small.compact), uuid(&small.organisation).into());
        let compact_id = uuid(&south).into();
        for (account, post) in [
            (SOUTH, Post::Secretariat { compact_id }),
            (
                SOUTH_MEMBER,
                Post::MemberRepresentative {
                    compact_id,
                    organisation_id,
                },
            ),
            (
                MEMBER,
                Post::MemberRepresentative {
                    compact_id: north.into(),
                    organisation_id,
                },
            ),
            (FUNDER, Post::Funder),
            (ADMINISTRATOR, Post::RegionalAdministrator),
        ] {
            world.grant(&small.region, account, post).await;
        }
        let secret = fill(world, &small, &south).await;
        let held = "query G($id: ID!) { roleGrants(compactId: $id) { nodes { grantId } } }";
        let held = world.data(held, json!({ "id": small.compact })).await;
        let grant = held["roleGrants"]["nodes"][0]["grantId"].as_str();
        Self {
            small,
            secret,
            grant: grant.expect("a grant").parse().expect("a UUID"),
        }
    }

    /// An id of this kind as a question takes it: a secret one of the north's, one of the register's, which everybody
    /// knows, or one that names nothing.
    fn id(&self, kind: NodeKind, at: usize, real: bool, of_register: bool) -> String {
        let known = match kind {
            NodeKind::Region => &self.small.region,
            NodeKind::Indicator => &self.small.indicator,
            NodeKind::Organisation => &self.small.organisation,
            NodeKind::Compact if real => &self.small.compact,
            NodeKind::Theme => return NodeId::theme(Uuid::max().into(), "x").encode().to_string(),
            _ if real => {
                let all = &self.secret[&kind];
                &all[at % all.len()]
            }
            _ if of_register => {
                let north = NodeId::decode(&self.small.compact).expect("a compact");
                return made_up(kind, north.ledger);
            }
            _ => return made_up(kind, NOTHING.into()),
        };
        known.clone()
    }
}

/// What nothing is called.
const NOTHING: Uuid = Uuid::from_u128(0x5eed_0000_0000_4000_8000_0000_0000_0000);

/// An id that names nothing, in a ledger.
fn made_up(kind: NodeKind, ledger: LedgerId) -> String {
    let node = match kind.whole() {
        Some(_) => NodeId::part(kind, ledger, NOTHING, NOTHING),
        None => NodeId::new(kind, ledger, NOTHING),
    };
    node.encode().to_string()
}

/// Records a meeting of the north's group, and gives its id and its item's.
async fn meet(world: &World, small: &Small, on: &str) -> (String, String) {
    let held = json!({ "groupId": small.group, "occurredOn": on, "venue": "Behind closed doors",
        "attendance": [{ "who": "The clerk", "attending": "IN_ATTENDANCE" }],
        "items": [{ "title": "Quiet words", "discussion": "Quiet words were said",
            "updates": [{ "actionPlanId": small.plan, "text": "Under way still", "objectiveIds": [small.objectives[1]] }],
            "commitments": [{ "commitmentId": small.commitment, "to": "ACHIEVED" }] }] });
    let held = world.make("recordMeeting", held).await;
    let items = "query I($id: ID!) { node(id: $id) { ... on Meeting { items { id } } } }";
    let items = world.data(items, json!({ "id": held })).await;
    let item = items["node"]["items"][0]["id"].as_str();
    let item = item.expect("an item").to_owned();
    (held, item)
}

/// Writes a good practice down, has the south ask about it while it sees it, takes it back, and has an organisation take it up. Gives
/// the ids of all three.
async fn practise(world: &World, small: &Small, south: &str, on: &str) -> [String; 3] {
    let write = json!({ "compactId": small.compact, "title": "Muffled drums", "theme": "pledge",
        "summary": "Drums are muffled", "occurredOn": on });
    let practice = world.make("writePractice", write).await;
    for (to, back) in [("REGION", false), ("DRAFT", true)] {
        if back {
            let ask = "mutation Q($input: AskAboutPracticeInput!) { askAboutPractice(input: $input) { newId userErrors { message } } }";
            let asked = json!({ "practiceId": practice, "byCompactId": south, "text": "How are they muffled?" });
            let asked = world
                .post_as(Some(SOUTH), ask, json!({ "input": asked }))
                .await;
            let errors = &asked["data"]["askAboutPractice"]["userErrors"];
            assert_eq!(errors, &json!([]), "{asked}");
        }
        let release =
            json!({ "practiceId": practice, "to": to, "reason": "Too early", "occurredOn": on });
        world.change("releasePractice", release, "").await;
    }
    let question = "query Q($id: ID!) { goodPractice(id: $id) { questions { id } } }";
    let question = world.data(question, json!({ "id": practice })).await;
    let question = question["goodPractice"]["questions"][0]["id"].as_str();
    let question = question.expect("a question").to_owned();
    let adopt = json!({ "compactId": small.compact, "organisationId": small.organisation, "practiceId": practice,
        "note": "Drums are to be tried", "occurredOn": on });
    let adoption = world.make("adoptPractice", adopt).await;
    [practice, question, adoption]
}

/// The id of the meeting that entries were recorded from and that has no record of its own.
fn noted_from(small: &Small) -> String {
    let ledger = NodeId::decode(&small.compact).expect("a compact").ledger;
    let met: Uuid = "0f0e0d0c-0b0a-4908-8706-050403020100"
        .parse()
        .expect("a UUID");
    NodeId::new(NodeKind::Meeting, ledger, met)
        .encode()
        .to_string()
}

/// Attaches evidence to a reading.
async fn prove(world: &World, reading: &str, on: &str) -> String {
    let evidence = json!({ "readingId": reading, "link": { "url": "https://example.org/quiet", "note": "Quiet words" },
        "occurredOn": on });
    world.make("attachEvidence", evidence).await
}

/// Challenges what the north had released for a moment, and has taken back since.
async fn doubt(world: &World, small: &Small, on: &str) -> String {
    let release = |to: &str| json!({ "commitmentId": small.commitment, "to": to, "reason": "As agreed", "occurredOn": on });
    world
        .change("releaseCommitment", release("REGION"), "")
        .await;
    let doubt = json!({ "regionId": small.region, "commitmentId": small.commitment, "comment": "Who says so?",
        "occurredOn": on });
    let doubted = world.make("challengeOutcome", doubt).await;
    world
        .change("releaseCommitment", release("DRAFT"), "")
        .await;
    doubted
}

/// Lets the north have one of everything, and gives every id there is in it.
async fn fill(world: &World, small: &Small, south: &str) -> BTreeMap<NodeKind, Vec<String>> {
    let on = "2007-06-01";
    let meeting = json!({ "id": "0f0e0d0c-0b0a-4908-8706-050403020100", "groupId": small.group, "heldOn": on });
    let agree = json!({ "commitmentId": small.commitment, "occurredOn": on, "meeting": meeting });
    world.change("agreeCommitment", agree, "").await;
    let reading = json!({ "measureId": small.measure, "takenOn": on, "value": "5", "source": "Survey",
        "occurredOn": on });
    let reading = world.make("recordReading", reading).await;
    let evidence = prove(world, &reading, on).await;
    let report = json!({ "commitmentId": small.commitment, "text": "Well begun", "standing": "IN_PROGRESS",
        "reportedOn": on, "occurredOn": on });
    let achievement = world.make("reportAchievement", report).await;
    let update = json!({ "actionPlanId": small.plan, "text": "Under way", "occurredOn": on,
        "objectiveIds": [small.objectives[0]], "meeting": meeting });
    let update = world.make("recordUpdate", update).await;
    let person = json!({ "compactId": small.compact, "name": "Wilhelmina Oakapple", "position": "Clerk to the north",
        "organisationId": small.organisation, "email": "wilhelmina@example.org", "occurredOn": on });
    let person = world.make("enterPerson", person).await;
    let (held, item) = meet(world, small, on).await;
    let met = noted_from(small);
    let [practice, question, adoption] = practise(world, small, south, on).await;
    let doubted = doubt(world, small, on).await;
    let named = [
        &small.group,
        &small.commitment,
        &small.measure,
        &reading,
        &achievement,
        &evidence,
        &doubted,
        &small.plan,
        &small.objectives[0],
        &small.objectives[1],
        &small.action,
        &update,
        &met,
        &person,
        &held,
        &item,
        &practice,
        &question,
        &adoption,
    ];
    let mut all: BTreeSet<String> = named.into_iter().cloned().collect();
    all.extend(of_the_leaves(world, small, [&held, &practice]).await);
    let secret = seen_by_its_own(world, all.into_iter().collect()).await;
    for kind in named.map(|id| NodeId::decode(id).expect("an id").kind) {
        assert!(
            secret.contains_key(&kind),
            "{kind:?} is not seen by its own"
        );
    }
    secret
}

/// Those of these ids that lead somewhere for those whose they are, by kind.
async fn seen_by_its_own(world: &World, all: Vec<String>) -> BTreeMap<NodeKind, Vec<String>> {
    let query = "query N($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let mut secret = BTreeMap::<NodeKind, Vec<String>>::new();
    for some in all.chunks(100) {
        let found = world.data(query, json!({ "ids": some })).await;
        for (id, node) in some.iter().zip(found["nodes"].as_array().expect("nodes")) {
            let kind = NodeId::decode(id).expect("an id").kind;
            if !node.is_null() && kind != NodeKind::Compact {
                secret.entry(kind).or_default().push(id.clone());
            }
        }
    }
    secret
}

/// Every UUID that stands in a leaf of the north, as every kind of thing it could be.
async fn of_the_leaves(
    world: &World,
    small: &Small,
    [held, practice]: [&str; 2],
) -> BTreeSet<String> {
    let query =
        "query E($ledger: ID!) { entries(ledger: $ledger, first: 100) { nodes { envelope } } }";
    let entries = world.data(query, json!({ "ledger": small.compact })).await;
    let text = entries.to_string();
    let pieces = text.split(|c: char| !(c.is_ascii_hexdigit() || c == '-'));
    let uuids: BTreeSet<Uuid> = pieces.filter_map(|piece| piece.parse().ok()).collect();
    assert!(uuids.len() > 15, "{} ids in the leaves", uuids.len());
    let ledger = NodeId::decode(&small.compact).expect("a compact").ledger;
    let whole = |id: &str| NodeId::decode(id).expect("an id").uuid();
    let wholes = [
        (NodeKind::Commitment, whole(&small.commitment)),
        (NodeKind::ActionPlan, whole(&small.plan)),
        (NodeKind::Meeting, whole(held)),
        (NodeKind::GoodPractice, whole(practice)),
    ];
    let mut ids = BTreeSet::new();
    for uuid in uuids {
        for kind in NodeKind::ALL {
            let id = match kind.whole() {
                None if kind == NodeKind::Theme => continue,
                None => NodeId::new(kind, ledger, uuid),
                Some(of) => {
                    let of = wholes.iter().find(|(kind, _)| *kind == of);
                    NodeId::part(kind, ledger, of.expect("a whole").1, uuid)
                }
            };
            ids.insert(id.encode().to_string());
        }
    }
    ids
}

impl Schema {
    /// A value for an argument or an input's field: ids of the kind its name says, and something that fits for the
    /// rest. None for what may be left out.
    fn value(&self, name: &str, ty: &Type, ids: &Ids<'_>) -> Option<Value> {
        let named = named(ty);
        let list = matches!(ty.base, BaseType::List(_));
        let wrap = |value: Value| if list { json!([value]) } else { value };
        if named == "ID" {
            return Some(wrap(json!(ids.of(name))));
        }
        if named == "UUID" && name == "grantId" {
            return Some(json!(ids.grant()));
        }
        if let Some(TypeKind::InputObject(input)) = self.types.get(named) {
            let value = self.object(named, input, ids);
            let has_ids = value.to_string().contains("Id\"");
            return (has_ids || !ty.nullable).then(|| wrap(value));
        }
        (!ty.nullable).then(|| wrap(self.plain(named)))
    }

    fn object(&self, name: &str, input: &InputObjectType, ids: &Ids<'_>) -> Value {
        // Exactly one of its members is sent.
        let one_of = ["AsOf", "ChangeInput"].contains(&name) || name.ends_with("OneOf");
        let mut object = Map::new();
        for field in &input.fields {
            let field = &field.node;
            let value = self.value(&field.name.node, &field.ty.node, ids);
            object.extend(value.map(|value| (field.name.node.to_string(), value)));
            if one_of && !object.is_empty() {
                break;
            }
        }
        Value::Object(object)
    }

    fn plain(&self, ty: &str) -> Value {
        match ty {
            "Date" => json!("2007-06-02"),
            "DateTime" => json!("2030-01-01T00:00:00Z"),
            "Session" => json!("2007-08"),
            "Figure" => json!("1"),
            "Int" | "Position" => json!(1),
            "Boolean" => json!(true),
            "UUID" => json!("00000000-0000-4000-8000-00000000c0de"),
            other => match self.types.get(other) {
                Some(TypeKind::Enum(choices)) => {
                    json!(choices.values[0].node.value.node.to_string())
                }
                _ => json!("x"),
            },
        }
    }
}

/// Ids to fill a question with.
struct Ids<'a> {
    apart: &'a Apart,
    /// Which of those of a kind.
    at: usize,
    /// The north's, or ones that name nothing.
    real: bool,
    /// What an argument that takes any id is given.
    any: NodeKind,
    /// Whether what is made up is made up in the north, where the question names the north by what the register says.
    of_register: bool,
}

impl Ids<'_> {
    fn of(&self, name: &str) -> String {
        let kind = kind_named(name).unwrap_or(self.any);
        self.apart.id(kind, self.at, self.real, self.of_register)
    }

    fn grant(&self) -> Uuid {
        if self.real {
            self.apart.grant
        } else {
            Uuid::from_u128(0x5eed)
        }
    }
}

/// A question with its variables, and the ids in it.
struct Asked {
    what: String,
    query: String,
    variables: Value,
}

/// Every field of a root that takes an id, filled with these. What waits for a ledger is asked without it, and once
/// more with it.
fn asked(schema: &Schema, root: &str, ids: &Ids<'_>) -> Vec<Asked> {
    let fields = schema.fields(root).into_iter().flat_map(|field| {
        let plain = question(schema, root, &field, (ids, false));
        let waiting = takes(&field, "atLeast").then(|| question(schema, root, &field, (ids, true)));
        [plain, waiting.flatten()]
    });
    fields.flatten().collect()
}

/// A field filled with ids; none when it takes none.
fn question(
    schema: &Schema,
    root: &str,
    field: &FieldDefinition,
    (ids, waits): (&Ids<'_>, bool),
) -> Option<Asked> {
    let name = &field.name.node;
    let (mut declared, mut sent, mut variables) = (Vec::new(), Vec::new(), Map::new());
    for argument in &field.arguments {
        let (name, ty) = (&argument.node.name.node, &argument.node.ty.node);
        // Whose list it is, is in the register: what is asked of the list is what may be made up.
        let of_register = ["commitments", "actionPlans"].contains(&field.name.node.as_str());
        let ids = &Ids {
            real: ids.real || (of_register && name == "compactId"),
            of_register,
            ..*ids
        };
        let value = match name.as_str() {
            // One compact has an id and a slug; the past is asked about in tests of its own.
            "slug" | "asOf" | "knownAt" => None,
            "atLeast" => waits.then(|| json!({ "ledger": ids.of("ledger"), "position": 1 })),
            _ => schema.value(name, ty, ids),
        };
        let Some(value) = value else {
            continue;
        };
        declared.push(format!("${name}: {ty}"));
        sent.push(format!("{name}: ${name}"));
        variables.insert(name.to_string(), value);
    }
    let variables = Value::Object(variables);
    let mut arguments = field.arguments.iter();
    let has_ids = waits
        || variables.to_string().contains("Id\"")
        || arguments.any(|it| named(&it.node.ty.node) == "ID");
    if !has_ids {
        return None;
    }
    let below = match named(&field.ty.node) {
        "Query" => "{ compacts { nodes { name } } }".to_owned(),
        ty => schema.everything(ty, 3).expect("something to ask"),
    };
    let (kind, declared, sent) = (root.to_lowercase(), declared.join(", "), sent.join(", "));
    Some(Asked {
        what: format!("{root}.{name}{}", if waits { "(atLeast)" } else { "" }),
        query: format!("{kind} Q({declared}) {{ {name}({sent}) {below} }}"),
        variables,
    })
}

fn takes(field: &FieldDefinition, argument: &str) -> bool {
    let mut arguments = field.arguments.iter();
    arguments.any(|it| it.node.name.node == argument)
}

/// The same text, with every id that was sent under one name, and references to the log under another.
fn normal(answer: &Value, sent: &Value) -> String {
    let mut text = answer.to_string();
    let mut ids = Vec::new();
    collect(sent, &mut ids);
    ids.sort_by_key(|id| std::cmp::Reverse(id.len()));
    for id in ids.iter().filter(|id| id.len() > 20) {
        text = text.replace(id.as_str(), "ID");
        if let Ok(node) = NodeId::decode(id) {
            text = text.replace(&node.ledger.to_string(), "LEDGER");
        }
    }
    text
}

fn collect(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) => into.push(text.clone()),
        Value::Array(all) => all.iter().for_each(|value| collect(value, into)),
        Value::Object(all) => all.values().for_each(|value| collect(value, into)),
        _ => {}
    }
}

/// The whole answer; of what is followed, everything until it ends.
async fn answer(world: &World, account: Option<&str>, asked: &Asked) -> Value {
    let Asked {
        what,
        query,
        variables,
    } = asked;
    if what.starts_with("Subscription.") {
        world.hear_as(account, query, variables.clone()).await
    } else {
        world.post_as(account, query, variables.clone()).await
    }
}

/// Asks one question with ids of the north and with ids of nothing; what is answered differently.
async fn difference(
    world: &World,
    account: Option<&str>,
    (real, made_up): (&Asked, &Asked),
) -> Option<String> {
    let (answered, nothing) = (
        answer(world, account, real).await,
        answer(world, account, made_up).await,
    );
    let (one, other) = (
        normal(&answered, &real.variables),
        normal(&nothing, &made_up.variables),
    );
    let secret = SECRETS.iter().find(|secret| one.contains(**secret));
    if let Some(secret) = secret {
        return Some(format!("{} says “{secret}”: {one}", real.what));
    }
    // That the compact is there is in the register: only what is in it must not be told.
    let register = [
        "Query.compact",
        "Query.commitments",
        "Query.actionPlans",
        "Query.node",
        "Query.nodes",
    ];
    let of_register =
        register.contains(&real.what.as_str()) && asks_for_the_compact(&real.variables);
    (one != other && !of_register).then(|| format!("{}:\n{one}\n{other}", real.what))
}

fn asks_for_the_compact(variables: &Value) -> bool {
    let mut ids = Vec::new();
    collect(variables, &mut ids);
    ids.iter()
        .filter_map(|id| NodeId::decode(id).ok())
        .all(|node| node.kind == NodeKind::Compact)
}

/// Every question of a root that somebody is answered differently for what is there and for what is not.
async fn differences(
    world: &World,
    apart: &Apart,
    account: Option<&str>,
    root: &str,
) -> (usize, Vec<String>) {
    let schema = Schema::read();
    let mut found = Vec::new();
    let mut tried = 0;
    let mut kinds: Vec<NodeKind> = apart.secret.keys().copied().collect();
    kinds.push(NodeKind::Compact);
    if root != "Query" {
        kinds.truncate(1);
    }
    for any in kinds {
        let all = apart.secret.get(&any).map_or(1, Vec::len);
        for at in 0..all {
            let ids = |real| Ids {
                apart,
                at,
                real,
                any,
                of_register: false,
            };
            let real = asked(&schema, root, &ids(true));
            let made_up = asked(&schema, root, &ids(false));
            for pair in real.iter().zip(&made_up) {
                // What takes no id of any kind needs to be asked only once.
                let again = at > 0 || any != NodeKind::Compact;
                let any_id = [
                    "Query.node",
                    "Query.nodes",
                    "Query.history",
                    "Query.compact",
                    "Query.commitment",
                    "Query.actionPlan",
                ];
                if root == "Query" && again && !any_id.contains(&pair.0.what.as_str()) {
                    continue;
                }
                tried += 1;
                found.extend(difference(world, account, pair).await);
            }
        }
    }
    (tried, found)
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_is_another_compacts_is_answered_as_what_is_not_there(pool: PgPool) {
    let world = World::new(&pool).await;
    let apart = Apart::set_up(&world).await;
    let (mut all, mut told) = (0, Vec::new());
    for (who, account) in OTHERS {
        for (root, at_least) in [("Query", 30), ("Mutation", 30), ("Subscription", 1)] {
            let (tried, found) = differences(&world, &apart, account, root).await;
            let found = found.into_iter().filter(|found| !is_theirs(who, found));
            told.extend(found.map(|found| format!("{who} is told of it by {found}")));
            assert!(tried >= at_least, "{who} asked only {tried} of {root}");
            all += tried;
        }
    }
    assert_eq!(told, [""; 0], "{} of {all}", told.len());
    println!("{all} questions and changes, each as for what is not there");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_comparison_finds_what_whoever_may_see_it_is_told(pool: PgPool) {
    let world = World::new(&pool).await;
    let apart = Apart::set_up(&world).await;
    let own = Some(crate::world::SECRETARIAT);
    let (tried, found) = differences(&world, &apart, own, "Query").await;
    assert!(found.len() * 2 > tried, "{} of {tried} differ", found.len());
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn drafts_are_not_there_for_a_member_of_the_compact_itself(pool: PgPool) {
    let world = World::new(&pool).await;
    let apart = Apart::set_up(&world).await;
    let query = "query N($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }";
    for (kind, ids) in &apart.secret {
        let found = world
            .post_as(Some(MEMBER), query, json!({ "ids": ids }))
            .await;
        let seen = found["data"]["nodes"].as_array().expect("nodes").iter();
        let seen = seen.filter(|node| !node.is_null()).count();
        // Who works in a compact sees its groups and its people, and of a meeting what is not a draft's: nothing.
        let own = matches!(kind, NodeKind::Group | NodeKind::Person);
        let own = usize::from(own) * ids.len();
        assert_eq!(seen, own, "{kind:?}: {found:#}");
    }
}

/// What takes no id, so that there is nothing of another compact's to ask it with. The walk asks it all the same.
const TAKES_NO_ID: [(&str, &str); 8] = [
    ("Query.viewer", "whoever asks"),
    ("Query.compacts", "the register"),
    ("Query.region", "the register"),
    ("Query.organisations", "the register"),
    ("Query.themes", "the register"),
    ("Query.indicators", "the register"),
    (
        "Query.progress",
        "made of what is released; tests of its own",
    ),
    (
        "Mutation.establishRegion",
        "begins a region; for nobody in particular",
    ),
];

/// What an argument may be called that is not asked with ids here.
const NO_IDS_IN: [&str; 10] = [
    "first", "after", "last", "before", "slug", "asOf", "knownAt", "session", "theme", "category",
];

/// Fields of the roots, and arguments of theirs, that are neither asked here nor stand in a list that says why.
fn without_a_case(schema: &Schema, apart: &Apart) -> Vec<String> {
    let ids = Ids {
        apart,
        at: 0,
        real: true,
        any: NodeKind::Commitment,
        of_register: false,
    };
    let mut missing = Vec::new();
    for root in ["Query", "Mutation", "Subscription"] {
        let asked = asked(schema, root, &ids);
        for field in schema.fields(root) {
            let name = format!("{root}.{}", field.name.node);
            if takes(&field, "atLeast") {
                let waiting = format!("{name}(atLeast)");
                let has_case = asked.iter().any(|asked| asked.what == waiting);
                missing.extend((!has_case).then_some(waiting));
            }
            let Some(case) = asked.iter().find(|asked| asked.what == name) else {
                if !TAKES_NO_ID.iter().any(|(known, _)| *known == name) {
                    missing.push(name);
                }
                continue;
            };
            let left_out = field.arguments.iter().filter(|argument| {
                let argument = argument.node.name.node.as_str();
                let is_sent = argument == "atLeast" || case.variables.get(argument).is_some();
                !is_sent && !NO_IDS_IN.contains(&argument)
            });
            missing.extend(left_out.map(|it| format!("{name}({})", it.node.name.node)));
        }
    }
    missing
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn every_question_change_and_subscription_has_a_case_here(pool: PgPool) {
    let world = World::new(&pool).await;
    let apart = Apart::set_up(&world).await;
    let mut schema = Schema::read();
    assert_eq!(without_a_case(&schema, &apart), [""; 0]);
    schema.add("extend type Query { minutes(on: Date): Compact everyone: [Compact!] }");
    schema.add("extend type Mutation { shred(all: Boolean): Compact }");
    schema.add("extend type Subscription { rumours(of: String): Compact }");
    let found = without_a_case(&schema, &apart);
    let added = [
        "Query.minutes",
        "Query.everyone",
        "Mutation.shred",
        "Subscription.rumours",
    ];
    assert_eq!(found, added);
}

#[test]
fn a_node_id_is_read_back_into_its_parts() {
    let node = NodeId::decode(&made_up(NodeKind::Reading, NOTHING.into())).expect("an id");
    assert!(matches!(node.key, NodeKey::Part { .. }));
}
