//! What is being typed of a meeting, kept as its owner's draft until it is recorded (decision 09): the form's fields as they stand.

use chrono::{DateTime as Moment, Utc};

use crate::ask::ask;
use crate::change::{Changed, change};
use crate::desk::Desk;
use crate::documents::document;
use crate::documents::scalars::DateTime;
use crate::form::{Fields, Problems};
use crate::instead::Instead;
use crate::mentions::name_again;
use crate::visit::Web;

document!(Drafts, "documents/desk/drafts.graphql");
document!(SaveDraft, "documents/desk/save-draft.graphql");
document!(DiscardDraft, "documents/desk/discard-draft.graphql");

/// What was typed, and when it was kept.
pub struct Kept {
    /// The form.
    pub fields: Fields,
    /// When it was kept last.
    pub saved_at: Moment<Utc>,
    /// Which version that is.
    pub version: i64,
}

/// What somebody is typing about this group or meeting; nothing where they are not.
///
/// # Errors
/// When the schema does not answer.
pub async fn find(web: &Web, desk: &Desk, about: &str) -> Result<Option<Kept>, Instead> {
    let variables = drafts::Variables {
        compact: desk.place.id.clone(),
    };
    let answer = ask::<Drafts>(&web.gateway, variables, desk.looker.caller()).await?;
    let drafts = answer.viewer.into_iter().flat_map(|viewer| viewer.drafts);
    let mut of_it = drafts.filter(|draft| draft.about_id.as_deref() == Some(about));
    let found = of_it.next().and_then(|draft| {
        let typed: Vec<(String, String)> = serde_json::from_str(&draft.content?).ok()?;
        Some((typed, draft.saved_at, draft.version))
    });
    let Some((typed, saved_at, version)) = found else {
        return Ok(None);
    };
    let fields = name_again((web, &desk.looker), &desk.place, typed).await?;
    Ok(Some(Kept {
        fields: fields.into_iter().collect(),
        saved_at,
        version,
    }))
}

/// Keeps what was typed. Says which version that is and when it was kept, or what is wrong.
///
/// # Errors
/// When it cannot be sent.
pub async fn keep(
    web: &Web,
    desk: &Desk,
    (about, fields): (&str, &Fields),
    expected: Option<i64>,
) -> Result<Result<(i64, Moment<Utc>), Problems>, Instead> {
    let typed: Vec<(&str, &str)> = fields.iter().collect();
    let content = serde_json::to_string(&typed).unwrap_or_default();
    let input = save_draft::SaveDraftInput {
        about_id: about.to_owned(),
        content,
        expected_version: expected,
    };
    let sent = save_draft::Variables { input };
    let changed = change::<SaveDraft>(&web.gateway, sent, desk.looker.caller()).await?;
    Ok(match changed {
        Changed::ToMend(problems) => Err(problems),
        Changed::Done(done) => {
            let saved = done.answer.save_draft.and_then(|saved| saved.draft);
            let draft = saved.ok_or(Instead::AskLater)?;
            Ok((draft.version, draft.saved_at))
        }
    })
}

/// Throws away what was typed.
///
/// # Errors
/// When it cannot be sent.
pub async fn discard(web: &Web, desk: &Desk, about: &str) -> Result<(), Instead> {
    let input = discard_draft::DiscardDraftInput {
        about_id: about.to_owned(),
    };
    let sent = discard_draft::Variables { input };
    change::<DiscardDraft>(&web.gateway, sent, desk.looker.caller()).await?;
    Ok(())
}
