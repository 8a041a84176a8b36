//! What generated things are called and what is said of them. Plainly invented.

use domain::region::Category;

use super::dice::Dice;

/// The region's themes: code and name.
pub(super) const THEMES: [(&str, &str); 11] = [
    ("skills-pledge", "Skills Pledge"),
    ("apprenticeships", "Apprenticeships"),
    ("skills-for-life", "Skills for Life in the workplace"),
    ("leadership-management", "Leadership and management"),
    (
        "collaborative-learning",
        "Collaborative learning and development",
    ),
    (
        "access-to-employment",
        "Access to employment for vulnerable people",
    ),
    ("attractive-sector", "Making the sector an attractive route"),
    ("procurement", "Approaches to procurement"),
    ("working-collaboratively", "Working collaboratively"),
    ("equality-diversity", "Equality and diversity"),
    ("recruitment-retention", "Recruitment and retention"),
];

/// What can be counted: name and unit.
pub(super) const INDICATORS: [(&str, &str); 6] = [
    ("organisations that signed up", "organisations"),
    ("people who began an apprenticeship", "people"),
    ("people who gained a qualification", "people"),
    ("people who took part in shared training", "people"),
    ("events held", "events"),
    ("people recruited from under-represented groups", "people"),
];

/// The kinds of organisation a compact has, with the last word of their names.
pub(super) const KINDS: [(&str, Category); 8] = [
    ("Council", Category::LocalGovernment),
    ("Health Trust", Category::Health),
    ("College", Category::LearningProvider),
    ("Fire Service", Category::UniformedService),
    ("Prison", Category::OffenderService),
    ("Job Centre", Category::EmploymentService),
    ("Advice Service", Category::AdviceGuidance),
    ("Voluntary Council", Category::Voluntary),
];

const UNDERTAKINGS: [&str; 8] = [
    "Encourage member organisations to take part in",
    "Bring together what members do about",
    "Offer shared places on programmes for",
    "Publish what was learnt from",
    "Train managers in",
    "Count, and then increase, take-up of",
    "Hold a series of good practice seminars on",
    "Agree one way of reporting on",
];

const SUBJECTS: [&str; 10] = [
    "literacy and numeracy at work",
    "apprenticeships in administration",
    "equality and diversity training",
    "job shadowing between organisations",
    "mentoring for new managers",
    "work experience for young people",
    "vacancies shared across the sector",
    "training places shared between employers",
    "support for older workers",
    "recruiting people with disabilities",
];

const DONE: [&str; 6] = [
    "A day a month for",
    "One booklet for everybody about",
    "A shared tutor for",
    "Champions at every site for",
    "A lunchtime club for",
    "A joint programme of",
];

const SAID: [&str; 6] = [
    "Members gave their figures at the meeting; two had none to give yet and will send them on.",
    "The group heard how the first round went, and agreed to go on as before.",
    "The provider could offer fewer places than were hoped for, so the second round is put off.",
    "Three organisations asked to join; the facilitator writes to the rest.",
    "What was planned was done, and what came of it is in the paper that was handed round.",
    "It took longer to find a room and a speaker than anybody had expected.",
];

const REASONS: [&str; 4] = [
    "the provider could not begin before the new term",
    "more members took part than were expected",
    "the money for it was confirmed later than planned",
    "another group is doing this already",
];

/// What a commitment, or an objective, undertakes.
pub(super) fn undertaking(dice: &Dice<'_>) -> String {
    format!(
        "{} {}",
        dice.one("undertaking", &UNDERTAKINGS),
        dice.one("subject", &SUBJECTS)
    )
}

/// What an organisation does that others could.
pub(super) fn done(dice: &Dice<'_>) -> String {
    format!(
        "{} {}",
        dice.one("done", &DONE),
        dice.one("subject", &SUBJECTS)
    )
}

/// What an action does.
pub(super) fn deed(dice: &Dice<'_>) -> String {
    format!(
        "Write to every member about {}, and bring the answers to the next meeting.",
        dice.one("subject", &SUBJECTS)
    )
}

/// What was said of something.
pub(super) fn said(dice: &Dice<'_>) -> String {
    dice.one("said", &SAID).to_owned()
}

/// Why something changed.
pub(super) fn reason(dice: &Dice<'_>) -> String {
    dice.one("reason", &REASONS).to_owned()
}
