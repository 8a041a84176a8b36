//! What the form of a meeting stands on: the group, its plans with their objectives and open actions, who may have come, and what was on
//! the agenda.

use domain::ids::{ActionPlanId, GroupId};
use gateway::{NodeId, NodeKind};

use crate::ask::ask;
use crate::desk::Desk;
use crate::desk::attendance::MayCome;
use crate::documents::document;
use crate::documents::scalars::Date;
use crate::documents::words::{GroupKind, ObjectiveStateKind, Visibility};
use crate::instead::Instead;
use crate::visit::Web;

document!(RecordingAbout, "documents/desk/recording-about.graphql");
document!(RecordingGround, "documents/desk/recording-ground.graphql");
document!(OpenActions, "documents/desk/open-actions.graphql");
document!(NextAgenda, "documents/desk/next-agenda.graphql");

use open_actions::OpenActionsActionsNodes as Open;
use recording_about::RecordingAboutNode as About;
use recording_ground::{
    RecordingGroundActionPlan as OfMeetings, RecordingGroundCompact as Compact,
};

/// An item that is to be spoken of.
pub struct Expected {
    /// Its id, where it is on an agenda.
    pub id: Option<String>,
    /// Its heading.
    pub title: String,
    /// What is to be known beforehand.
    pub note: Option<String>,
}

/// An objective, with the actions under it that are open.
pub struct Objective {
    /// Its id.
    pub id: String,
    /// Its label in its plan.
    pub label: String,
    /// What is to be reached.
    pub title: String,
    /// What is being done for it.
    pub actions: Vec<Doing>,
}

/// An action that is open.
pub struct Doing {
    /// Its id.
    pub id: String,
    /// What will be done, and by when.
    pub text: String,
}

/// A plan whose objectives can be spoken of.
pub struct Plan {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How far it is let out.
    pub visibility: Visibility,
    /// Whether it is the plan of the group that meets.
    pub own: bool,
    /// Its objectives.
    pub objectives: Vec<Objective>,
}

/// What the form of a meeting stands on.
pub struct Ground {
    /// The group or the called meeting, as addresses name it.
    pub about: String,
    /// The meeting, where it was called.
    pub meeting: Option<String>,
    /// The group's id.
    pub group: String,
    /// The group's name.
    pub group_name: String,
    /// How far the meeting is let out already.
    pub visibility: Visibility,
    /// The day for which it was called.
    pub on: Option<Date>,
    /// The time and the place for which it was called.
    pub arranged: (Option<String>, Option<String>),
    /// What is on its agenda.
    pub agenda: Vec<Expected>,
    /// The plans, the group's own first.
    pub plans: Vec<Plan>,
    /// The group's plan of actions from its meetings; as it will be, where there is none yet.
    pub of_meetings: Plan,
    /// Whether that plan is there already.
    pub has_plan_of_meetings: bool,
    /// Who may have come.
    pub may_come: MayCome,
}

impl Plan {
    /// A group's plan of actions from its meetings, as it is set with the first of them.
    fn of_meetings_to_be(group: &str) -> Self {
        let id = NodeId::expect(NodeKind::Group, group).map(|group| {
            let plan = ActionPlanId::of_meetings(GroupId::new(group.uuid()));
            NodeId::new(NodeKind::ActionPlan, group.ledger, plan.uuid()).encode()
        });
        Self {
            id: id.map_or_else(|_| String::new(), |id| id.0),
            title: "Actions from meetings".to_owned(),
            visibility: Visibility::Draft,
            own: true,
            objectives: Vec::new(),
        }
    }

    fn of_meetings(there: OfMeetings) -> Self {
        Self {
            id: there.id,
            title: there.title,
            visibility: there.visibility,
            own: true,
            objectives: Vec::new(),
        }
    }
}

impl Ground {
    /// What the meeting that `about` names stands on: a group, or a meeting that was called.
    ///
    /// # Errors
    /// [`Instead::NotHere`] where there is no such thing in this compact, or the meeting is recorded or called off.
    pub async fn find(web: &Web, desk: &Desk, about: &str) -> Result<Self, Instead> {
        let variables = recording_about::Variables {
            about: about.to_owned(),
        };
        let answer = ask::<RecordingAbout>(&web.gateway, variables, desk.looker.caller()).await?;
        let begun = Self::begun(answer.node, about, &desk.place.id).ok_or(Instead::NotHere)?;
        let mut ground = begun.with_plans(web, desk).await?;
        ground.may_come = MayCome::find(web, desk, &ground.group).await?;
        Ok(ground)
    }

    /// What stands beside an item of a meeting that this group held: its plans.
    ///
    /// # Errors
    /// When the schema does not answer.
    pub async fn of_group(
        web: &Web,
        desk: &Desk,
        group: (String, String),
    ) -> Result<Self, Instead> {
        Self::bare("", group).with_plans(web, desk).await
    }

    async fn with_plans(mut self, web: &Web, desk: &Desk) -> Result<Self, Instead> {
        let variables = recording_ground::Variables {
            compact: desk.place.id.clone(),
            plan_of_meetings: self.of_meetings.id.clone(),
        };
        let answer = ask::<RecordingGround>(&web.gateway, variables, desk.looker.caller()).await?;
        let compact = answer.compact.ok_or(Instead::NotHere)?;
        let open = open(web, desk).await?;
        self.plans = plans(&compact, &self.group, &open);
        if let Some(there) = answer.action_plan {
            self.of_meetings = Plan::of_meetings(there);
            self.has_plan_of_meetings = true;
        }
        Ok(self)
    }

    /// What a meeting of this group stands on before anything is known of it.
    pub(super) fn bare(about: &str, (group, group_name): (String, String)) -> Self {
        Self {
            about: about.to_owned(),
            meeting: None,
            of_meetings: Plan::of_meetings_to_be(&group),
            group,
            group_name,
            visibility: Visibility::Draft,
            on: None,
            arranged: (None, None),
            agenda: Vec::new(),
            plans: Vec::new(),
            has_plan_of_meetings: false,
            may_come: MayCome::default(),
        }
    }

    fn begun(node: Option<About>, about: &str, compact: &str) -> Option<Self> {
        match node? {
            About::Group(group) if group.compact.id == compact => {
                Some(Self::bare(about, (group.id, group.name)))
            }
            About::Meeting(meeting) if meeting.held_on.is_none() && meeting.cancelled.is_none() => {
                let group = meeting.group.filter(|group| group.compact.id == compact)?;
                let when = meeting.arrangement;
                let agenda = meeting.agenda.into_iter().map(|item| Expected {
                    id: Some(item.item_id),
                    title: item.title,
                    note: item.note,
                });
                Some(Self {
                    meeting: Some(meeting.id),
                    visibility: meeting.visibility.unwrap_or(Visibility::Draft),
                    on: when.as_ref().and_then(|when| when.on),
                    arranged: when.map_or((None, None), |when| (when.time, when.venue)),
                    agenda: agenda.collect(),
                    ..Self::bare(about, (group.id, group.name))
                })
            }
            _ => None,
        }
    }

    /// What is to be spoken of on that day: the agenda as it was set, or else as the record proposes it.
    ///
    /// # Errors
    /// When the schema does not answer.
    pub async fn expected(
        &self,
        web: &Web,
        desk: &Desk,
        on: Option<Date>,
    ) -> Result<Vec<Expected>, Instead> {
        use next_agenda::NextAgendaNode as Node;
        let variables = next_agenda::Variables {
            group: self.group.clone(),
            on,
        };
        let answer = ask::<NextAgenda>(&web.gateway, variables, desk.looker.caller()).await?;
        let Some(Node::Group(group)) = answer.node else {
            return Ok(Vec::new());
        };
        let proposed = group.next_paper.into_iter().flat_map(|paper| paper.agenda);
        let proposed = proposed.map(|item| Expected {
            id: None,
            title: item.title,
            note: item.note,
        });
        Ok(proposed.collect())
    }

    /// The plan that is there and that what has a heading of its own can stand in: that of the group's meetings, or else the group's own.
    pub fn plan_of_headings(&self) -> Option<&Plan> {
        let own = || self.plans.iter().find(|plan| plan.own);
        Some(&self.of_meetings)
            .filter(|_| self.has_plan_of_meetings)
            .or_else(own)
    }

    /// The plan an objective belongs to.
    pub fn plan_of(&self, objective: &str) -> Option<&Plan> {
        let has = |plan: &&Plan| plan.objectives.iter().any(|one| one.id == objective);
        self.plans.iter().find(has)
    }

    /// An objective of one of the plans.
    pub fn objective(&self, id: &str) -> Option<&Objective> {
        let mut all = self.plans.iter().flat_map(|plan| &plan.objectives);
        all.find(|objective| objective.id == id)
    }
}

/// The plans whose objectives can be spoken of: the group's own, and where it steers, everybody's.
fn plans(compact: &Compact, group: &str, open: &[Open]) -> Vec<Plan> {
    let steers = compact
        .groups
        .iter()
        .any(|one| one.id == group && one.kind == GroupKind::Steering);
    let mut plans: Vec<Plan> = Vec::new();
    for plan in &compact.action_plans.nodes {
        let own = plan.group.as_ref().is_some_and(|of| of.id == group);
        if !own && !steers {
            continue;
        }
        let pursued = plan.objectives.nodes.iter();
        let pursued = pursued.filter(|one| one.state.kind != ObjectiveStateKind::Dropped);
        let objectives = pursued.map(|objective| Objective {
            id: objective.id.clone(),
            label: objective.ref_.clone(),
            title: objective.title.clone(),
            actions: doing(open, &objective.id),
        });
        plans.push(Plan {
            id: plan.id.clone(),
            title: plan.title.clone(),
            visibility: plan.visibility,
            own,
            objectives: objectives.collect(),
        });
    }
    plans.retain(|plan| !plan.objectives.is_empty());
    plans.sort_by_key(|plan| !plan.own);
    plans
}

fn doing(open: &[Open], objective: &str) -> Vec<Doing> {
    let under = open
        .iter()
        .filter(|action| action.objective.id == objective);
    under
        .map(|action| Doing {
            id: action.id.clone(),
            text: match &action.timescale {
                Some(when) => format!("{} ({})", action.text, when.text),
                None => action.text.clone(),
            },
        })
        .collect()
}

/// How many pages of a list are offered to choose from.
const MOST_PAGES: usize = 20;

async fn open(web: &Web, desk: &Desk) -> Result<Vec<Open>, Instead> {
    let mut open = Vec::new();
    let mut after = None;
    for _ in 0..MOST_PAGES {
        let variables = open_actions::Variables {
            compact: desk.place.id.clone(),
            after,
        };
        let answer = ask::<OpenActions>(&web.gateway, variables, desk.looker.caller()).await?;
        let page = answer.actions;
        open.extend(page.nodes);
        after = page.page_info.end_cursor;
        if !page.page_info.has_next_page {
            break;
        }
    }
    Ok(open)
}
