//! What stood somewhere in a plan, in words: the same wherever two points of its history are compared.

use crate::documents::words::{ActionState, ObjectiveStateKind, Visibility};
use crate::uk;

/// A value in a plan: as much of this as it has. Documents that ask for a `PlanValue` make it by [`plan_value`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Value<'v> {
    /// A title, a ref, what an action or an update says, who owns an action.
    pub text: Option<&'v str>,
    /// How one will know.
    pub indicator: Option<&'v str>,
    /// When.
    pub timescale: Option<&'v str>,
    /// Where an action stands.
    pub action_state: Option<ActionState>,
    /// The action it goes on as part of.
    pub merged_into: Option<&'v str>,
    /// How an objective is pursued, with what was noted of it.
    pub objective_state: Option<(ObjectiveStateKind, Option<&'v str>)>,
    /// The commitment that is served: its ref, its session, its title.
    pub commitment: Option<(&'v str, &'v str, &'v str)>,
    /// How far the plan is let out.
    pub visibility: Option<Visibility>,
}

/// The value that a document's fragment on `PlanValue` has asked for.
macro_rules! plan_value {
    ($value:expr) => {{
        let value = $value;
        $crate::compact::plan::value::Value {
            text: value.text.as_deref(),
            indicator: value.indicator.as_deref(),
            timescale: value.timescale.as_ref().map(|it| it.text.as_str()),
            action_state: value.action_state,
            merged_into: value.merged_into.as_ref().map(|it| it.text.as_str()),
            objective_state: value
                .objective_state
                .as_ref()
                .map(|it| (it.kind, it.note.as_deref())),
            commitment: value
                .commitment
                .as_ref()
                .map(|it| (it.ref_.as_str(), it.session.as_str(), it.title.as_str())),
            visibility: value.visibility,
        }
    }};
}

pub(crate) use plan_value;

impl Value<'_> {
    /// In words; none where nothing stood there.
    pub fn in_words(&self) -> Option<String> {
        let state = self.action_state.map(|state| match self.merged_into {
            Some(into) => format!("{}: “{into}”", state.words()),
            None => state.words().to_owned(),
        });
        let pursued = self.objective_state.map(|(kind, note)| match note {
            // People write it into their note as well.
            Some(note) if note.starts_with(kind.words()) => note.to_owned(),
            Some(note) => format!("{}: {note}", kind.words()),
            None => kind.words().to_owned(),
        });
        let serves = self.commitment.map(|(label, session, title)| {
            let session = uk::session(session);
            format!("serves commitment {label} of {session}, {title}")
        });
        let parts = [
            self.text.map(str::to_owned),
            self.indicator.map(|words| format!("known by: {words}")),
            self.timescale.map(str::to_owned),
            state,
            pursued,
            serves,
            self.visibility.map(|it| it.words().to_owned()),
        ];
        let said: Vec<String> = parts.into_iter().flatten().collect();
        (!said.is_empty()).then(|| said.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_much_is_said_as_there_is_and_nothing_of_what_is_empty() {
        assert_eq!(Value::default().in_words(), None);
        let worded = Value {
            text: Some("Passports"),
            indicator: Some("25 in use"),
            ..Value::default()
        };
        assert_eq!(
            worded.in_words().as_deref(),
            Some("Passports; known by: 25 in use")
        );
        let merged = Value {
            action_state: Some(ActionState::Merged),
            merged_into: Some("Agree a format"),
            ..Value::default()
        };
        assert_eq!(
            merged.in_words().as_deref(),
            Some("Merged into another: “Agree a format”")
        );
        let pursued = |note| Value {
            objective_state: Some((ObjectiveStateKind::NoneAtPresent, Some(note))),
            ..Value::default()
        };
        let noted = pursued("No action at present. A pilot was discussed.").in_words();
        assert_eq!(
            noted.as_deref(),
            Some("No action at present. A pilot was discussed.")
        );
        let noted = pursued("A pilot was discussed.").in_words();
        assert_eq!(
            noted.as_deref(),
            Some("No action at present: A pilot was discussed.")
        );
        let serves = Value {
            commitment: Some(("4", "2008-09", "Leadership")),
            ..Value::default()
        };
        assert_eq!(
            serves.in_words().as_deref(),
            Some("serves commitment 4 of 2008 to 2009, Leadership")
        );
    }
}
