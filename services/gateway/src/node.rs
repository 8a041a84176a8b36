//! Node ids: one id for anything, opaque to clients, telling the gateway which ledger to look in.
//!
//! Underneath is `type:ledger:id`. A part of an aggregate (a measure of a commitment, an action of a plan)
//! has `whole/part` for its id, so that it is found, and changed, without asking where it belongs; a
//! theme, whose identity is its code, has the code.

use std::fmt;
use std::str::FromStr;

use async_graphql::ID;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::ids::LedgerId;
use uuid::Uuid;

/// The kinds of things that have a node id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NodeKind {
    /// The region.
    Region,
    /// A theme of the region; its id is its code.
    Theme,
    /// An indicator of the region.
    Indicator,
    /// An organisation of the region.
    Organisation,
    /// A compact.
    Compact,
    /// A group of a compact.
    Group,
    /// A commitment.
    Commitment,
    /// An impact measure of a commitment.
    Measure,
    /// A reading against a measure.
    Reading,
    /// An achievement reported for a commitment.
    Achievement,
    /// What a reading or an achievement rests on.
    Evidence,
    /// An assessment or a challenge, in the region's ledger.
    Assessment,
    /// A group's action plan.
    ActionPlan,
    /// An objective of a plan.
    Objective,
    /// An action of a plan.
    Action,
    /// An update to a plan.
    Update,
    /// A meeting of a group.
    Meeting,
    /// A person a compact has written down.
    Person,
    /// An item of a meeting's minutes.
    MeetingItem,
    /// A piece of good practice.
    GoodPractice,
    /// A question about a piece of good practice.
    PracticeQuestion,
    /// That a piece of good practice was taken up.
    Adoption,
}

impl NodeKind {
    /// Every kind there is.
    pub const ALL: [Self; 22] = [
        Self::Region,
        Self::Theme,
        Self::Indicator,
        Self::Organisation,
        Self::Compact,
        Self::Group,
        Self::Commitment,
        Self::Measure,
        Self::Reading,
        Self::Achievement,
        Self::Evidence,
        Self::Assessment,
        Self::ActionPlan,
        Self::Objective,
        Self::Action,
        Self::Update,
        Self::Meeting,
        Self::Person,
        Self::MeetingItem,
        Self::GoodPractice,
        Self::PracticeQuestion,
        Self::Adoption,
    ];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Theme => "theme",
            Self::Indicator => "indicator",
            Self::Organisation => "organisation",
            Self::Compact => "compact",
            Self::Group => "group",
            Self::Commitment => "commitment",
            Self::Measure => "measure",
            Self::Reading => "reading",
            Self::Achievement => "achievement",
            Self::Evidence => "evidence",
            Self::Assessment => "assessment",
            Self::ActionPlan => "action-plan",
            Self::Objective => "objective",
            Self::Action => "action",
            Self::Update => "update",
            Self::Meeting => "meeting",
            Self::Person => "person",
            Self::MeetingItem => "meeting-item",
            Self::GoodPractice => "good-practice",
            Self::PracticeQuestion => "practice-question",
            Self::Adoption => "adoption",
        }
    }

    /// The kind in words, without an article.
    pub fn noun(self) -> &'static str {
        let words = self.words();
        words.split_once(' ').map_or(words, |(_, noun)| noun)
    }

    /// What this is a part of, when it is a part of an aggregate with a stream of its own.
    pub const fn whole(self) -> Option<Self> {
        match self {
            Self::Measure | Self::Reading | Self::Achievement | Self::Evidence => {
                Some(Self::Commitment)
            }
            Self::Objective | Self::Action | Self::Update => Some(Self::ActionPlan),
            Self::MeetingItem => Some(Self::Meeting),
            Self::PracticeQuestion => Some(Self::GoodPractice),
            _ => None,
        }
    }

    /// The kind in words, with its article: "a commitment".
    pub const fn words(self) -> &'static str {
        match self {
            Self::Region => "the region",
            Self::Theme => "a theme",
            Self::Indicator => "an indicator",
            Self::Organisation => "an organisation",
            Self::Compact => "a compact",
            Self::Group => "a group",
            Self::Commitment => "a commitment",
            Self::Measure => "an impact measure",
            Self::Reading => "a reading",
            Self::Achievement => "an achievement",
            Self::Evidence => "some evidence",
            Self::Assessment => "an assessment",
            Self::ActionPlan => "an action plan",
            Self::Objective => "an objective",
            Self::Action => "an action",
            Self::Update => "an update",
            Self::Meeting => "a meeting",
            Self::Person => "a person",
            Self::MeetingItem => "an item of the minutes",
            Self::GoodPractice => "a good practice",
            Self::PracticeQuestion => "a question about a good practice",
            Self::Adoption => "an adoption",
        }
    }
}

/// A decoded node id.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId {
    /// What it names.
    pub kind: NodeKind,
    /// The ledger it is in.
    pub ledger: LedgerId,
    /// Which one it is there.
    pub key: NodeKey,
}

/// Which thing of a ledger.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NodeKey {
    /// Something with an id of its own.
    Id(Uuid),
    /// A part of an aggregate.
    Part {
        /// The aggregate.
        whole: Uuid,
        /// The part.
        part: Uuid,
    },
    /// A theme.
    Code(String),
}

/// Why a node id could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this does not lead to {}; choose again from what is shown, and send it then", .expected.map_or("anything here", NodeKind::words))]
pub struct NotANode {
    expected: Option<NodeKind>,
}

impl NodeId {
    /// The node id of something with an id of its own.
    pub const fn new(kind: NodeKind, ledger: LedgerId, id: Uuid) -> Self {
        let key = NodeKey::Id(id);
        Self { kind, ledger, key }
    }

    /// The node id of a part of an aggregate.
    pub const fn part(kind: NodeKind, ledger: LedgerId, whole: Uuid, part: Uuid) -> Self {
        let key = NodeKey::Part { whole, part };
        Self { kind, ledger, key }
    }

    /// The node id of a theme.
    pub fn theme(ledger: LedgerId, code: &str) -> Self {
        Self {
            kind: NodeKind::Theme,
            ledger,
            key: NodeKey::Code(code.to_owned()),
        }
    }

    /// The id as sent to clients.
    pub fn encode(&self) -> ID {
        ID(URL_SAFE_NO_PAD.encode(self.to_string()))
    }

    /// Reads an id of any kind.
    ///
    /// # Errors
    /// [`NotANode`] when it was not made here.
    pub fn decode(id: &str) -> Result<Self, NotANode> {
        let refused = NotANode { expected: None };
        let bytes = URL_SAFE_NO_PAD.decode(id).map_err(|_| refused)?;
        let text = String::from_utf8(bytes).map_err(|_| refused)?;
        text.parse()
    }

    /// Reads an id that must name something of this kind.
    ///
    /// # Errors
    /// [`NotANode`] when it names something else, or nothing.
    pub fn expect(kind: NodeKind, id: &str) -> Result<Self, NotANode> {
        let expected = Some(kind);
        let node = Self::decode(id).map_err(|_| NotANode { expected })?;
        if node.kind == kind {
            Ok(node)
        } else {
            Err(NotANode { expected })
        }
    }

    /// The UUID of what it names; nil for a theme, which has none.
    pub const fn uuid(&self) -> Uuid {
        match &self.key {
            NodeKey::Id(id) => *id,
            NodeKey::Part { part, .. } => *part,
            NodeKey::Code(_) => Uuid::nil(),
        }
    }

    /// The aggregate it is a part of, or itself.
    #[must_use]
    pub fn whole(&self) -> Self {
        match (&self.key, self.kind.whole()) {
            (NodeKey::Part { whole, .. }, Some(kind)) => Self::new(kind, self.ledger, *whole),
            _ => self.clone(),
        }
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, ledger) = (self.kind.as_str(), self.ledger.uuid().simple());
        match &self.key {
            NodeKey::Id(id) => write!(f, "{kind}:{ledger}:{}", id.simple()),
            NodeKey::Part { whole, part } => {
                write!(f, "{kind}:{ledger}:{}/{}", whole.simple(), part.simple())
            }
            NodeKey::Code(code) => write!(f, "{kind}:{ledger}:{code}"),
        }
    }
}

impl FromStr for NodeId {
    type Err = NotANode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        read(text).ok_or(NotANode { expected: None })
    }
}

fn read(text: &str) -> Option<NodeId> {
    let mut parts = text.splitn(3, ':');
    let (kind, ledger, key) = (parts.next()?, parts.next()?, parts.next()?);
    let kind = NodeKind::ALL
        .into_iter()
        .find(|known| known.as_str() == kind)?;
    let key = match (kind, kind.whole()) {
        (NodeKind::Theme, _) => (!key.is_empty()).then(|| NodeKey::Code(key.to_owned()))?,
        (_, None) => NodeKey::Id(key.parse().ok()?),
        (_, Some(_)) => {
            let (whole, part) = key.split_once('/')?;
            NodeKey::Part {
                whole: whole.parse().ok()?,
                part: part.parse().ok()?,
            }
        }
    };
    let ledger = ledger.parse().ok()?;
    Some(NodeId { kind, ledger, key })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEDGER: Uuid = Uuid::from_u128(7);

    #[test]
    fn a_node_id_reads_back_as_what_it_names() {
        for kind in NodeKind::ALL {
            let (whole, id) = (Uuid::from_u128(9), Uuid::from_u128(11));
            let node = match (kind, kind.whole()) {
                (NodeKind::Theme, _) => NodeId::theme(LEDGER.into(), "skills-pledge"),
                (_, None) => NodeId::new(kind, LEDGER.into(), id),
                (_, Some(_)) => NodeId::part(kind, LEDGER.into(), whole, id),
            };
            let id = node.encode();
            assert_eq!(NodeId::decode(&id), Ok(node.clone()));
            assert_eq!(NodeId::expect(kind, &id), Ok(node));
        }
    }

    #[test]
    fn what_was_not_made_here_is_refused() {
        let wrong = [
            String::new(),
            "commitment".to_owned(),
            Uuid::nil().to_string(),
            URL_SAFE_NO_PAD.encode("commitment:x:y"),
            URL_SAFE_NO_PAD.encode(format!("commitment:{LEDGER}:1")),
            URL_SAFE_NO_PAD.encode(format!("theme:{LEDGER}:")),
            URL_SAFE_NO_PAD.encode(format!("action:{LEDGER}:{LEDGER}")),
            URL_SAFE_NO_PAD.encode(format!("somebody:{LEDGER}:{LEDGER}")),
            URL_SAFE_NO_PAD.encode([0xFF, 0xFE]),
        ];
        for id in wrong {
            assert!(NodeId::decode(&id).is_err(), "{id}");
        }
    }

    #[test]
    fn an_id_of_another_kind_is_refused_by_name() {
        let group = NodeId::new(NodeKind::Group, LEDGER.into(), LEDGER).encode();
        let refused =
            NodeId::expect(NodeKind::Commitment, &group).map_err(|error| error.to_string());
        assert_eq!(
            refused,
            Err(
                "this does not lead to a commitment; choose again from what is shown, and send it then"
                    .to_owned()
            )
        );
    }
}
