//! A form with files in it, as browsers send it (`multipart/form-data`, RFC 7578): its fields are read, and each file is handed on
//! as it comes, so that no more of it than a piece is ever held here.
//!
//! A file that was taken stands among the fields from then on ([`Upload`](super::Upload)): where something else is to be mended, the form comes
//! back with it, and it is not sent twice.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header;
use futures::Stream;
use gateway::{Hint, Received};
use multer::{Constraints, Multipart, SizeLimit};
use tokio::time::Instant;

use super::{Fields, LONG_FORM, MOST_FIELDS, Problems};
use crate::instead::Instead;

/// The most that a form may carry from somebody who works here, in bytes: ten files of the longest there may be.
const MOST: u64 = 10 * FILE + LONG_FORM as u64;
/// And from anybody else: what was typed is read, to be shown back.
const LITTLE: u64 = FILE + LONG_FORM as u64;
const FILE: u64 = 25 * 1024 * 1024;

/// How long a form may take to arrive.
const IN_ALL: Duration = Duration::from_mins(10);

/// A form as it begins to arrive.
pub enum Posted {
    /// Without files, and read already.
    Plain(Fields),
    /// In parts, which are yet to be read.
    Parts(Parts),
}

/// The parts of a form, unread.
pub struct Parts {
    boundary: String,
    body: Body,
}

/// A form that is being read.
pub struct Reading {
    parts: Multipart<'static>,
    until: Instant,
    room: usize,
    fields: Fields,
    problems: Problems,
}

/// A file as it arrives.
pub struct Brought {
    /// The field it is sent under.
    pub field: String,
    /// What it is called.
    pub name: String,
    /// What is said of a text.
    pub hint: Hint,
    /// What is in it. The form is read on once this is dropped.
    pub content: multer::Field<'static>,
}

/// What came of a file.
pub enum Taken {
    /// It is in the compact.
    Here(Received),
    /// It is none that is taken, for this reason.
    Not(String),
    /// Nobody may send one now: they are not signed in any more. The form says which it had, so that it is chosen again.
    Lost,
}

impl<S: Send + Sync> FromRequest<S> for Posted {
    type Rejection = Instead;

    async fn from_request(request: Request, state: &S) -> Result<Self, Instead> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind
            .trim_start()
            .to_ascii_lowercase()
            .starts_with("multipart/form-data")
        {
            return Fields::from_request(request, state).await.map(Self::Plain);
        }
        let boundary = multer::parse_boundary(kind).map_err(|_| Instead::FormUnreadable)?;
        let body = request.into_body();
        Ok(Self::Parts(Parts { boundary, body }))
    }
}

impl Parts {
    /// Begins to read them: less where it is not `known` who sends them.
    pub fn begin(self, known: bool) -> Reading {
        let most = if known { MOST } else { LITTLE };
        let limits = Constraints::new().size_limit(SizeLimit::new().whole_stream(most));
        let pieces = OneByOne {
            content: self.body.into_data_stream(),
            rests: false,
        };
        Reading {
            parts: Multipart::with_constraints(pieces, self.boundary, limits),
            until: Instant::now() + IN_ALL,
            room: LONG_FORM,
            fields: Fields::default(),
            problems: Problems::default(),
        }
    }
}

impl Reading {
    /// Reads on to the next file; none once all of the form is read.
    ///
    /// # Errors
    /// [`Instead::FormUnreadable`], [`Instead::FormTooLong`].
    pub async fn next(&mut self) -> Result<Option<Brought>, Instead> {
        let reading = tokio::time::timeout_at(
            self.until,
            read(&mut self.parts, &mut self.fields, &mut self.room),
        );
        reading.await.unwrap_or(Err(Instead::FormUnreadable))
    }

    /// What was typed above the file that was read last.
    pub const fn fields(&self) -> &Fields {
        &self.fields
    }

    /// Says what came of a file.
    pub fn came(&mut self, (field, name): (&str, &str), taken: Taken) {
        match taken {
            Taken::Here(received) => super::upload::add(&mut self.fields, field, (&received, name)),
            Taken::Not(words) => self.problems.add(field, format!("“{name}”: {words}")),
            Taken::Lost => self.fields.add(format!("{field}.lost"), name),
        }
    }

    /// All that was read, and what was wrong with its files.
    pub fn done(self) -> (Fields, Problems) {
        (Fields::sent(self.fields.0), self.problems)
    }
}

async fn read(
    parts: &mut Multipart<'static>,
    fields: &mut Fields,
    room: &mut usize,
) -> Result<Option<Brought>, Instead> {
    while let Some(part) = parts
        .next_field()
        .await
        .map_err(|error| unreadable(&error))?
    {
        let Some(field) = part.name().map(str::to_owned) else {
            continue;
        };
        let Some(name) = part.file_name().map(named) else {
            let value = text(part, room).await?;
            if fields.0.len() < MOST_FIELDS {
                fields.add(field, value);
            }
            continue;
        };
        // Nothing was chosen.
        if name.is_empty() {
            continue;
        }
        let kind = part.content_type();
        let hint = if kind.is_some_and(|kind| kind.essence_str() == "text/csv") {
            Hint::Csv
        } else {
            Hint::None
        };
        return Ok(Some(Brought {
            field,
            name,
            hint,
            content: part,
        }));
    }
    Ok(None)
}

/// A field's value.
async fn text(mut part: multer::Field<'static>, room: &mut usize) -> Result<String, Instead> {
    let mut value = Vec::new();
    while let Some(piece) = part.chunk().await.map_err(|error| unreadable(&error))? {
        *room = room.checked_sub(piece.len()).ok_or(Instead::FormTooLong)?;
        value.extend_from_slice(&piece);
    }
    String::from_utf8(value).map_err(|_| Instead::FormUnreadable)
}

fn unreadable(error: &multer::Error) -> Instead {
    tracing::debug!(%error, "a form with files could not be read");
    match error {
        multer::Error::StreamSizeExceeded { .. } => Instead::FormTooLong,
        _ => Instead::FormUnreadable,
    }
}

/// A file's name, as it was before the browser wrote it down (the HTML standard escapes three characters), without folders.
fn named(name: &str) -> String {
    let name = name
        .replace("%22", "\"")
        .replace("%0D", " ")
        .replace("%0A", " ");
    let own = name.rsplit(['/', '\\']).next().unwrap_or_default();
    own.trim().to_owned()
}

/// Hands a body on in its pieces, and lets others have a turn after each: whoever reads it would otherwise gather all that has come by then.
struct OneByOne {
    content: BodyDataStream,
    rests: bool,
}

impl Stream for OneByOne {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if std::mem::take(&mut self.rests) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let polled = Pin::new(&mut self.content).poll_next(context);
        self.rests = matches!(polled, Poll::Ready(Some(_)));
        polled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = "--x\r\ncontent-disposition: form-data; name=\"form\"\r\n\r\ntoken\r\n\
        --x\r\ncontent-disposition: form-data; name=\"documents.3.name\"\r\n\r\nhad.pdf\r\n\
        --x\r\ncontent-disposition: form-data; name=\"documents.file\"; filename=\"C:\\dir\\a%22b.pdf\"\r\ncontent-type: text/csv\r\n\r\none,two\r\n\
        --x\r\ncontent-disposition: form-data; name=\"documents.file\"; filename=\"\"\r\ncontent-type: application/octet-stream\r\n\r\n\r\n\
        --x\r\ncontent-disposition: form-data; name=\"title\"\r\n\r\nTwo\r\nlines\r\n--x--\r\n";

    fn parts(form: &'static str) -> Parts {
        Parts {
            boundary: "x".to_owned(),
            body: Body::from(form),
        }
    }

    fn received() -> Received {
        Received {
            hash: domain::file::FileHash::new([7; 32]),
            media_type: "text/csv".to_owned(),
            bytes: 7,
        }
    }

    #[tokio::test]
    async fn fields_are_read_and_a_file_stands_among_them_once_it_is_taken() {
        let mut reading = parts(FORM).begin(true);
        let brought = reading.next().await.expect("a form").expect("a file");
        assert_eq!(reading.fields().one("form"), "token");
        assert_eq!(reading.fields().one("title"), "", "it stands below");
        let Brought {
            field,
            name,
            hint,
            content,
        } = brought;
        assert_eq!(
            (field.as_str(), name.as_str(), hint),
            ("documents.file", "a\"b.pdf", Hint::Csv)
        );
        assert_eq!(content.bytes().await.expect("content"), "one,two");
        reading.came((&field, &name), Taken::Here(received()));
        assert!(reading.next().await.expect("a form").is_none());
        let (fields, problems) = reading.done();
        assert!(problems.is_empty());
        assert_eq!(fields.one("title"), "Two\r\nlines");
        assert_eq!(fields.one("documents.4.name"), "a\"b.pdf");
        assert_eq!(fields.one("documents.4.hash"), "07".repeat(32));
    }

    #[tokio::test]
    async fn a_file_that_is_not_taken_is_told_of_and_what_was_typed_is_read_all_the_same() {
        for (taken, lost) in [
            (Taken::Not("it is empty".to_owned()), ""),
            (Taken::Lost, "a\"b.pdf"),
        ] {
            let mut reading = parts(FORM).begin(true);
            let brought = reading.next().await.expect("a form").expect("a file");
            let (field, name) = (brought.field.clone(), brought.name.clone());
            drop(brought);
            reading.came((&field, &name), taken);
            assert!(reading.next().await.expect("a form").is_none());
            let (fields, problems) = reading.done();
            assert_eq!(fields.one("title"), "Two\r\nlines");
            assert_eq!(fields.one("documents.file.lost"), lost);
            let told = problems.at("documents.file");
            assert_eq!(told.is_none(), lost == "a\"b.pdf", "{told:?}");
        }
    }

    #[tokio::test]
    async fn what_is_no_form_or_too_much_of_one_is_not_read() {
        let read = parts("--x\r\nnonsense").begin(true).next().await;
        assert!(matches!(read, Err(Instead::FormUnreadable)));
        let head = "--x\r\ncontent-disposition: form-data; name=\"text\"\r\n\r\n";
        let long = format!("{head}{}\r\n--x--\r\n", "x".repeat(LONG_FORM + 1));
        let parts = Parts {
            boundary: "x".to_owned(),
            body: Body::from(long),
        };
        let read = parts.begin(true).next().await;
        assert!(matches!(read, Err(Instead::FormTooLong)));
    }
}
