//! Mentions survive editing: the forms that begin with what stands now, as a browser is served them and sends them back.
//!
//! Each is changed beside a name that it shows. What is stored afterwards mentions the person and gives no name, so that nothing is left of
//! it once they are erased. One form is sent without what it carries: that the name is found there then is what shows that it is looked for.

use serde_json::{Value, json};

use crate::browser::{Browser, Page};
use crate::forgotten::dump;
use crate::house::{EMAIL, House};

const PASSWORD: &str = "wet ladder violin soup";

/// A name that has to be escaped wherever it stands in a page.
const NAME: &str = "Quillon O'Featherstonehaugh";
const WORDS: &str = "Featherstonehaugh";

/// What is typed after whatever a form shows.
const MORE: &str = " And more.";

/// A form, as it was served.
#[derive(Clone, Debug)]
struct Form {
    to: String,
    fields: Vec<(String, String)>,
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, after) = tag.split_once(&format!(" {name}=\""))?;
    Some(said(after.split_once('"')?.0))
}

fn said(escaped: &str) -> String {
    let letters = [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#38;", "&"),
    ];
    let letters = letters.into_iter();
    letters.fold(escaped.to_owned(), |said, (from, to)| {
        said.replace(from, to)
    })
}

/// What a tag of a form sends, as a browser would.
fn sent(tag: &str, after: &str) -> Option<(String, String)> {
    let name = attribute(tag, "name")?;
    let value = match tag.split(' ').next()? {
        "input" => {
            let kind = attribute(tag, "type").unwrap_or_default();
            let ticked =
                !["checkbox", "radio"].contains(&kind.as_str()) || tag.contains(" checked");
            if !ticked || kind == "file" {
                return None;
            }
            attribute(tag, "value").unwrap_or_default()
        }
        "textarea" => said(after.split_once("</textarea>")?.0.trim_start_matches('\n')),
        "select" => {
            let options: Vec<&str> = after
                .split_once("</select>")?
                .0
                .split("<option")
                .skip(1)
                .collect();
            let chosen = options.iter().find(|option| option.contains(" selected"));
            attribute(chosen.or(options.first())?, "value")?
        }
        _ => return None,
    };
    Some((name, value))
}

/// The forms of a page.
fn forms(page: &str) -> Vec<Form> {
    let forms = page.split("<form ").skip(1);
    let forms = forms.map(|form| {
        let inside = form
            .split_once("</form>")
            .map_or(form, |(inside, _)| inside);
        let to = attribute(&format!(" {form}"), "action").expect("where it is sent");
        let tags = inside.split('<').skip(1).filter_map(|tag| {
            let (tag, _) = tag.split_once('>')?;
            let (_, after) = inside.split_once(&format!("<{tag}>"))?;
            sent(tag, after)
        });
        Form {
            to,
            fields: tags.collect(),
        }
    });
    forms.collect()
}

impl Form {
    /// The first of a page that carries a mention.
    fn mentioning(page: &Page) -> Self {
        assert!(!page.body.contains("@{"), "an id is shown: {}", page.body);
        for mark in ['\u{FFF9}', '\u{FFFA}', '\u{FFFB}'] {
            assert!(!page.body.contains(mark), "a mark is shown: {}", page.body);
        }
        let found = forms(&page.body).into_iter().find(Self::mentions);
        found.unwrap_or_else(|| panic!("no form mentions anybody: {}", page.body))
    }

    fn mentions(&self) -> bool {
        self.fields
            .iter()
            .any(|(name, _)| name.ends_with(".mentions"))
    }

    /// The same with this typed or chosen.
    fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same with more typed into every field that shows a name.
    fn with_more(mut self) -> Self {
        let fields = self.fields.clone();
        for (name, value) in &mut self.fields {
            let carried = fields
                .iter()
                .any(|(other, _)| *other == format!("{name}.mentions"));
            if carried && !name.starts_with("was.") {
                assert!(
                    value.contains(WORDS) || value.contains("[erased person]"),
                    "{name}: {value}"
                );
                value.push_str(MORE);
            }
        }
        self
    }

    /// The same without what it carries beside its fields.
    fn bereft(mut self) -> Self {
        self.fields.retain(|(name, _)| !name.ends_with(".mentions"));
        self
    }
}

/// Somebody at a browser, and what they work on.
struct Clerk {
    browser: Browser,
    compact: String,
    person: String,
    mention: String,
}

impl Clerk {
    async fn sit_down(house: &House) -> Self {
        let invitation = house.invite_secretariat().await;
        let mut browser = Browser::new(&house.server);
        browser.take_up(&invitation, PASSWORD).await;
        browser
            .sign_in_until((EMAIL, PASSWORD), "/set-up-second-factor")
            .await;
        browser.set_up_second_factor().await;
        let mut clerk = Self {
            browser,
            compact: String::new(),
            person: String::new(),
            mention: String::new(),
        };
        let compact = clerk
            .ask(
                "{ compact(slug: \"lincolnshire-rutland\") { id } }",
                json!({}),
            )
            .await;
        clerk.compact = compact["compact"]["id"].as_str().expect("an id").to_owned();
        clerk.person = clerk
            .make(
                "enterPerson",
                json!({ "compactId": clerk.compact, "name": NAME }),
            )
            .await;
        let query = "query M($id: ID!) { node(id: $id) { ... on Person { mention } } }";
        let mention = clerk.ask(query, json!({ "id": clerk.person })).await;
        let says = mention["node"]["mention"].as_str();
        says.expect("a mention").clone_into(&mut clerk.mention);
        clerk
    }

    async fn ask(&self, query: &str, variables: Value) -> Value {
        let (_, answer) = self.browser.graphql(query, variables).await;
        assert!(answer["errors"].is_null(), "{query}: {answer}");
        answer["data"].clone()
    }

    /// Sends a change: the id of what it made.
    async fn make(&self, field: &str, input: Value) -> String {
        let kind = format!("{}{}Input", field[..1].to_uppercase(), &field[1..]);
        let query = format!(
            "mutation M($input: {kind}!) {{ {field}(input: $input) {{
            newId projected userErrors {{ field code message }} }} }}"
        );
        let answer = self.ask(&query, json!({ "input": input })).await;
        let payload = &answer[field];
        assert_eq!(
            (&payload["userErrors"], &payload["projected"]),
            (&json!([]), &json!(true)),
            "{field}: {answer}"
        );
        payload["newId"].as_str().unwrap_or_default().to_owned()
    }

    async fn group(&self) -> String {
        let query = "query G($id: ID!) { compact(id: $id) { groups { id code } } }";
        let groups = self.ask(query, json!({ "id": self.compact })).await;
        let groups = groups["compact"]["groups"]
            .as_array()
            .expect("groups")
            .clone();
        let group = groups.into_iter().find(|group| group["code"] == "SG");
        group.expect("the group")["id"]
            .as_str()
            .expect("an id")
            .to_owned()
    }

    /// What every text in the history of something was written as.
    async fn written(&self, of: &str) -> Vec<String> {
        let query =
            "query H($of: ID!) { history(of: $of, last: 50) { nodes { texts { written } } } }";
        let history = self.ask(query, json!({ "of": of })).await;
        let lines = history["history"]["nodes"]
            .as_array()
            .expect("lines")
            .clone();
        let texts = lines
            .iter()
            .flat_map(|line| line["texts"].as_array().expect("texts"));
        texts
            .filter_map(|text| Some(text["written"].as_str()?.to_owned()))
            .collect()
    }

    async fn form(&mut self, at: &str) -> Form {
        let page = self.browser.get(at).await;
        assert_eq!(page.status, 200, "{at}: {page:?}");
        Form::mentioning(&page)
    }

    async fn send(&mut self, form: &Form) -> Page {
        let fields = form
            .fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        self.browser
            .send(&form.to, &fields.collect::<Vec<_>>())
            .await
    }

    /// Sends a form, and where it is shown once more to be confirmed, that as well.
    async fn record(&mut self, form: &Form) {
        let mut page = self.send(form).await;
        if page.status == 200 && page.body.contains("name=\"confirmed\"") {
            let confirmed = Form::mentioning(&page).with("confirmed", "yes");
            page = self.send(&confirmed).await;
        }
        assert_eq!(page.status, 303, "{}: {}", form.to, page.body);
    }
}

/// A place where something is changed, of what, and what is chosen and typed there beside what the form shows.
struct Place {
    at: String,
    of: String,
    chosen: &'static [(&'static str, &'static str)],
    /// How many texts are written with more in them.
    texts: usize,
}

/// Things whose every text mentions the person.
struct Things {
    plan: String,
    update: String,
    control: String,
    action: String,
    objective: String,
    commitment: String,
    reading: String,
    practice: String,
    held: String,
    item: String,
    called: String,
}

impl Things {
    async fn set_up(clerk: &Clerk) -> Self {
        let (group, says) = (clerk.group().await, format!("Ask {}.", clerk.mention));
        let plan = clerk
            .make(
                "setActionPlan",
                json!({ "groupId": group, "title": "A plan with people" }),
            )
            .await;
        let objective =
            json!({ "actionPlanId": plan, "ref": "1", "title": "An objective", "indicator": says });
        let objective = clerk.make("addObjective", objective).await;
        let action = json!({ "objectiveId": objective, "text": says, "owner": clerk.mention });
        let action = clerk.make("setAction", action).await;
        let told = json!({ "actionPlanId": plan, "text": says, "objectiveIds": [objective] });
        let update = clerk.make("recordUpdate", told.clone()).await;
        let control = clerk.make("recordUpdate", told).await;
        let commitment = json!({ "compactId": clerk.compact, "session": "2010-11", "ref": "m1", "title": "A promise", "comment": says });
        let commitment = clerk.make("proposeCommitment", commitment).await;
        let reading = reading(clerk, &commitment, &says).await;
        let practice = json!({ "compactId": clerk.compact, "title": "What we do", "theme": "apprenticeships", "summary": says, "contact": clerk.mention });
        let practice = clerk.make("writePractice", practice).await;
        let came = json!([{ "who": clerk.mention, "attending": "PRESENT" }]);
        let item = json!([{ "title": "People", "discussion": says, "decision": says }]);
        let held = json!({ "groupId": group, "occurredOn": "2009-06-01", "attendance": came, "items": item });
        let held = clerk.make("recordMeeting", held).await;
        let query = "query I($id: ID!) { node(id: $id) { ... on Meeting { items { id } } } }";
        let items = clerk.ask(query, json!({ "id": held })).await;
        let item = items["node"]["items"][0]["id"]
            .as_str()
            .expect("an item")
            .to_owned();
        let called = clerk
            .make(
                "callMeeting",
                json!({ "groupId": group, "words": "late September" }),
            )
            .await;
        let agenda = json!({ "meetingId": called, "items": [{ "title": "People", "note": says }] });
        clerk.make("setAgenda", agenda).await;
        Self {
            plan,
            update,
            control,
            action,
            objective,
            commitment,
            reading,
            practice,
            held,
            item,
            called,
        }
    }

    #[expect(
        clippy::too_many_lines,
        reason = "a line for each form, however many the formatter makes of it"
    )]
    fn places(&self) -> Vec<Place> {
        let place = |at: String, of: &str, texts, chosen| Place {
            at: format!("/desk/lincolnshire-rutland/{at}"),
            of: of.to_owned(),
            chosen,
            texts,
        };
        let because = &[("reason", "Said otherwise")];
        vec![
            place(
                format!("updates/{}", self.update),
                &self.plan,
                1,
                &[("kind", "CORRECTED"), ("reason", "Said otherwise")],
            ),
            place(
                format!("actions/{}", self.action),
                &self.plan,
                1,
                &[("kind", "REWORDED"), ("reason", "Said otherwise")],
            ),
            place(
                format!("actions/{}", self.action),
                &self.plan,
                1,
                &[("kind", "REASSIGNED"), ("reason", "Said otherwise")],
            ),
            place(
                format!("objectives/{}", self.objective),
                &self.plan,
                1,
                &[("kind", "REWORDED"), ("reason", "Said otherwise")],
            ),
            place(
                format!("commitments/{}/words", self.commitment),
                &self.commitment,
                1,
                because,
            ),
            place(
                format!(
                    "commitments/{}/readings/{}/correct",
                    self.commitment, self.reading
                ),
                &self.commitment,
                2,
                because,
            ),
            place(
                format!("practice/{}/revise", self.practice),
                &self.practice,
                2,
                because,
            ),
            place(
                format!("meetings/{}/items/{}", self.held, self.item),
                &self.held,
                2,
                because,
            ),
            place(
                format!("meetings/{}/attendance", self.held),
                &self.held,
                1,
                because,
            ),
            place(
                format!("meetings/{}/agenda", self.called),
                &self.called,
                1,
                &[],
            ),
        ]
    }

    fn wholes(&self) -> [&str; 5] {
        [
            &self.plan,
            &self.commitment,
            &self.practice,
            &self.held,
            &self.called,
        ]
    }
}

async fn reading(clerk: &Clerk, commitment: &str, says: &str) -> String {
    let indicators = clerk
        .ask("{ indicators(first: 1) { nodes { id } } }", json!({}))
        .await;
    let indicator = &indicators["indicators"]["nodes"][0]["id"];
    let measure = json!({ "commitmentId": commitment, "indicatorId": indicator, "kind": "TOTAL", "target": "50" });
    let measure = clerk.make("addMeasure", measure).await;
    let agree = json!({ "commitmentId": commitment });
    clerk.make("agreeCommitment", agree).await;
    let reading = json!({ "measureId": measure, "takenOn": "2010-05-01", "value": "5", "source": says, "note": says });
    clerk.make("recordReading", reading).await
}

fn with_more(written: &[String]) -> usize {
    let more = written.iter().filter(|text| text.contains(MORE.trim()));
    more.count()
}

async fn every_form_keeps_its_mentions(clerk: &mut Clerk, things: &Things) {
    for place in things.places() {
        let before = with_more(&clerk.written(&place.of).await);
        let form = clerk.form(&place.at).await.with_more();
        let form = place
            .chosen
            .iter()
            .fold(form, |form, (name, value)| form.with(name, value));
        clerk.record(&form).await;
        let written = clerk.written(&place.of).await;
        assert!(
            with_more(&written) >= before + place.texts,
            "{}: {written:#?}",
            place.at
        );
        for text in &written {
            assert!(!text.contains(WORDS), "{}: {text}", place.at);
            assert!(
                !text.contains(MORE.trim()) || text.contains(&clerk.mention),
                "{}: {text}",
                place.at
            );
        }
    }
}

/// To be mended first; sent from a session that is over; and changed by somebody else meanwhile.
async fn it_is_kept_on_every_way_back_to_the_form(clerk: &mut Clerk, things: &Things) {
    let at = format!("/desk/lincolnshire-rutland/updates/{}", things.update);
    let corrected = |form: Form| form.with("kind", "CORRECTED");
    let form = corrected(clerk.form(&at).await.with_more()).with("reason", "");
    let mended = clerk.send(&form).await;
    assert_eq!(mended.status, 422);
    clerk
        .record(&Form::mentioning(&mended).with("reason", "Said otherwise"))
        .await;

    let form = corrected(clerk.form(&at).await.with_more()).with("reason", "Said otherwise");
    let held = clerk
        .send(&form.with("form", &Browser::token_of_nobody()))
        .await;
    assert_eq!(held.status, 403);
    clerk.record(&Form::mentioning(&held)).await;

    let form = corrected(clerk.form(&at).await.with_more()).with("reason", "Said otherwise");
    let text = format!("{} was asked.", clerk.mention);
    let other = json!({ "updateId": things.update, "text": text, "objectiveIds": [things.objective], "reason": "First" });
    clerk.make("correctUpdate", other).await;
    let both = clerk.send(&form).await;
    assert_eq!(both.status, 409);
    clerk.record(&Form::mentioning(&both)).await;
    for text in clerk.written(&things.plan).await {
        assert!(!text.contains(WORDS), "{text}");
    }
}

/// What is typed of a meeting is kept by id, and shown by name when it is taken up again.
async fn a_draft_mentions_by_id_and_is_shown_by_name(clerk: &mut Clerk, things: &Things) {
    let at = format!("/desk/lincolnshire-rutland/record/{}", things.called);
    let page = clerk.browser.get(&at).await;
    let form = forms(&page.body).into_iter().find(|form| form.to == at);
    let typed = format!("{} and others spoke.", clerk.mention);
    let form = form
        .expect("the form")
        .with("items.0.discussion", &typed)
        .with("step", "keep");
    clerk.record(&form).await;
    let again = clerk.form(&at).await;
    let shown = again
        .fields
        .iter()
        .find(|(name, _)| name == "items.0.discussion");
    assert_eq!(
        shown.expect("the field").1,
        format!("{NAME} and others spoke.")
    );
    clerk.record(&again.with_more().with("step", "keep")).await;
    let query = "query D($id: ID!) { viewer { drafts(compactId: $id) { content } } }";
    let drafts = clerk
        .ask(query, json!({ "id": clerk.compact }))
        .await
        .to_string();
    let kept = format!("{} and others spoke.{MORE}", clerk.mention);
    assert!(
        drafts.contains(&kept) && !drafts.contains(WORDS),
        "{drafts}"
    );
}

/// Sent without what it carries, the same form stores the name: it is found, and by whoever looks after the erasure as well.
async fn a_form_without_what_it_carries_gives_the_name_away(clerk: &mut Clerk, things: &Things) {
    let at = format!("/desk/lincolnshire-rutland/updates/{}", things.control);
    let form = clerk
        .form(&at)
        .await
        .with_more()
        .with("kind", "CORRECTED")
        .with("reason", "Control");
    clerk.record(&form.bereft()).await;
    let written = clerk.written(&things.plan).await;
    let named = written.iter().filter(|text| text.contains(WORDS)).count();
    assert_eq!(named, 1, "{written:#?}");
}

#[tokio::test]
async fn whoever_changes_a_text_keeps_its_mentions_and_nothing_is_left_of_who_is_erased() {
    let house = House::open().await;
    let mut clerk = Clerk::sit_down(&house).await;
    let things = Things::set_up(&clerk).await;
    every_form_keeps_its_mentions(&mut clerk, &things).await;
    it_is_kept_on_every_way_back_to_the_form(&mut clerk, &things).await;
    a_draft_mentions_by_id_and_is_shown_by_name(&mut clerk, &things).await;
    a_form_without_what_it_carries_gives_the_name_away(&mut clerk, &things).await;

    // Opened before the erasure and sent after it: mentioned still, and named no more.
    let at = format!("/desk/lincolnshire-rutland/updates/{}", things.update);
    let corrected = |form: Form| {
        form.with("kind", "CORRECTED")
            .with("reason", "Said otherwise")
    };
    let open = corrected(clerk.form(&at).await.with_more());
    clerk
        .make(
            "erasePerson",
            json!({ "personId": clerk.person, "reason": "Asked for" }),
        )
        .await;
    clerk.record(&open).await;
    // And where the form shows that somebody was erased, that is no text either.
    let form = clerk.form(&at).await;
    assert!(
        form.fields
            .iter()
            .any(|(name, value)| name == "text" && value.contains("[erased person]")),
        "{form:?}"
    );
    clerk.record(&corrected(form.with_more())).await;

    let mut named = 0;
    for whole in things.wholes() {
        for text in clerk.written(whole).await {
            assert!(!text.contains("[erased person]"), "{text}");
            named += usize::from(text.contains(WORDS));
        }
    }
    assert_eq!(named, 1, "the one that was sent without what it carries");
    for place in things.places() {
        let page = clerk.browser.get(&place.at).await;
        assert!(
            page.body.contains("[erased person]") && !page.body.contains(WORDS),
            "{}: {}",
            place.at,
            page.body
        );
    }
    assert!(!dump(&house.data_dir()).contains(WORDS));
    house.server.stop().await;
}
