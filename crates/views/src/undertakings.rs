//! Who undertakes what under each theme: a pure function over the register and the commitments that were released.
//!
//! Every theme of the register is there, also those under which nobody undertakes anything. A commitment with several themes is under
//! each of them; those without one stand last, under none.

use domain::facts::{CompactFact, ThemeCode};

use crate::regional_progress::CompactCommitments;
use crate::{CommitmentView, RegionRegister, ref_order};

/// One commitment of one compact.
#[derive(Clone, Debug, PartialEq)]
pub struct Undertaking {
    /// The compact.
    pub compact: CompactFact,
    /// The commitment.
    pub commitment: CommitmentView,
}

/// What compacts have released, by the compact's name and the commitment's session and ref. What is not released is not in it, whoever
/// asks.
pub fn released(compacts: &[CompactCommitments]) -> Vec<Undertaking> {
    let mut all: Vec<Undertaking> = compacts
        .iter()
        .flat_map(|compact| {
            let released = compact.commitments.iter().filter(|it| it.is_released());
            released.map(|commitment| Undertaking {
                compact: compact.compact.clone(),
                commitment: commitment.clone(),
            })
        })
        .collect();
    all.sort_by_cached_key(|it| place(&it.compact, &it.commitment));
    all
}

/// The place of a commitment in lists across compacts: the compact's name, the session, the ref as people count, and the ids.
pub fn place(
    compact: &CompactFact,
    commitment: &CommitmentView,
) -> (String, String, String, [uuid::Uuid; 2]) {
    (
        compact.name.clone(),
        commitment.session.to_string(),
        ref_order(&commitment.label.current),
        [compact.id.uuid(), commitment.id.uuid()],
    )
}

/// Which of some commitments stand under each theme of the register, by their places among them; last, where there are any, those
/// without a theme. A theme that the register does not have is none.
pub fn under_each_theme<'a>(
    register: &RegionRegister,
    commitments: impl Iterator<Item = &'a CommitmentView>,
) -> Vec<(Option<ThemeCode>, Vec<usize>)> {
    let themes: Vec<&[ThemeCode]> = commitments
        .map(|it| &it.classification.current.themes[..])
        .collect();
    let those = |fits: &dyn Fn(&[ThemeCode]) -> bool| -> Vec<usize> {
        let all = themes.iter().enumerate();
        all.filter(|(_, themes)| fits(themes))
            .map(|(at, _)| at)
            .collect()
    };
    let under = |code: &ThemeCode| those(&|themes| themes.contains(code));
    let mut all: Vec<_> = register
        .themes
        .keys()
        .map(|code| (Some(code.clone()), under(code)))
        .collect();
    let known = |code: &ThemeCode| register.themes.contains_key(code);
    let without = those(&|themes| !themes.iter().any(known));
    if !without.is_empty() {
        all.push((None, without));
    }
    all
}
