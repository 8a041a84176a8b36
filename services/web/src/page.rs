//! What every page has around it, and how it leaves.

use std::borrow::Cow;

use accounts::{Randomness, SessionToken, SystemRandomness};
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use gateway::identity::{Visitor, session_cookie};

use crate::ask::PageError;
use crate::assets;
use crate::form::{Complains, Complaint, Problems};
use crate::instead::Instead;
use crate::looker::Looker;
use crate::nav::{self, Entry};
use crate::visit::Visit;

/// A step on the way here from the first page.
pub struct Crumb {
    /// What the page there is called.
    pub text: String,
    /// Where it is.
    pub href: String,
}

/// How something that was just done is undone: by a form beside the words that say it was done.
#[derive(Clone, Debug)]
pub struct Undo {
    /// What its button says.
    pub words: Cow<'static, str>,
    /// Where it is sent.
    pub to: String,
    /// What is sent.
    pub fields: Vec<(String, String)>,
}

impl Undo {
    /// One whose button says this, sent to `to`.
    pub fn new(words: impl Into<Cow<'static, str>>, to: impl Into<String>) -> Self {
        Self {
            words: words.into(),
            to: to.into(),
            fields: Vec::new(),
        }
    }

    /// The same, with this besides.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.fields.push((name.to_owned(), value.into()));
        self
    }
}

/// What every page has around it.
pub struct Frame {
    /// Its name: in the window's title, and at the top.
    pub title: Cow<'static, str>,
    /// Whose page it is: a compact's name, in the window's title.
    pub place: Option<String>,
    /// What is wrong with the form on it.
    pub complaints: Vec<Complaint>,
    /// Whether it is not known who looks: the page is in the place of another.
    pub anybody: bool,
    /// The token its forms carry; none where nobody is signed in.
    pub form: Option<String>,
    /// Where the navigation leads.
    pub entries: Vec<Entry>,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// What has just been done.
    pub done: Option<Cow<'static, str>>,
    /// How that is undone, where it can be.
    pub undo: Option<Undo>,
}

impl Frame {
    /// For the door and the account's pages: whoever looks may be half in.
    ///
    /// # Errors
    /// When no token can be made for its forms.
    pub fn new(
        title: impl Into<Cow<'static, str>>,
        _behind_the_door: &Visit,
        visitor: Option<&Visitor>,
    ) -> Result<Self, Instead> {
        let form = visitor.map(|visitor| form_token(&SystemRandomness, visitor));
        Ok(Self {
            form: form.transpose()?,
            anybody: false,
            ..Self::bare(title)
        })
    }

    /// For everything else: the navigation has what whoever looks may do.
    ///
    /// # Errors
    /// When no token can be made for its forms.
    pub fn of(title: impl Into<Cow<'static, str>>, looker: &Looker) -> Result<Self, Instead> {
        let form = looker.visitor.as_ref();
        let form = form.map(|visitor| form_token(&SystemRandomness, visitor));
        Ok(Self {
            form: form.transpose()?,
            entries: nav::entries(looker),
            anybody: false,
            ..Self::bare(title)
        })
    }

    /// For whoever it may be: in the place of a page.
    pub fn bare(title: impl Into<Cow<'static, str>>) -> Self {
        Self {
            title: title.into(),
            place: None,
            complaints: Vec::new(),
            anybody: true,
            form: None,
            entries: nav::of_everybody(),
            crumbs: Vec::new(),
            done: None,
            undo: None,
        }
    }

    /// The same, `current` being where in the navigation it belongs.
    #[must_use]
    pub fn within(mut self, current: &str) -> Self {
        for entry in &mut self.entries {
            entry.current = entry.href == current;
        }
        self
    }

    /// The same, a page of this compact.
    #[must_use]
    pub fn at(mut self, compact: &str) -> Self {
        self.place = Some(compact.to_owned());
        self
    }

    /// The same, one step further from the first page.
    #[must_use]
    pub fn crumb(mut self, text: impl Into<String>, href: impl Into<String>) -> Self {
        self.crumbs.push(Crumb {
            text: text.into(),
            href: href.into(),
        });
        self
    }

    /// The same, saying that this was done.
    #[must_use]
    pub fn done(mut self, words: Option<impl Into<Cow<'static, str>>>) -> Self {
        self.done = words.map(Into::into);
        self
    }

    /// The same, with a way to undo what was done.
    #[must_use]
    pub fn undone_by(mut self, undo: Option<Undo>) -> Self {
        self.undo = undo;
        self
    }

    /// The same, with what is wrong with these fields.
    #[must_use]
    pub fn complaining<'a, F: Complains + 'a>(
        mut self,
        fields: impl IntoIterator<Item = &'a F>,
    ) -> Self {
        let found = fields.into_iter().filter_map(Complains::complaint);
        self.complaints.extend(found);
        self
    }

    /// The same, with what is wrong with what was sent, each naming the field it is mended in.
    #[must_use]
    pub fn mending(mut self, problems: &Problems) -> Self {
        self.complaints.extend(problems.complaints());
        self
    }

    /// The token its forms carry; empty where nobody is signed in.
    pub fn token(&self) -> &str {
        self.form.as_deref().unwrap_or_default()
    }

    /// Where one of the built files is.
    #[expect(clippy::unused_self, reason = "templates reach it through the frame")]
    pub fn asset(&self, file: &str) -> Option<String> {
        assets::address(file)
    }
}

fn form_token(randomness: &dyn Randomness, visitor: &Visitor) -> Result<String, Instead> {
    let token = visitor.session.csrf().expose(randomness);
    token.map_err(|error| Instead::Broken(PageError::Behind(error.into())))
}

/// A page as it leaves: nobody keeps a copy, neither the browser nor anybody on the way.
///
/// # Errors
/// When it cannot be written.
pub fn shown(page: &impl Template) -> Result<Response, Instead> {
    with_status(StatusCode::OK, page)
}

/// The same with something to mend.
///
/// # Errors
/// When it cannot be written.
pub fn to_mend(page: &impl Template) -> Result<Response, Instead> {
    with_status(StatusCode::UNPROCESSABLE_ENTITY, page)
}

/// The same for whoever has to wait.
///
/// # Errors
/// When it cannot be written.
pub fn to_wait(page: &impl Template, seconds: u32) -> Result<Response, Instead> {
    let mut response = with_status(StatusCode::TOO_MANY_REQUESTS, page)?;
    let headers = response.headers_mut();
    headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    Ok(response)
}

/// The same with this status.
///
/// # Errors
/// When it cannot be written.
pub fn with_status(status: StatusCode, page: &impl Template) -> Result<Response, Instead> {
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    Ok((status, no_store, Html(page.render()?)).into_response())
}

/// The answer, with the session the browser is to keep from now on.
pub fn keeping(token: &SessionToken, mut response: Response) -> Response {
    if let Some(cookie) = session_cookie(token) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Another page to look at, after something was done.
pub fn onwards(to: &str) -> Response {
    Instead::go(to).into_response()
}
