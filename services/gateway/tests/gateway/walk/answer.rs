//! Answers, read for what stands in them: every id, word and number, wherever it is and however it is wrapped.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gateway::NodeId;
use serde_json::Value;
use uuid::Uuid;

use super::house::House;
use super::question::Cursors;
use super::sees::Eyes;

/// What an answer tells that whoever asked may not know.
pub fn leaks(house: &House, eyes: &Eyes, sent: &str, answer: &Value) -> Vec<String> {
    let mut reading = Reading {
        house,
        eyes,
        echo: BTreeSet::new(),
        found: BTreeSet::new(),
    };
    let mut echo = BTreeSet::new();
    tokens(sent, &mut |token| {
        echo.insert(token);
    });
    reading.echo = echo;
    reading.value(answer, false);
    reading.found.into_iter().collect()
}

/// Every place in a list that an answer names, by the kind of list.
pub fn cursors(answer: &Value, into: &mut Cursors) {
    match answer {
        Value::Object(members) => {
            let list = members.get("__typename").and_then(Value::as_str);
            if let (Some(list), Some(page)) = (list, members.get("pageInfo")) {
                let places = ["startCursor", "endCursor"].map(|name| page[name].as_str());
                let places = places.into_iter().flatten().map(str::to_owned);
                into.entry(list.to_owned()).or_default().extend(places);
            }
            members.values().for_each(|value| cursors(value, into));
        }
        Value::Array(all) => all.iter().for_each(|value| cursors(value, into)),
        _ => {}
    }
}

struct Reading<'a> {
    house: &'a House,
    eyes: &'a Eyes,
    /// What was sent, and may be said back where an answer says what is wrong with it.
    echo: BTreeSet<String>,
    found: BTreeSet<String>,
}

impl Reading<'_> {
    fn value(&mut self, value: &Value, says_what_is_wrong: bool) {
        match value {
            Value::Object(members) => {
                self.counts(members);
                for (name, value) in members {
                    let wrong = says_what_is_wrong || name == "errors" || name == "userErrors";
                    self.value(value, wrong);
                }
            }
            Value::Array(all) => all
                .iter()
                .for_each(|value| self.value(value, says_what_is_wrong)),
            Value::String(text) => self.text(text, says_what_is_wrong),
            Value::Number(number) => self.text(&number.to_string(), says_what_is_wrong),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn text(&mut self, text: &str, says_what_is_wrong: bool) {
        let (house, eyes) = (self.house, self.eyes);
        if let Ok(node) = NodeId::decode(text) {
            let known = house.marks.contains_key(&node.uuid().simple().to_string());
            if !known && !says_what_is_wrong && !node.uuid().is_nil() {
                self.found.insert(format!("{node}, which nobody made"));
            }
        }
        let mut found = Vec::new();
        tokens(text, &mut |token| {
            let Some(mark) = house.marks.get(&token) else {
                return;
            };
            let own = eyes
                .account
                .as_ref()
                .is_some_and(|account| account.replace('-', "") == token);
            if !eyes.sees(mark, own, &house.things, &house.groups) {
                found.push((token, mark));
            }
        });
        for (token, mark) in found {
            if !(says_what_is_wrong && self.echo.contains(&token)) {
                self.found.insert(format!("{token}: {mark:?}"));
            }
        }
    }

    /// What is counted is counted of what is seen.
    fn counts(&mut self, members: &serde_json::Map<String, Value>) {
        let of = |name: &str| members.get("__typename").is_some_and(|it| it == name);
        if of("Compact") {
            self.counts_of_a_compact(members);
        }
        if of("IndicatorTotal")
            && let (Some(total), Some(parts)) = (figure(members.get("value")), members.get("parts"))
        {
            let parts = parts.as_array().into_iter().flatten();
            let added: Vec<i64> = parts.filter_map(|part| figure(part.get("added"))).collect();
            if !added.is_empty() && added.iter().sum::<i64>() != total {
                self.found
                    .insert(format!("a total of {total} made of {added:?}"));
            }
        }
    }

    fn counts_of_a_compact(&mut self, members: &serde_json::Map<String, Value>) {
        let id = members
            .get("id")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let compact = self.house.compacts.iter().position(|known| known == id);
        let seen = |thing: usize| {
            let thing = &self.house.things[thing];
            Some(thing.compact) == compact && self.eyes.reads(thing)
        };
        if let Some(open) = members.get("openActions").and_then(Value::as_u64) {
            let plans = self.house.plans.iter().filter(|plan| seen(plan.thing));
            let plans = plans.count() as u64;
            if open != plans {
                self.found
                    .insert(format!("{open} open actions where {plans} are seen"));
            }
        }
        if let Some(sessions) = members.get("sessions").and_then(Value::as_array) {
            let by_status = sessions
                .iter()
                .map(|session| session.get("byStatus")?.as_array());
            let Some(by_status) = by_status.collect::<Option<Vec<_>>>() else {
                return;
            };
            let counts = by_status.into_iter().flatten();
            let counts = counts.map(|count| count.get("count")?.as_u64());
            let Some(told) = counts.sum::<Option<u64>>() else {
                return;
            };
            let promises = self
                .house
                .promises
                .iter()
                .filter(|promise| seen(promise.thing));
            let promises = promises.count() as u64;
            if told != promises {
                self.found.insert(format!(
                    "{told} commitments counted where {promises} are seen"
                ));
            }
        }
    }
}

fn figure(value: Option<&Value>) -> Option<i64> {
    value?.as_str()?.parse().ok()
}

/// Every word, number and id in a text, ids without their hyphens, and what is wrapped in base64 unwrapped.
fn tokens(text: &str, found: &mut dyn FnMut(String)) {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    for run in text.split(|c| !is_part(c)).filter(|run| run.len() > 7) {
        if let Ok(id) = run.parse::<Uuid>() {
            found(id.simple().to_string());
            continue;
        }
        run.split(['-', '_'])
            .for_each(|word| found(word.to_owned()));
        let unwrapped = URL_SAFE_NO_PAD.decode(run).ok();
        if let Some(text) = unwrapped.and_then(|bytes| String::from_utf8(bytes).ok()) {
            tokens(&text, found);
        }
    }
}
