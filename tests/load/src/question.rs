//! What people ask most.

use serde_json::{Value, json};

use crate::place::Place;

/// One question, and what it is about.
pub struct Question {
    /// What it is called in the report.
    pub name: &'static str,
    /// The query.
    pub query: &'static str,
    /// Its variables, for one compact.
    pub about: fn(&Place) -> Value,
    /// Whether the public is not told: how things stood, and the region's totals.
    pub signed_in: bool,
    /// Where in the answer something must stand, as a JSON pointer.
    pub must_have: &'static str,
}

const fn of_compact(name: &'static str, query: &'static str, must_have: &'static str) -> Question {
    Question {
        name,
        query,
        about: |place| json!({ "compact": place.compact }),
        signed_in: false,
        must_have,
    }
}

/// What good practice is searched for; each compact asks for another.
const WORDS: [&str; 5] = [
    "literacy and numeracy",
    "job shadowing",
    "equallity trianing",
    "mentoring managers",
    "shared tutor",
];

fn words(place: &Place) -> Value {
    let sum: usize = place.compact.bytes().map(usize::from).sum();
    json!({ "words": WORDS[sum % WORDS.len()] })
}

/// All of them, in the order in which somebody comes upon them.
pub const QUESTIONS: &[Question] = &[
    of_compact(
        "compacts of the region",
        include_str!("../queries/compacts.graphql"),
        "/data/compacts/nodes/0/name",
    ),
    of_compact(
        "a compact's front page",
        include_str!("../queries/front.graphql"),
        "/data/compact/groups/0/name",
    ),
    of_compact(
        "a page of commitments with progress",
        include_str!("../queries/commitments.graphql"),
        "/data/commitments/nodes/0/measures/0/progress",
    ),
    Question {
        name: "one commitment with its figures",
        query: include_str!("../queries/commitment.graphql"),
        about: |place| json!({ "commitment": place.commitment }),
        signed_in: false,
        must_have: "/data/commitment/measures/0/readings/nodes/0/value",
    },
    Question {
        name: "one plan with actions and updates",
        query: include_str!("../queries/plan.graphql"),
        about: |place| json!({ "plan": place.plan }),
        signed_in: false,
        must_have: "/data/actionPlan/objectives/nodes/0/actions/nodes/0/text",
    },
    Question {
        name: "that plan as it was half-way",
        query: include_str!("../queries/plan-as-of.graphql"),
        about: |place| json!({ "plan": place.plan, "on": place.half_way }),
        signed_in: true,
        must_have: "/data/actionPlan/objectives/nodes/0/title",
    },
    of_compact(
        "open actions, overdue first",
        include_str!("../queries/actions.graphql"),
        "/data/actions/nodes/0/text",
    ),
    of_compact(
        "a compact's meetings",
        include_str!("../queries/meetings.graphql"),
        "/data/compact/calendar/nodes/0/heldOn",
    ),
    Question {
        name: "one meeting with its minutes",
        query: include_str!("../queries/meeting.graphql"),
        about: |place| json!({ "meeting": place.meeting }),
        signed_in: false,
        must_have: "/data/node/items/0/title",
    },
    Question {
        name: "progress of the region by theme",
        query: include_str!("../queries/progress.graphql"),
        about: |place| json!({ "session": place.session }),
        signed_in: true,
        must_have: "/data/progress/totals/nodes/0/name",
    },
    Question {
        name: "who undertakes what under each theme",
        query: include_str!("../queries/undertakings.graphql"),
        about: |place| json!({ "session": place.session }),
        signed_in: false,
        must_have: "/data/region/undertakings/nodes/0/undertakings/nodes/0/commitment/title",
    },
    Question {
        name: "a search for good practice",
        query: include_str!("../queries/search.graphql"),
        about: words,
        signed_in: false,
        must_have: "/data/region/searchPractices/hits/nodes/0/goodPractice/theme/name",
    },
];
