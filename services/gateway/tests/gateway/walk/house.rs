//! A house to walk through: three compacts with a commitment and a plan of every visibility, where no word, number or id
//! stands in two places, and people of every role.

use std::collections::HashMap;

use domain::{Post, Visibility};
use gateway::{NodeId, NodeKind};
use serde_json::{Value, json};
use uuid::Uuid;

use super::sees::{Eyes, Group, Mark, Of, Part, Thing};
use crate::world::World;

pub const COMPACTS: [&str; 3] = ["north", "south", "east"];
const BEGUN: &str = "2007-05-01";
const LATER: &str = "2007-06-01";

/// Everything there is, and what is known of it.
pub struct House {
    pub region: String,
    pub compacts: Vec<String>,
    pub things: Vec<Thing>,
    pub groups: Vec<Group>,
    pub promises: Vec<Promise>,
    pub plans: Vec<Plan>,
    pub people: Vec<Eyes>,
    /// Every id there is, with its kind and its compact.
    pub ids: Vec<(NodeKind, String, Option<usize>)>,
    /// Every word, number and id that stands in one place.
    pub marks: HashMap<String, Mark>,
    indicator: String,
    organisation: String,
    group_ids: Vec<String>,
    made: u32,
}

/// A commitment.
pub struct Promise {
    pub thing: usize,
    pub id: String,
    pub measure: String,
    title: String,
    comment: String,
    target: String,
}

/// A plan.
pub struct Plan {
    pub thing: usize,
    pub id: String,
    title: String,
    objective: String,
    action: String,
    action_text: String,
    update: String,
    update_text: String,
}

/// A change, ready to be sent.
pub struct Step {
    pub field: &'static str,
    pub input: Value,
    then: Then,
}

/// What is otherwise once a step is done.
enum Then {
    Release(usize, Visibility),
    Promise(usize, [String; 2]),
    Target(usize, [String; 2]),
    Title(usize, String),
    ActionText(usize, String),
    UpdateText(usize, String),
    NewId(usize),
}

impl House {
    pub async fn build(world: &World) -> Self {
        let region = world.begin_region().await;
        for code in ["pledge", "entry"] {
            let theme = json!({ "regionId": region, "code": code, "name": format!("Theme {code}"), "occurredOn": "2006-01-01" });
            world.make("addTheme", theme).await;
        }
        let indicator = json!({ "regionId": region, "name": "organisations pledged", "unit": "organisations",
            "additive": true, "occurredOn": "2006-01-01" });
        let indicator = world.make("defineIndicator", indicator).await;
        let organisation = json!({ "regionId": region, "name": "City College", "category": "LEARNING_PROVIDER",
            "occurredOn": "2006-01-01" });
        let organisation = world.make("registerOrganisation", organisation).await;
        let mut house = Self {
            region: region.clone(),
            compacts: Vec::new(),
            things: Vec::new(),
            groups: Vec::new(),
            promises: Vec::new(),
            plans: Vec::new(),
            people: vec![Eyes::PUBLIC],
            ids: Vec::new(),
            marks: HashMap::new(),
            indicator: indicator.clone(),
            organisation: organisation.clone(),
            group_ids: Vec::new(),
            made: 0,
        };
        house.know(&region, Of::Register, None);
        house.know(&indicator, Of::Register, None);
        house.know(&organisation, Of::Register, None);
        for slug in COMPACTS {
            house.open(world, slug).await;
        }
        house.let_people_in(world).await;
        house
    }

    /// A word that stands nowhere yet.
    pub fn word(&mut self, of: Of) -> String {
        self.made += 1;
        let word = format!("Zq{:06}k", self.made);
        self.mark(word.clone(), of);
        word
    }

    fn number(&mut self, of: Of) -> String {
        self.made += 1;
        let number = (900_000_000 + self.made).to_string();
        self.mark(number.clone(), of);
        number
    }

    fn mark(&mut self, mark: String, of: Of) {
        let widest = match of {
            Of::Thing(at) => self.things[at].visibility,
            _ => Visibility::Public,
        };
        let (past, moved) = (false, None);
        let mark_of = Mark {
            of,
            past,
            widest,
            moved,
        };
        self.marks.insert(mark, mark_of);
    }

    /// Something that was said as a change was made, which the history alone tells.
    fn reason(&mut self, of: Of, widest: Visibility) -> String {
        let reason = self.word(of);
        let mark = self.marks.get_mut(&reason).expect("a word");
        (mark.past, mark.widest) = (true, widest);
        reason
    }

    fn know(&mut self, id: &str, of: Of, compact: Option<usize>) {
        let node = NodeId::decode(id).expect("an id");
        self.mark(node.uuid().simple().to_string(), of);
        self.ids.push((node.kind, id.to_owned(), compact));
    }

    fn know_part(&mut self, id: &str, thing: usize) {
        self.know(id, Of::Thing(thing), Some(self.things[thing].compact));
    }

    fn is_past(&mut self, mark: &str) {
        self.marks.get_mut(mark).expect("a mark").past = true;
    }

    fn released(&mut self, thing: usize, to: Visibility) {
        self.things[thing].visibility = to;
        let its = self.marks.values_mut();
        let its = its.filter(|mark| mark.of == Of::Thing(thing) && !mark.past);
        its.for_each(|mark| mark.widest = mark.widest.max(to));
    }

    async fn open(&mut self, world: &World, slug: &str) {
        let compact = self.compacts.len();
        let input = json!({ "regionId": self.region, "slug": slug, "name": format!("{slug} Compact"),
            "area": slug, "launchedOn": "2007-02-01", "occurredOn": "2007-02-01" });
        let id = world.make("openCompact", input).await;
        self.know(&id, Of::Register, Some(compact));
        self.compacts.push(id.clone());
        for code in ["LD", "RR"] {
            let group = self.groups.len();
            // The first of each compact has a lead, which whoever runs the region is told of.
            let is_led = code == "LD";
            self.groups.push(Group { compact, is_led });
            let name = self.word(Of::Group(group));
            let note = self.word(Of::GroupsOwn(group));
            let input = json!({ "compactId": id, "code": code, "kind": "THEME", "name": name, "note": note,
                "occurredOn": "2007-02-02" });
            let made = world.make("formGroup", input).await;
            self.know(&made, Of::Group(group), Some(compact));
            self.group_ids.push(made);
        }
        let [name, position, email] = [(); 3].map(|()| self.word(Of::Person(compact)));
        let input = json!({ "compactId": id, "name": name, "position": position,
            "email": format!("{email}@example.org"), "organisationId": self.organisation, "occurredOn": BEGUN });
        let person = world.make("enterPerson", input).await;
        self.know(&person, Of::PersonsId(compact), Some(compact));
        for (at, visibility) in Visibility::ALL.into_iter().enumerate() {
            self.promise(world, compact, at, visibility).await;
        }
        for (at, visibility) in Visibility::ALL.into_iter().enumerate() {
            self.plan(world, compact, at, visibility).await;
        }
    }

    fn begin(&mut self, compact: usize, at: usize) -> (usize, String) {
        let group = compact * 2 + at % 2;
        let visibility = Visibility::Draft;
        let thing = self.things.len();
        self.things.push(Thing {
            compact,
            group,
            visibility,
        });
        (thing, self.group_ids[group].clone())
    }

    fn meeting(&mut self, thing: usize) -> Value {
        self.made += 1;
        let id = Uuid::from_u128(0x3ee7_0000_0000_4000_8000_0000_0000_0000 + u128::from(self.made));
        let group = self.group_ids[self.things[thing].group].clone();
        let ledger = NodeId::decode(&group).expect("a group").ledger;
        let node = NodeId::new(NodeKind::Meeting, ledger, id)
            .encode()
            .to_string();
        self.know_part(&node, thing);
        json!({ "id": id, "groupId": group, "heldOn": BEGUN })
    }

    async fn promise(&mut self, world: &World, compact: usize, at: usize, to: Visibility) {
        let (thing, group) = self.begin(compact, at);
        let of = Of::Thing(thing);
        let (title, comment) = (self.word(of), self.word(of));
        let session = ["2007-08", "2008-09"][at % 2];
        let input = json!({ "compactId": self.compacts[compact], "session": session,
            "ref": at.to_string(), "title": title, "comment": comment, "themes": ["pledge"],
            "groupIds": [group], "occurredOn": "2007-04-01" });
        let id = world.make("proposeCommitment", input).await;
        self.know_part(&id, thing);
        let target = self.number(of);
        let input = json!({ "commitmentId": id, "indicatorId": self.indicator, "kind": "TOTAL", "target": target,
            "dueOn": "2008-03-31", "occurredOn": BEGUN });
        let measure = world.make("addMeasure", input).await;
        self.know_part(&measure, thing);
        let promise = self.promises.len();
        self.promises.push(Promise {
            thing,
            id: id.clone(),
            measure,
            title,
            comment,
            target,
        });
        for step in [self.change_target(promise), self.reword(promise)] {
            self.does(world, step).await;
        }
        let agree = json!({ "commitmentId": id, "occurredOn": LATER });
        world.change("agreeCommitment", agree, "").await;
        let read = self.read(promise);
        self.does(world, read).await;
        let text = self.word(of);
        let input = json!({ "commitmentId": id, "text": text, "standing": "IN_PROGRESS", "reportedOn": BEGUN,
            "occurredOn": LATER, "meeting": self.meeting(thing) });
        let told = world.make("reportAchievement", input).await;
        self.know_part(&told, thing);
        if to != Visibility::Draft {
            let release = self.release_promise(promise, to);
            self.does(world, release).await;
        }
        self.reading_withdrawn(world, promise).await;
        for step in [self.reword(promise), self.change_target(promise)] {
            self.does(world, step).await;
        }
    }

    async fn reading_withdrawn(&mut self, world: &World, promise: usize) {
        let Promise { thing, measure, .. } = &self.promises[promise];
        let (thing, measure) = (*thing, measure.clone());
        let (value, source) = (self.number(Of::Thing(thing)), self.word(Of::Thing(thing)));
        let input = json!({ "measureId": measure, "takenOn": BEGUN, "value": value, "source": source,
            "occurredOn": LATER });
        let reading = world.make("recordReading", input).await;
        self.know_part(&reading, thing);
        let reason = self.reason(Of::Thing(thing), self.things[thing].visibility);
        let input = json!({ "readingId": reading, "reason": reason, "occurredOn": LATER });
        world.change("withdrawReading", input, "").await;
        let id = NodeId::decode(&reading).expect("a reading").uuid();
        for mark in [value, source, id.simple().to_string()] {
            self.is_past(&mark);
        }
    }

    async fn plan(&mut self, world: &World, compact: usize, at: usize, to: Visibility) {
        let (thing, group) = self.begin(compact, at);
        let of = Of::Thing(thing);
        let title = self.word(of);
        let input = json!({ "groupId": group, "title": title, "occurredOn": BEGUN });
        let id = world.make("setActionPlan", input).await;
        self.know_part(&id, thing);
        // What is let out names what is not, and the other way round.
        let commitment = &self.promises[compact * 4 + 3 - at].id.clone();
        let objective = json!({ "actionPlanId": id, "ref": "1", "title": self.word(of), "commitmentId": commitment,
            "occurredOn": BEGUN });
        let objective = world.make("addObjective", objective).await;
        self.know_part(&objective, thing);
        let action_text = self.word(of);
        let action = json!({ "objectiveId": objective, "text": action_text, "owner": self.word(of),
            "timescale": { "text": self.word(of), "dueOn": "2007-09-30" }, "occurredOn": BEGUN });
        let action = world.make("setAction", action).await;
        self.know_part(&action, thing);
        let update_text = self.word(of);
        let update = json!({ "actionPlanId": id, "text": update_text, "objectiveIds": [objective],
            "occurredOn": BEGUN, "meeting": self.meeting(thing) });
        let update = world.make("recordUpdate", update).await;
        self.know_part(&update, thing);
        let plan = self.plans.len();
        self.plans.push(Plan {
            thing,
            id,
            title,
            objective,
            action,
            action_text,
            update,
            update_text,
        });
        for step in [
            self.retitle(plan),
            self.reword_action(plan),
            self.correct(plan),
        ] {
            self.does(world, step).await;
        }
        if to != Visibility::Draft {
            let release = self.release_plan(plan, to);
            self.does(world, release).await;
        }
        let other = compact * 4 + (at + 2) % 4;
        let steps = [
            self.retitle(plan),
            self.reword_action(plan),
            self.correct(plan),
            self.link(plan, other),
        ];
        for step in steps {
            self.does(world, step).await;
        }
    }

    async fn does(&mut self, world: &World, step: Step) {
        let payload = world.change(step.field, step.input.clone(), "").await;
        self.done(&step, payload["newId"].as_str());
    }

    /// A change that was recorded is known.
    pub fn done(&mut self, step: &Step, new_id: Option<&str>) {
        match &step.then {
            Then::Release(thing, to) => self.released(*thing, *to),
            Then::Promise(at, [title, comment]) => {
                let promise = &mut self.promises[*at];
                let title = std::mem::replace(&mut promise.title, title.clone());
                let comment = std::mem::replace(&mut promise.comment, comment.clone());
                self.is_past(&title);
                self.is_past(&comment);
            }
            Then::Target(at, [target, reason]) => {
                let promise = &mut self.promises[*at];
                let was = std::mem::replace(&mut promise.target, target.clone());
                let then = self.things[promise.thing].visibility;
                self.is_past(&was);
                for mark in [&was, reason] {
                    self.marks.get_mut(mark).expect("a mark").moved = Some(then);
                }
            }
            Then::Title(at, title) => {
                let was = std::mem::replace(&mut self.plans[*at].title, title.clone());
                self.is_past(&was);
            }
            Then::ActionText(at, text) => {
                let was = std::mem::replace(&mut self.plans[*at].action_text, text.clone());
                self.is_past(&was);
            }
            Then::UpdateText(at, text) => {
                let was = std::mem::replace(&mut self.plans[*at].update_text, text.clone());
                self.is_past(&was);
            }
            Then::NewId(thing) => {
                if let Some(id) = new_id {
                    self.know_part(id, *thing);
                }
            }
        }
    }

    pub fn reword(&mut self, at: usize) -> Step {
        let Promise { thing, id, .. } = &self.promises[at];
        let (thing, id) = (*thing, id.clone());
        let [title, comment] = [self.word(Of::Thing(thing)), self.word(Of::Thing(thing))];
        let input = json!({ "commitmentId": id, "title": title, "comment": comment, "reason": self.said(thing),
            "occurredOn": LATER });
        let then = Then::Promise(at, [title, comment]);
        Step {
            field: "rewordCommitment",
            input,
            then,
        }
    }

    pub fn change_target(&mut self, at: usize) -> Step {
        let Promise { thing, measure, .. } = &self.promises[at];
        let (thing, measure) = (*thing, measure.clone());
        let (target, reason) = (self.number(Of::Thing(thing)), self.said(thing));
        let input = json!({ "measureId": measure, "target": target, "reason": reason, "occurredOn": LATER });
        let then = Then::Target(at, [target, reason]);
        Step {
            field: "changeTarget",
            input,
            then,
        }
    }

    pub fn read(&mut self, at: usize) -> Step {
        let Promise { thing, measure, .. } = &self.promises[at];
        let (thing, measure) = (*thing, measure.clone());
        let of = Of::Thing(thing);
        let input = json!({ "measureId": measure, "takenOn": BEGUN, "value": self.number(of), "source": self.word(of),
            "note": self.word(of), "occurredOn": LATER, "meeting": self.meeting(thing) });
        let then = Then::NewId(thing);
        Step {
            field: "recordReading",
            input,
            then,
        }
    }

    pub fn release_promise(&mut self, at: usize, to: Visibility) -> Step {
        let Promise { thing, id, .. } = &self.promises[at];
        let (thing, id) = (*thing, id.clone());
        let reason = self.reason(Of::Thing(thing), to);
        let input =
            json!({ "commitmentId": id, "to": word_of(to), "reason": reason, "occurredOn": LATER });
        let then = Then::Release(thing, to);
        Step {
            field: "releaseCommitment",
            input,
            then,
        }
    }

    pub fn release_plan(&mut self, at: usize, to: Visibility) -> Step {
        let Plan { thing, id, .. } = &self.plans[at];
        let (thing, id) = (*thing, id.clone());
        let reason = self.reason(Of::Thing(thing), to);
        let input =
            json!({ "actionPlanId": id, "to": word_of(to), "reason": reason, "occurredOn": LATER });
        let then = Then::Release(thing, to);
        Step {
            field: "releaseActionPlan",
            input,
            then,
        }
    }

    pub fn retitle(&mut self, at: usize) -> Step {
        let Plan { thing, id, .. } = &self.plans[at];
        let (thing, id) = (*thing, id.clone());
        let title = self.word(Of::Thing(thing));
        let input = json!({ "actionPlanId": id, "title": title, "reason": self.said(thing), "occurredOn": LATER });
        let then = Then::Title(at, title);
        Step {
            field: "retitleActionPlan",
            input,
            then,
        }
    }

    pub fn reword_action(&mut self, at: usize) -> Step {
        let Plan { thing, action, .. } = &self.plans[at];
        let (thing, action) = (*thing, action.clone());
        let text = self.word(Of::Thing(thing));
        let input = json!({ "actionId": action, "text": text, "reason": self.said(thing), "occurredOn": LATER });
        let then = Then::ActionText(at, text);
        Step {
            field: "rewordAction",
            input,
            then,
        }
    }

    pub fn correct(&mut self, at: usize) -> Step {
        let Plan {
            thing,
            update,
            objective,
            ..
        } = &self.plans[at];
        let (thing, update, objective) = (*thing, update.clone(), objective.clone());
        let text = self.word(Of::Thing(thing));
        let input = json!({ "updateId": update, "text": text, "objectiveIds": [objective],
            "reason": self.said(thing), "occurredOn": LATER });
        let then = Then::UpdateText(at, text);
        Step {
            field: "correctUpdate",
            input,
            then,
        }
    }

    /// Ties a plan's objective to another commitment of its compact.
    pub fn link(&mut self, at: usize, promise: usize) -> Step {
        let Plan {
            thing, objective, ..
        } = &self.plans[at];
        let (thing, objective) = (*thing, objective.clone());
        let input = json!({ "objectiveId": objective, "commitmentId": self.promises[promise].id,
            "reason": self.said(thing), "occurredOn": LATER });
        let then = Then::NewId(thing);
        Step {
            field: "linkObjective",
            input,
            then,
        }
    }

    fn said(&mut self, thing: usize) -> String {
        self.reason(Of::Thing(thing), self.things[thing].visibility)
    }

    /// One of everybody: people of each role in each compact, some with two, one with none.
    async fn let_people_in(&mut self, world: &World) {
        self.let_in(world, vec![]).await;
        self.let_in(world, vec![Part::Funder]).await;
        self.let_in(world, vec![Part::Administrator]).await;
        self.let_in(world, vec![Part::RegionAuditor]).await;
        for compact in 0..COMPACTS.len() {
            let group = compact * 2;
            self.let_in(world, vec![Part::Secretariat(compact)]).await;
            self.let_in(world, vec![Part::Lead { compact, group }])
                .await;
            self.let_in(world, vec![Part::Member(compact)]).await;
        }
        self.let_in(world, vec![Part::CompactAuditor(0)]).await;
        self.let_in(world, vec![Part::Member(0), Part::Secretariat(1)])
            .await;
    }

    async fn let_in(&mut self, world: &World, parts: Vec<Part>) {
        let account =
            Uuid::from_u128(0xacc0_0000_0000_4000_8000_0000_0000_0000 + self.people.len() as u128);
        for part in &parts {
            let post = self.post(*part);
            world.grant(&self.region, &account.to_string(), post).await;
        }
        let compact = parts.iter().find_map(|part| match *part {
            Part::CompactAuditor(own) | Part::Secretariat(own) | Part::Member(own) => Some(own),
            Part::Lead { compact, .. } => Some(compact),
            _ => None,
        });
        // Of several compacts, each sees who has a role in it: who is in two is kept out of it.
        if parts.len() < 2 {
            self.mark(account.simple().to_string(), Of::Account(compact));
        }
        let account = Some(account.to_string());
        self.people.push(Eyes { account, parts });
    }

    pub fn post(&self, part: Part) -> Post {
        let compact = |at: usize| {
            NodeId::decode(&self.compacts[at])
                .expect("a compact")
                .uuid()
                .into()
        };
        match part {
            Part::Funder => Post::Funder,
            Part::Administrator => Post::RegionalAdministrator,
            Part::RegionAuditor => Post::Auditor { compact_id: None },
            Part::CompactAuditor(at) => Post::Auditor {
                compact_id: Some(compact(at)),
            },
            Part::Secretariat(at) => Post::Secretariat {
                compact_id: compact(at),
            },
            Part::Lead { compact: at, group } => Post::GroupLead {
                compact_id: compact(at),
                group_id: NodeId::decode(&self.group_ids[group])
                    .expect("a group")
                    .uuid()
                    .into(),
            },
            Part::Member(at) => Post::MemberRepresentative {
                compact_id: compact(at),
                organisation_id: NodeId::decode(&self.organisation)
                    .expect("an organisation")
                    .uuid()
                    .into(),
            },
        }
    }
}

const fn word_of(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Draft => "DRAFT",
        Visibility::Compact => "COMPACT",
        Visibility::Region => "REGION",
        Visibility::Public => "PUBLIC",
    }
}
