//! The form of a piece of good practice: what is done, who does it, what shows that it works, and what others need to do the same.

use gateway::Caller;

use super::Practice;
use crate::change::{Changed, change};
use crate::desk::Desk;
use crate::desk::posting::files;
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::form::{Area, Choice, Field, Fields, Problems, Select, Sent, Upload};
use crate::instead::Instead;
use crate::visit::Web;

document!(WritePractice, "documents/desk/write-practice.graphql");
document!(RevisePractice, "documents/desk/revise-practice.graphql");

use revise_practice::RevisePracticeInput as Revised;
use write_practice::WritePracticeInput as Written;

/// How many empty rows there are for more links.
const MORE_LINKS: usize = 2;

/// The fields of the form.
pub struct Sheet {
    pub title: Field,
    pub theme: Select,
    pub organisation: Select,
    pub summary: Area,
    pub contact: Field,
    pub links: Vec<(Field, Field)>,
    pub evidence_files: Upload,
    pub documents: Upload,
}

/// What there is to choose from.
pub struct Ground {
    pub themes: Vec<Choice>,
    pub organisations: Vec<Choice>,
}

impl Ground {
    /// What there is for whoever works at the desk.
    ///
    /// # Errors
    /// When the schema does not answer.
    pub async fn find(web: &Web, desk: &Desk) -> Result<Self, Instead> {
        Ok(Self {
            themes: web.themes(desk).await?,
            organisations: crate::desk::register(web, desk).await?,
        })
    }
}

impl Sheet {
    /// An empty one.
    pub fn new(ground: Ground) -> Self {
        let themes = [Choice::new("", "Choose a theme")].into_iter();
        let own = [Choice::new("", "The compact's own")].into_iter();
        Self {
            title: Field::words("title", "What is it called?")
                .hinting("What is done, in a line. Do not name people in it."),
            theme: Select::new("theme", "Theme", themes.chain(ground.themes)),
            organisation: Select::new(
                "organisationId",
                "Which organisation does it?",
                own.chain(ground.organisations),
            ),
            summary: Area {
                rows: 9,
                ..Area::new("summary", "What is done, and how?").hinting(
                    "So that somebody elsewhere could begin to do it too: who it is for, what it takes, what came of it.",
                )
            },
            contact: Field::words("contact", "Whom to ask")
                .hinting("Such as: the training manager of the council. May be left empty."),
            links: Self::rows(&[]),
            evidence_files: Upload::new("evidenceFiles", "Files that show that it works").many(),
            documents: Upload::new("documents", "Documents others need to do the same")
                .hinting("Such as forms, a programme or slides.")
                .many(),
        }
    }

    /// Rows for links: these, and some that are empty.
    fn rows(links: &[(String, String)]) -> Vec<(Field, Field)> {
        let empty = (0..MORE_LINKS).map(|_| (String::new(), String::new()));
        let all = links.iter().cloned().chain(empty).enumerate();
        let rows = all.map(|(at, (url, note))| {
            let address = Field {
                kind: "url",
                ..Field::new(
                    format!("evidence.{at}.link.url"),
                    format!("Link {}: address", at + 1),
                    "off",
                )
            };
            let seen = format!("Link {}: what is to be seen there", at + 1);
            let note_of = Field::words(format!("evidence.{at}.link.note"), seen);
            (address.with(&url), note_of.with(&note))
        });
        rows.collect()
    }

    /// The same with what a practice says now.
    #[must_use]
    pub fn saying(mut self, practice: &Practice) -> Self {
        let theme = practice.theme.as_ref().map(|theme| theme.code.clone());
        let whose = practice.organisation.as_ref().map(|one| one.id.clone());
        let contact = practice.contact.as_deref().unwrap_or_default();
        self.title = self.title.with(&practice.title);
        self.theme = self.theme.with(theme.unwrap_or_default());
        self.organisation = self.organisation.with(whose.unwrap_or_default());
        self.summary = self.summary.with(&practice.summary);
        self.contact = self.contact.with(contact);
        let links = practice.evidence.iter().filter_map(|one| one.link.as_ref());
        let links = links.map(|link| (link.url.clone(), link.note.clone().unwrap_or_default()));
        self.links = Self::rows(&links.collect::<Vec<_>>());
        let sent = |hash: &String, name: &String| Sent {
            hash: hash.clone(),
            name: name.clone(),
        };
        let shows = practice.evidence.iter().filter_map(|one| one.file.as_ref());
        self.evidence_files = self
            .evidence_files
            .with(shows.map(|file| sent(&file.hash, &file.name)));
        let documents = practice.documents.iter();
        self.documents = self
            .documents
            .with(documents.map(|file| sent(&file.hash, &file.name)));
        self
    }

    /// The same as it was sent, with what is wrong.
    #[must_use]
    pub fn sent(self, fields: &Fields, problems: &Problems) -> Self {
        let there = fields.rows("evidence").last().map_or(0, |last| last + 1);
        let filled = there.saturating_sub(MORE_LINKS);
        let rows = Self::rows(&vec![(String::new(), String::new()); filled]);
        let rows = rows.into_iter();
        let links =
            rows.map(|(url, note)| (url.sent(fields, problems), note.sent(fields, problems)));
        Self {
            title: self.title.sent(fields, problems),
            theme: self.theme.sent(fields, problems),
            organisation: self.organisation.sent(fields, problems),
            summary: self.summary.sent(fields, problems),
            contact: self.contact.sent(fields, problems),
            links: links.collect(),
            evidence_files: self.evidence_files.sent(fields, problems),
            documents: self.documents.sent(fields, problems),
        }
    }
}

/// The rows of links that something was typed into.
fn typed_links(fields: &Fields) -> Vec<(usize, String, Option<String>)> {
    let rows = fields.rows("evidence").into_iter();
    let links = rows.filter_map(|row| {
        let url = fields.some(&format!("evidence.{row}.link.url"));
        let note = fields.some(&format!("evidence.{row}.link.note"));
        (url.is_some() || note.is_some()).then(|| (row, url.unwrap_or_default(), note))
    });
    links.collect()
}

/// What the schema says is wrong, at the fields of the form.
fn at_fields(problems: Problems, fields: &Fields) -> Problems {
    let links = typed_links(fields);
    let problems = problems.renamed(|field| {
        let Some(rest) = field.strip_prefix("evidence.") else {
            return field.to_owned();
        };
        let (at, inside) = rest.split_once('.').unwrap_or((rest, ""));
        let at: usize = at.parse().unwrap_or_default();
        match (links.get(at), inside) {
            (Some((row, ..)), "link.note") => format!("evidence.{row}.link.note"),
            (Some((row, ..)), _) => format!("evidence.{row}.link.url"),
            (None, _) => "evidenceFiles".to_owned(),
        }
    });
    Upload::gathered(problems, "documents").renamed(|field| match field {
        "evidence" => "evidenceFiles".to_owned(),
        other => other.to_owned(),
    })
}

/// What is missing before anything is sent.
pub fn missing(fields: &Fields) -> Problems {
    let mut problems = Problems::default();
    if fields.some("title").is_none() {
        problems.add("title", "say what it is called");
    }
    if fields.some("theme").is_none() {
        problems.add("theme", "choose a theme");
    }
    if fields.text("summary").is_none() {
        problems.add("summary", "say what is done, and how");
    }
    problems
}

macro_rules! evidence_of {
    ($module:ident, $fields:expr) => {{
        let links = typed_links($fields).into_iter();
        let links = links.map(|(_, url, note)| $module::DocumentInput {
            file: None,
            link: Some($module::LinkInput { url, note }),
        });
        let shows = files($fields, "evidenceFiles", |hash, name| {
            $module::DocumentInput {
                file: Some($module::FileInput { hash, name }),
                link: None,
            }
        });
        links.chain(shows).collect()
    }};
}

/// Writes it down. Its id, or what is wrong.
///
/// # Errors
/// When it cannot be sent.
pub async fn write(
    web: &Web,
    desk: &Desk,
    fields: &Fields,
) -> Result<Result<String, Problems>, Instead> {
    let input = Written {
        compact_id: desk.place.id.clone(),
        title: fields.some("title").unwrap_or_default(),
        theme: fields.some("theme").unwrap_or_default(),
        organisation_id: fields.some("organisationId"),
        summary: fields.text("summary").unwrap_or_default(),
        contact: fields.some("contact"),
        evidence: evidence_of!(write_practice, fields),
        documents: files(fields, "documents", |hash, name| {
            write_practice::FileInput { hash, name }
        }),
        command_id: fields.command(),
        ..Default::default()
    };
    let sent = write_practice::Variables { input };
    let changed = change::<WritePractice>(&web.gateway, sent, desk.looker.caller()).await?;
    Ok(match changed {
        Changed::Done(done) => Ok(done.new_id.unwrap_or_default()),
        Changed::ToMend(problems) => Err(at_fields(problems, fields)),
    })
}

/// Revises it. What is wrong, where something is.
///
/// # Errors
/// When it cannot be sent.
pub async fn revise(
    web: &Web,
    caller: Caller,
    (practice, fields): (&Practice, &Fields),
) -> Result<Option<Problems>, Instead> {
    let input = Revised {
        practice_id: practice.id.clone(),
        title: fields.some("title").unwrap_or_default(),
        theme: fields.some("theme").unwrap_or_default(),
        organisation_id: fields.some("organisationId"),
        summary: fields.text("summary").unwrap_or_default(),
        contact: fields.some("contact"),
        evidence: evidence_of!(revise_practice, fields),
        documents: files(fields, "documents", |hash, name| {
            revise_practice::FileInput { hash, name }
        }),
        changed: fields.text("changed"),
        reason: fields.text("reason"),
        command_id: fields.command(),
        expected_version: fields.one("expectedVersion").parse().ok(),
        ..Default::default()
    };
    let sent = revise_practice::Variables { input };
    let changed = change::<RevisePractice>(&web.gateway, sent, caller).await?;
    Ok(crate::desk::to_mend(changed).map(|problems| at_fields(problems, fields)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_link_or_a_file_is_said_where_it_was_typed() {
        let fields = Fields::from_iter([
            ("evidence.0.link.url", " "),
            ("evidence.2.link.url", "https://example.org/"),
            ("evidence.2.link.note", "A page"),
            ("evidenceFiles.0.hash", "aa"),
        ]);
        let mut problems = Problems::default();
        for field in [
            "evidence.0.link.url",
            "evidence.1.file.name",
            "documents.0.hash",
            "title",
        ] {
            problems.add(field, "no");
        }
        let problems = at_fields(problems, &fields);
        let named: Vec<_> = problems
            .complaints()
            .map(|one| one.field.into_owned())
            .collect();
        assert_eq!(
            named,
            ["evidence.2.link.url", "evidenceFiles", "documents", "title"]
        );
        assert_eq!(missing(&fields).complaints().count(), 3);
    }
}
