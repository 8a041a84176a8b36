//! The papers of a meeting at the desk: a file or a link is added, and taken back with a reason.

use super::{Desk, to_mend as problems_of};
use crate::change::change;
use crate::desk::posting::files;
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::form::{Field, Fields, Problems, Upload};
use crate::instead::Instead;
use crate::visit::Web;

document!(AddMeetingPaper, "documents/desk/add-meeting-paper.graphql");
document!(
    WithdrawMeetingPaper,
    "documents/desk/withdraw-meeting-paper.graphql"
);

/// The form that adds one.
pub struct NewPaper {
    pub title: Field,
    pub file: Upload,
    pub link: Field,
}

impl NewPaper {
    /// An empty one.
    pub fn new() -> Self {
        Self {
            title: Field::words("title", "What is it called?"),
            file: Upload::new("file", "The paper"),
            link: Field {
                kind: "url",
                ..Field::new("link", "Or where it can be seen", "off")
            }
            .hinting("The address of a page, beginning with https://"),
        }
    }

    /// The same as it was sent, with what is wrong.
    #[must_use]
    pub fn sent(self, fields: &Fields, problems: &Problems) -> Self {
        Self {
            title: self.title.sent(fields, problems),
            file: self.file.sent(fields, problems),
            link: self.link.sent(fields, problems),
        }
    }
}

/// The field for why a paper is taken back.
pub fn reason_of(paper: &UUID) -> Field {
    Field::words(format!("reasons.{paper}"), "Why?")
}

/// Does what a form about papers says. What is wrong, where something is.
///
/// # Errors
/// When it cannot be sent.
pub async fn record(
    at: (&Web, &Desk),
    meeting: &str,
    fields: &Fields,
) -> Result<Option<Problems>, Instead> {
    match fields.one("step") {
        "added" => add(at, meeting, fields).await,
        "taken-back" => take_back(at, meeting, fields).await,
        _ => Err(Instead::NotHere),
    }
}

async fn add(
    (web, desk): (&Web, &Desk),
    meeting: &str,
    fields: &Fields,
) -> Result<Option<Problems>, Instead> {
    let sent = files(fields, "file", |hash, name| add_meeting_paper::FileInput {
        hash,
        name,
    });
    let mut sent = sent.into_iter();
    let (file, second) = (sent.next(), sent.next());
    let link = fields.some("link");
    let mut wrong = Problems::default();
    match (&file, &link) {
        (None, None) => wrong.add(
            "file",
            "choose a file, or give a link to where it can be seen",
        ),
        (Some(_), Some(_)) => wrong.add("link", "give a file or a link, and not both"),
        _ if second.is_some() => wrong.add("file", "add one paper at a time; leave the other out"),
        _ => {}
    }
    if fields.some("title").is_none() {
        wrong.add("title", "say what it is called");
    }
    if !wrong.is_empty() {
        return Ok(Some(wrong));
    }
    let input = add_meeting_paper::AddMeetingPaperInput {
        meeting_id: meeting.to_owned(),
        title: fields.some("title").unwrap_or_default(),
        file,
        link: link.map(|url| add_meeting_paper::LinkInput { note: None, url }),
        command_id: fields.command(),
        ..Default::default()
    };
    let sent = add_meeting_paper::Variables { input };
    let caller = desk.looker.caller();
    let changed = change::<AddMeetingPaper>(&web.gateway, sent, caller).await?;
    let problems = problems_of(changed).map(|problems| Upload::gathered(problems, "file"));
    Ok(problems.map(|problems| Upload::gathered(problems, "link")))
}

async fn take_back(
    (web, desk): (&Web, &Desk),
    meeting: &str,
    fields: &Fields,
) -> Result<Option<Problems>, Instead> {
    let paper: UUID = fields.one("paper").parse().map_err(|_| Instead::NotHere)?;
    let at = format!("reasons.{paper}");
    let input = withdraw_meeting_paper::WithdrawMeetingPaperInput {
        meeting_id: meeting.to_owned(),
        paper,
        reason: fields.text(&at).unwrap_or_default(),
        command_id: fields.command(),
        ..Default::default()
    };
    let sent = withdraw_meeting_paper::Variables { input };
    let caller = desk.looker.caller();
    let changed = change::<WithdrawMeetingPaper>(&web.gateway, sent, caller).await?;
    let at_field = |field: &str| match field {
        "reason" => at.clone(),
        other => other.to_owned(),
    };
    Ok(problems_of(changed).map(|problems| problems.renamed(at_field)))
}
