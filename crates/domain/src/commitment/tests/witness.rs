//! A second, simpler account of what a commitment's history may be, kept apart from the rules of
//! the commitment so that each can show the other wrong. It believes what it has seen happen.

use super::*;

#[derive(Debug, Default)]
struct Seen {
    baseline: Option<Baseline>,
    target: Option<Figure>,
    due_on: Option<NaiveDate>,
    withdrawn: bool,
}

/// What has been seen so far.
#[derive(Debug, Default)]
pub(super) struct Witness {
    statement: Option<CommitmentProposed>,
    status: Status,
    agreed: bool,
    visibility: Visibility,
    measures: BTreeMap<MeasureId, Seen>,
    readings: BTreeMap<ReadingId, Option<ReadingTerms>>,
    achievements: BTreeMap<AchievementId, Option<AchievementTerms>>,
    evidence: BTreeMap<EvidenceId, Option<Outcome>>,
}

type Verdict = Result<(), &'static str>;

fn holds(fact: bool, otherwise: &'static str) -> Verdict {
    if fact { Ok(()) } else { Err(otherwise) }
}

impl Witness {
    /// Sees a history through, and says what could not have happened.
    pub(super) fn hears<'a>(history: impl IntoIterator<Item = &'a Lived>) -> Result<(), String> {
        let mut witness = Self::default();
        for dated in history {
            let verdict = witness.sees(&dated.event);
            verdict.map_err(|what| format!("{what}: {dated:?}"))?;
        }
        Ok(())
    }

    fn sees(&mut self, event: &CommitmentEvent) -> Verdict {
        use CommitmentEvent as E;
        if let E::Proposed(proposed) = event {
            holds(self.statement.is_none(), "proposed twice")?;
            self.statement = Some(proposed.clone());
            return Ok(());
        }
        holds(self.statement.is_some(), "something before the proposal")?;
        match event {
            E::Reworded(_) | E::Renumbered(_) | E::Reclassified(_) | E::DueDateChanged(_) => {
                self.statement_event(event)
            }
            E::MeasureAdded(_)
            | E::BaselineSet(_)
            | E::TargetChanged(_)
            | E::MeasureDueDateChanged(_)
            | E::MeasureWithdrawn(_) => self.measure_event(event),
            E::ReadingRecorded(_)
            | E::ReadingCorrected(_)
            | E::ReadingWithdrawn(_)
            | E::AchievementReported(_)
            | E::AchievementCorrected(_)
            | E::AchievementWithdrawn(_) => self.report(event),
            E::EvidenceAttached(_) | E::EvidenceWithdrawn(_) => self.evidence(event),
            E::VisibilityChanged(e) => {
                holds(self.visibility == e.from, "another visibility before")?;
                holds(e.from != e.to, "the same visibility")?;
                holds(
                    e.from < e.to || e.reason.is_some(),
                    "taken back without a reason",
                )?;
                self.visibility = e.to;
                Ok(())
            }
            E::TextRedacted(_) => Ok(()),
            _ => self.step(event),
        }
    }

    fn still_open(&self) -> Verdict {
        let open = [Status::Draft, Status::Agreed, Status::InProgress];
        holds(open.contains(&self.status), "a change after the end")
    }

    fn statement_event(&mut self, event: &CommitmentEvent) -> Verdict {
        use CommitmentEvent as E;
        self.still_open()?;
        let now = self.statement.as_mut().ok_or("nothing proposed")?;
        match event {
            E::Reworded(e) => {
                holds(
                    (&now.title, &now.comment) == (&e.from.title, &e.from.comment),
                    "other words before",
                )?;
                holds(e.from != e.to, "the same words")?;
                now.title.clone_from(&e.to.title);
                now.comment.clone_from(&e.to.comment);
            }
            E::Renumbered(e) => {
                holds(now.label == e.from && e.from != e.to, "another ref before")?;
                now.label.clone_from(&e.to);
            }
            E::Reclassified(e) => {
                holds(now.classification == e.from, "another place before")?;
                now.classification = e.to.clone();
            }
            E::DueDateChanged(e) => {
                holds(
                    now.due_on == e.from && e.from != e.to,
                    "another date before",
                )?;
                now.due_on = e.to;
            }
            _ => return Err("not of the statement"),
        }
        Ok(())
    }

    fn measure_event(&mut self, event: &CommitmentEvent) -> Verdict {
        use CommitmentEvent as E;
        self.still_open()?;
        match event {
            E::MeasureAdded(e) => {
                let seen = Seen {
                    baseline: e.baseline,
                    target: e.target,
                    due_on: e.due_on,
                    withdrawn: false,
                };
                let before = self.measures.insert(e.measure_id, seen);
                holds(before.is_none(), "a measure added twice")
            }
            E::BaselineSet(e) => {
                let seen = self.counting(e.measure_id)?;
                holds(seen.baseline == e.from, "another baseline before")?;
                seen.baseline = Some(e.to);
                Ok(())
            }
            E::TargetChanged(e) => {
                let seen = self.counting(e.measure_id)?;
                holds(
                    seen.target == e.from && e.from != Some(e.to),
                    "another target before",
                )?;
                seen.target = Some(e.to);
                Ok(())
            }
            E::MeasureDueDateChanged(e) => {
                let seen = self.counting(e.measure_id)?;
                holds(
                    seen.due_on == e.from && e.from != e.to,
                    "another date before",
                )?;
                seen.due_on = e.to;
                Ok(())
            }
            E::MeasureWithdrawn(e) => {
                self.counting(e.measure_id)?.withdrawn = true;
                Ok(())
            }
            _ => Err("not of a measure"),
        }
    }

    fn counting(&mut self, id: MeasureId) -> Result<&mut Seen, &'static str> {
        let seen = self.measures.get_mut(&id).ok_or("a measure never added")?;
        holds(!seen.withdrawn, "something after a measure was withdrawn")?;
        Ok(seen)
    }

    fn report(&mut self, event: &CommitmentEvent) -> Verdict {
        use CommitmentEvent as E;
        let silent = [Status::Draft, Status::Withdrawn];
        holds(
            !silent.contains(&self.status),
            "a report on a draft or after withdrawal",
        )?;
        match event {
            E::ReadingRecorded(e) => {
                self.counting(e.measure_id)?;
                adds_up(&e.terms)?;
                let before = self.readings.insert(e.reading_id, Some(e.terms.clone()));
                holds(before.is_none(), "a reading recorded twice")
            }
            E::ReadingCorrected(e) => {
                self.counting(e.measure_id)?;
                adds_up(&e.to)?;
                let before = self.readings.insert(e.reading_id, Some(e.to.clone()));
                holds(
                    before == Some(Some(e.from.clone())),
                    "another reading before",
                )
            }
            E::ReadingWithdrawn(e) => {
                self.counting(e.measure_id)?;
                let before = self.readings.insert(e.reading_id, None);
                holds(before.flatten().is_some(), "no reading to withdraw")
            }
            _ => self.achievement(event),
        }
    }

    fn achievement(&mut self, event: &CommitmentEvent) -> Verdict {
        use CommitmentEvent as E;
        match event {
            E::AchievementReported(e) => {
                let terms = AchievementTerms {
                    reported_on: e.reported_on,
                    standing: e.standing,
                    text: e.text.clone(),
                };
                let before = self.achievements.insert(e.achievement_id, Some(terms));
                holds(before.is_none(), "an achievement reported twice")
            }
            E::AchievementCorrected(e) => {
                holds(e.from != e.to, "the same report")?;
                let to = Some(e.to.clone());
                let before = self.achievements.insert(e.achievement_id, to);
                holds(
                    before == Some(Some(e.from.clone())),
                    "another report before",
                )
            }
            E::AchievementWithdrawn(e) => {
                let before = self.achievements.insert(e.achievement_id, None);
                holds(before.flatten().is_some(), "no report to withdraw")
            }
            _ => Err("not a report"),
        }
    }

    fn evidence(&mut self, event: &CommitmentEvent) -> Verdict {
        use CommitmentEvent as E;
        let silent = [Status::Draft, Status::Withdrawn];
        holds(!silent.contains(&self.status), "evidence for no promise")?;
        match event {
            E::EvidenceAttached(e) => {
                let stands = match e.outcome {
                    Outcome::Reading(id) => matches!(self.readings.get(&id), Some(Some(_))),
                    Outcome::Achievement(id) => matches!(self.achievements.get(&id), Some(Some(_))),
                };
                holds(stands, "evidence for what does not stand")?;
                let before = self.evidence.insert(e.evidence_id, Some(e.outcome));
                holds(before.is_none(), "evidence attached twice")
            }
            E::EvidenceWithdrawn(e) => {
                let held = self.evidence.get_mut(&e.evidence_id);
                let held = held.ok_or("evidence never attached")?;
                holds(held.take() == Some(e.outcome), "other evidence")
            }
            _ => Err("not evidence"),
        }
    }

    fn step(&mut self, event: &CommitmentEvent) -> Verdict {
        use CommitmentEvent as E;
        use Status as S;
        let to = match event {
            E::Agreed(_) => S::Agreed,
            E::Started(_) => S::InProgress,
            E::Concluded(e) => e.conclusion.into(),
            E::CarriedForward(_) => S::CarriedForward,
            E::Withdrawn(_) => S::Withdrawn,
            E::Reopened(e) => {
                holds(self.status == e.from, "another ending before")?;
                let again = if self.agreed { S::InProgress } else { S::Draft };
                holds(e.to == again, "reopened as something else")?;
                e.to
            }
            _ => return Err("not a step"),
        };
        let reopened = matches!(event, E::Reopened(_));
        let ended = ![S::Draft, S::Agreed, S::InProgress].contains(&self.status);
        let along = match (self.status, to) {
            (_, S::Draft | S::InProgress) if ended => reopened,
            (S::Draft, S::Agreed | S::Withdrawn) | (S::Agreed, S::InProgress) => true,
            (S::Agreed | S::InProgress, to) => ![S::Draft, S::Agreed, S::InProgress].contains(&to),
            _ => false,
        };
        holds(along, "a step off the status machine")?;
        self.agreed |= to == S::Agreed;
        self.status = to;
        Ok(())
    }
}

fn adds_up(terms: &ReadingTerms) -> Verdict {
    let parts = terms.by_organisation.iter();
    let sum = parts
        .map(|part| part.value.decimal())
        .sum::<rust_decimal::Decimal>();
    holds(sum <= terms.value.decimal(), "parts above the figure")?;
    let named: BTreeSet<_> = terms
        .by_organisation
        .iter()
        .map(|part| part.organisation.id)
        .collect();
    holds(
        named.len() == terms.by_organisation.len(),
        "an organisation named twice",
    )
}

fn unsaid(n: u128) -> AchievementWithdrawn {
    AchievementWithdrawn {
        achievement_id: achievement(n),
        reason: WHY.into(),
    }
}

fn let_out(from: Visibility, to: Visibility) -> VisibilityChanged {
    let reason = None;
    VisibilityChanged { from, to, reason }
}

#[test]
fn the_witness_does_not_believe_what_could_not_have_happened() {
    let conclusion = Conclusion::Achieved;
    let target = |from: Option<&str>| TargetChanged {
        measure_id: measure(1),
        from: from.map(figure),
        to: figure("9"),
        reason: WHY.into(),
    };
    for impossible in [
        vec![was(1, CommitmentAgreed {})],
        and(a_draft(), 2, CommitmentStarted {}),
        and(
            and(a_promise(), 4, CommitmentConcluded { conclusion }),
            5,
            CommitmentStarted {},
        ),
        and(measured(MeasureKind::Total), 6, target(Some("8"))),
        and(a_promise(), 6, target(None)),
        and(
            measured(MeasureKind::Total),
            7,
            added(1, MeasureKind::Total),
        ),
        and(a_promise(), 6, unsaid(1)),
        and(
            a_draft(),
            1,
            let_out(Visibility::Region, Visibility::Public),
        ),
        and(
            and(a_draft(), 1, let_out(Visibility::Draft, Visibility::Public)),
            2,
            let_out(Visibility::Public, Visibility::Region),
        ),
        and(
            and(
                and(a_promise(), 6, reported(1, 6, Standing::OnAgenda)),
                7,
                unsaid(1),
            ),
            8,
            unsaid(1),
        ),
    ] {
        Witness::hears(&impossible).expect_err("an impossible history");
    }
    Witness::hears(&and(measured(MeasureKind::Total), 6, target(None))).expect("a history");
}
