//! Giving somebody a role: an account there is, or one that is made by an invitation.

use accounts::{AccountError, EmailAddress, LinkToken, NewAccount};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::ids::AccountId;

use super::{ROLES, frame, must_give};
use crate::address::Address;
use crate::ask::ask;
use crate::change::{Changed, change};
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::documents::words::Role;
use crate::form::{Choice, Choices, DateField, Field, Fields, Kind, Problems, Select};
use crate::instead::Instead;
use crate::looker::Looker;
use crate::page::{Frame, onwards, shown, to_mend};
use crate::visit::{Visit, Web};

document!(RoleChoices, "documents/role-choices.graphql");
document!(GrantRole, "documents/grant-role.graphql", one_of);

use role_choices::RoleChoicesCompactsNodes as Compact;

/// What there is to choose from.
pub(super) struct Choosing {
    /// The region's id in the schema.
    pub region: String,
    manages: bool,
    compacts: Vec<Compact>,
    organisations: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "roles/give.html")]
struct Page {
    frame: Frame,
    command: String,
    manages: bool,
    email: Field,
    name: Field,
    role: Choices,
    compact: Select,
    group: Select,
    organisation: Select,
    from: DateField,
    until: DateField,
}

#[derive(Template)]
#[template(path = "roles/invited.html")]
struct InvitedPage {
    frame: Frame,
    link: String,
}

/// What somebody may choose from: a secretariat, within its own compacts.
pub(super) async fn choices(web: &Web, looker: &Looker) -> Result<Choosing, Instead> {
    let asked = ask::<RoleChoices>(&web.gateway, role_choices::Variables, looker.caller());
    let answer = asked.await?;
    let region = answer.region.ok_or(Instead::NotHere)?.id;
    let manages = answer.viewer.is_some_and(|viewer| viewer.manages_accounts);
    let own = looker.places(Role::Secretariat);
    let mut compacts = answer.compacts.nodes;
    compacts.retain(|it| manages || own.iter().any(|place| place.id == it.id));
    let organisations = answer.organisations.map(|it| it.nodes).unwrap_or_default();
    let organisations = organisations.into_iter();
    Ok(Choosing {
        region,
        manages,
        compacts,
        organisations: organisations
            .map(|it| Choice::new(it.id, it.name))
            .collect(),
    })
}

impl Choosing {
    /// The roles that can be given.
    fn roles(&self) -> impl Iterator<Item = Role> {
        let all = Role::ALL.iter().copied();
        let manages = self.manages;
        all.filter(move |role| {
            manages || matches!(role, Role::GroupLead | Role::MemberRepresentative)
        })
    }

    /// The groups at work, each with its compact where there are several.
    fn groups(&self) -> Vec<Choice> {
        let several = self.compacts.len() > 1;
        let each = self.compacts.iter().flat_map(|compact| {
            let at_work = compact.groups.iter().filter(|it| it.wound_up.is_none());
            at_work.map(move |group| {
                let label = if several {
                    format!("{}: {}", compact.name, group.name)
                } else {
                    group.name.clone()
                };
                Choice::new(&group.id, label)
            })
        });
        each.collect()
    }

    fn compact_of(&self, group: &str) -> Option<String> {
        let mut compacts = self.compacts.iter();
        let found = compacts.find(|it| it.groups.iter().any(|one| one.id == group));
        found.map(|compact| compact.id.clone())
    }
}

fn with_none(words: &'static str, choices: impl IntoIterator<Item = Choice>) -> Vec<Choice> {
    let none = std::iter::once(Choice::new("", words));
    none.chain(choices).collect()
}

impl Page {
    fn new(
        (web, looker): (&Web, &Looker),
        choosing: &Choosing,
        (fields, problems): (&Fields, &Problems),
    ) -> Result<Self, Instead> {
        let roles = choosing.roles();
        let roles = roles.map(|role| Choice::new(role.name(), role.words()));
        let compacts = choosing.compacts.iter();
        let compacts = compacts.map(|it| Choice::new(&it.id, &it.name));
        let compacts = match choosing.compacts.len() {
            1 => compacts.collect(),
            _ => with_none("The whole region", compacts),
        };
        Ok(Self {
            frame: frame("Give somebody a role", looker)?
                .crumb("Who holds which role", ROLES)
                .mending(problems),
            command: web.gateway.services().ids.next().to_string(),
            manages: choosing.manages,
            email: Field {
                autocomplete: "off",
                ..Field::email()
            }
            .hinting("The address of their account.")
            .sent(fields, problems),
            name: Field::words("name", "Their name, where they have no account yet")
                .hinting("They are invited then, by a link that is shown once.")
                .sent(fields, problems),
            role: Choices::new(Kind::Radios, "role", "Which role?", roles).sent(fields, problems),
            compact: Select::new("compactId", "In which compact?", compacts).sent(fields, problems),
            group: Select::new(
                "groupId",
                "Which group do they lead?",
                with_none("None", choosing.groups()),
            )
            .sent(fields, problems),
            organisation: Select::new(
                "organisationId",
                "Which organisation do they speak for?",
                with_none("None", choosing.organisations.clone()),
            )
            .sent(fields, problems),
            from: DateField::new("from", "From which day?")
                .hinting("Today, when left empty.")
                .sent(fields, problems),
            until: DateField::new("until", "Until which day?")
                .hinting("That day included. No end, when left empty.")
                .sent(fields, problems),
        })
    }
}

/// `GET /roles/give`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    address: Address,
) -> Result<Response, Instead> {
    let looker = web.looker_in(&visit, address.path()).await?;
    must_give(&looker)?;
    let choosing = choices(&web, &looker).await?;
    let nothing = (&Fields::default(), &Problems::default());
    shown(&Page::new((&web, &looker), &choosing, nothing)?)
}

/// `POST /roles/give`
pub async fn send(
    State(web): State<Web>,
    visit: Visit,
    address: Address,
    fields: Fields,
) -> Result<Response, Instead> {
    let visitor = web.sender(&visit, &fields, address.path()).await?;
    let looker = web.looker_of(visitor).await?;
    must_give(&looker)?;
    let choosing = choices(&web, &looker).await?;
    let mut wrong = Problems::default();
    if let Some(wanted) = Wanted::read(&web, &choosing, &fields, &mut wrong)
        && let Some((account, link)) = account(&web, &choosing, &fields, &mut wrong).await?
    {
        let sent = grant_role::Variables {
            input: wanted.input(account),
        };
        match change::<GrantRole>(&web.gateway, sent, looker.caller()).await? {
            Changed::Done(_) => return given(&web, &looker, link.as_ref()),
            Changed::ToMend(problems) => {
                wrong = problems.renamed(|place| match place {
                    "accountId" => "email".to_owned(),
                    other => other.to_owned(),
                });
                if link.is_some() {
                    wrong.add(
                        "email",
                        "the account is made, and the role was not given: mend what is named here and send it again",
                    );
                }
            }
        }
    }
    to_mend(&Page::new((&web, &looker), &choosing, (&fields, &wrong))?)
}

/// The list, or the link by which whoever was invited comes in.
fn given(web: &Web, looker: &Looker, link: Option<&LinkToken>) -> Result<Response, Instead> {
    let Some(link) = link else {
        return Ok(onwards(&format!("{ROLES}?done=given")));
    };
    shown(&InvitedPage {
        frame: frame("They are invited", looker)?.crumb("Who holds which role", ROLES),
        link: format!("{}/invitation/{}", web.public_url, *link.expose()),
    })
}

/// The account of the address that was given; one is made where there is none and whoever sends this may make it.
async fn account(
    web: &Web,
    choosing: &Choosing,
    fields: &Fields,
    wrong: &mut Problems,
) -> Result<Option<(AccountId, Option<LinkToken>)>, Instead> {
    let Some(email) = EmailAddress::read(fields.one("email")) else {
        wrong.add(
            "email",
            "enter their e-mail address, like clerk@example.org",
        );
        return Ok(None);
    };
    let accounts = web.accounts().await?;
    if let Some(account) = accounts.account_of(&email).await? {
        return Ok(Some((account, None)));
    }
    if !choosing.manages {
        let words =
            "there is no account with this address; ask the region's administrator to invite them";
        wrong.add("email", words);
        return Ok(None);
    }
    let Some(name) = fields.some("name") else {
        let words = "there is no account with this address yet; give their name as well, and they are invited";
        wrong.add("name", words);
        return Ok(None);
    };
    match accounts.invite(&NewAccount { name, email }).await {
        Ok((account, link)) => Ok(Some((account, Some(link)))),
        Err(AccountError::Name) => {
            wrong.add("name", AccountError::Name.to_string());
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// The role that is to be given, but for the account.
struct Wanted {
    region: String,
    role: Role,
    compact: Option<String>,
    group: Option<String>,
    organisation: Option<String>,
    from: Date,
    until: Option<Date>,
    command: Option<UUID>,
    grant: UUID,
}

impl Wanted {
    fn read(web: &Web, choosing: &Choosing, fields: &Fields, wrong: &mut Problems) -> Option<Self> {
        let mut day = |name: &'static str| {
            DateField::read(fields, name).unwrap_or_else(|words| {
                wrong.add(name, words);
                None
            })
        };
        let (from, until) = (day("from"), day("until"));
        let role = Role::named(fields.one("role"));
        if role.is_none() {
            wrong.add("role", "choose the role they are to have");
        }
        let group = fields
            .some("groupId")
            .filter(|_| role == Some(Role::GroupLead));
        let representing = role == Some(Role::MemberRepresentative);
        let organisation = fields.some("organisationId").filter(|_| representing);
        let compact = match (role, &group) {
            (Some(Role::RegionalAdministrator | Role::Funder), _) => None,
            (_, Some(group)) => choosing.compact_of(group),
            _ => fields.some("compactId"),
        };
        let role = role.filter(|_| wrong.is_empty())?;
        Some(Self {
            region: choosing.region.clone(),
            role,
            compact,
            group,
            organisation,
            from: from.unwrap_or_else(|| web.identity.clock().today()),
            until,
            command: fields.command(),
            grant: web.gateway.services().ids.next(),
        })
    }

    fn input(self, account: AccountId) -> grant_role::GrantRoleInput {
        grant_role::GrantRoleInput {
            region_id: self.region,
            account_id: account.uuid(),
            role: self.role,
            compact_id: self.compact,
            group_id: self.group,
            organisation_id: self.organisation,
            from: self.from,
            until: self.until,
            grant_id: self.grant,
            command_id: self.command,
            expected_version: None,
            meeting: None,
            occurred_on: None,
        }
    }
}
