//! Making an API token: what for, where, for how long. It is shown once.

use accounts::{NewApiToken, TokenAccess, TokenError, TokenScope};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::TimeDelta;
use domain::ids::CompactId;
use gateway::identity::Visitor;
use gateway::{NodeId, NodeKind};

use crate::account::day;
use crate::ask::{PageError, ask};
use crate::documents::document;
use crate::form::{Complaint, Field, Fields, sentence};
use crate::instead::Instead;
use crate::page::{Frame, shown, to_mend};
use crate::visit::{Visit, Web, caller};

const HERE: &str = "/account/tokens/new";

document!(TokenScopes, "documents/token-scopes.graphql");

impl Web {
    /// The compacts somebody sees, by name.
    ///
    /// # Errors
    /// When the schema does not answer.
    pub async fn compact_names(
        &self,
        visitor: &Visitor,
    ) -> Result<Vec<(CompactId, String)>, Instead> {
        let asked = ask::<TokenScopes>(&self.gateway, token_scopes::Variables, caller(visitor));
        let answer = asked.await?;
        let named = answer.compacts.nodes.into_iter().map(|node| {
            let id = NodeId::expect(NodeKind::Compact, &node.id);
            let id = id.map_err(|error| PageError::Behind(error.into()))?;
            Ok((CompactId::new(id.uuid()), node.name))
        });
        named.collect()
    }
}

/// How long a token may be made to live: days, and in words.
const LIVES: [(i64, &str); 4] = [
    (7, "7 days"),
    (30, "30 days"),
    (90, "90 days"),
    (365, "a year"),
];

#[derive(Template)]
#[template(path = "new-token.html")]
struct NewPage {
    frame: Frame,
    name: Field,
    everything: bool,
    compacts: Vec<Choice>,
    scope_problem: Option<String>,
    writes: bool,
    lives: Vec<Choice>,
}

/// Something that can be chosen.
struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "token-made.html")]
struct MadePage {
    frame: Frame,
    name: String,
    token: String,
    until: String,
    scope: String,
    writes: bool,
}

/// What was chosen.
struct Chosen {
    name: String,
    everything: bool,
    compacts: Vec<CompactId>,
    writes: bool,
    days: i64,
}

impl Chosen {
    /// What a token should be when nobody says otherwise: for everything one sees, reading, for a month.
    const fn usual() -> Self {
        Self {
            name: String::new(),
            everything: true,
            compacts: Vec::new(),
            writes: false,
            days: 30,
        }
    }

    fn read(fields: &Fields) -> Self {
        let compacts = fields.all("compact").filter_map(|id| id.parse().ok());
        let days = fields.one("days").parse().ok();
        Self {
            name: fields.one("name").to_owned(),
            everything: fields.one("where") == "everything",
            compacts: compacts.collect(),
            writes: fields.one("may") == "write",
            days: days
                .filter(|days| LIVES.iter().any(|(known, _)| known == days))
                .unwrap_or(30),
        }
    }

    fn scope(&self) -> TokenScope {
        if self.everything {
            TokenScope::Everything
        } else {
            TokenScope::Compacts(self.compacts.clone())
        }
    }
}

impl NewPage {
    fn new(
        visit: &Visit,
        visitor: &Visitor,
        (chosen, names): (&Chosen, &[(CompactId, String)]),
        problem: Option<&TokenError>,
    ) -> Result<Self, Instead> {
        let words = problem.map(|error| sentence(&error.to_string()));
        let (name_problem, scope_problem) = match problem {
            Some(TokenError::Scope) => (None, words),
            _ => (words, None),
        };
        let name = Field {
            hint: "What you will know it by, such as the program that uses it.".into(),
            plain: false,
            ..Field::new("name", "Name", "off")
        };
        let name = name.with(&chosen.name).but(name_problem);
        let mut frame = Frame::new("Make an API token", visit, Some(visitor))?.complaining([&name]);
        frame
            .complaints
            .extend(scope_problem.clone().map(|words| Complaint {
                field: "where-everything".into(),
                words,
            }));
        let compact = |(id, name): &(CompactId, String)| Choice {
            value: id.to_string(),
            label: name.clone(),
            chosen: chosen.compacts.contains(id),
        };
        let life = |(days, label): &(i64, &str)| Choice {
            value: days.to_string(),
            label: (*label).to_owned(),
            chosen: chosen.days == *days,
        };
        Ok(Self {
            frame,
            name,
            everything: chosen.everything,
            compacts: names.iter().map(compact).collect(),
            scope_problem,
            writes: chosen.writes,
            lives: LIVES.iter().map(life).collect(),
        })
    }
}

/// `GET /account/tokens/new`
pub async fn show(State(web): State<Web>, visit: Visit) -> Result<Response, Instead> {
    let visitor = web.signed_in(&visit, HERE).await?;
    let names = web.compact_names(&visitor).await?;
    let usual = Chosen::usual();
    shown(&NewPage::new(&visit, &visitor, (&usual, &names), None)?)
}

/// `POST /account/tokens/new`
pub async fn make(
    State(web): State<Web>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Instead> {
    let visitor = web.sender(&visit, &fields, HERE).await?;
    let chosen = Chosen::read(&fields);
    let names = web.compact_names(&visitor).await?;
    let new = NewApiToken {
        name: chosen.name.clone(),
        scope: chosen.scope(),
        access: if chosen.writes {
            TokenAccess::Write
        } else {
            TokenAccess::Read
        },
        expires_at: web.identity.clock().now() + TimeDelta::days(chosen.days),
    };
    let accounts = web.accounts().await?;
    match accounts
        .make_token(&visitor.session, &new, &visit.caller)
        .await
    {
        Ok((_, token)) => shown(&MadePage {
            frame: Frame::new("Your new token", &visit, Some(&visitor))?,
            token: (*token.expose()).clone(),
            until: day(new.expires_at),
            scope: scope_in_words(&new.scope, &names),
            writes: chosen.writes,
            name: chosen.name,
        }),
        Err(TokenError::SignInAgain) => Err(Instead::go(format!("/sign-in?again={HERE}"))),
        Err(TokenError::Store(error)) => Err(error.into()),
        Err(problem) => to_mend(&NewPage::new(
            &visit,
            &visitor,
            (&chosen, &names),
            Some(&problem),
        )?),
    }
}

/// Where a token is good, in words. A compact that its owner no longer sees is counted, not named.
pub fn scope_in_words(scope: &TokenScope, names: &[(CompactId, String)]) -> String {
    let TokenScope::Compacts(ids) = scope else {
        return "everything you may see".to_owned();
    };
    let known = names.iter().filter(|(id, _)| ids.contains(id));
    let mut words: Vec<String> = known.map(|(_, name)| name.clone()).collect();
    match ids.len() - words.len() {
        0 => {}
        1 => words.push("one compact that you no longer see".to_owned()),
        more => words.push(format!("{more} compacts that you no longer see")),
    }
    words.join(", ")
}
