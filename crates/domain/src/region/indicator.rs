//! The register's indicators: what is counted, in which unit, and whether it may be added up.

use chrono::NaiveDate;

use crate::dated::Since;
use crate::facts::UnknownFact;
use crate::figure::YES_NO;
use crate::ids::IndicatorId;
use crate::text::Text;
use crate::words::{Blank, REASON};

use super::Region;
use super::error::{Named, RegionError};
use super::event::{IndicatorCorrected, IndicatorDefined, IndicatorTerms};

impl Region {
    pub(super) fn define_indicator(
        &self,
        on: NaiveDate,
        indicator_id: IndicatorId,
        terms: &IndicatorTerms,
    ) -> Result<IndicatorDefined, RegionError> {
        if self.indicators.contains_key(&indicator_id) {
            let field = "indicatorId";
            return Err(RegionError::IdTaken { field });
        }
        let terms = self.usable_terms(on, indicator_id, terms)?;
        Ok(IndicatorDefined {
            indicator_id,
            terms,
        })
    }

    pub(super) fn indicator_defined(&mut self, event: IndicatorDefined, on: NaiveDate) {
        let (id, value) = (event.indicator_id, event.terms);
        self.indicator_names.give(&value.name, id);
        self.indicators.insert(id, Since { value, on });
    }

    pub(super) fn correct_indicator(
        &self,
        on: NaiveDate,
        indicator_id: IndicatorId,
        terms: &IndicatorTerms,
        reason: &Text,
    ) -> Result<IndicatorCorrected, RegionError> {
        let indicator = self.indicators.get(&indicator_id);
        let indicator = indicator.ok_or(UnknownFact::Indicator(indicator_id))?;
        let from = indicator.before(on, "this indicator was last changed on")?;
        let to = self.usable_terms(on, indicator_id, terms)?;
        let reason = REASON.accept(reason)?;
        if *from == to {
            return Err(RegionError::Unchanged {
                field: "name",
                what: "the indicator has this name, this unit and this rule for adding up",
            });
        }
        if (from.unit == YES_NO) != (to.unit == YES_NO) {
            return Err(RegionError::YesNoUnitFixed);
        }
        Ok(IndicatorCorrected {
            indicator_id,
            from: from.clone(),
            to,
            reason,
        })
    }

    pub(super) fn indicator_corrected(&mut self, event: IndicatorCorrected, on: NaiveDate) {
        let id = event.indicator_id;
        if let Some(indicator) = self.indicators.get_mut(&id) {
            let (from, to) = (&indicator.value.name, &event.to.name);
            self.indicator_names.change(from, to, id, on);
            indicator.change(event.to, on);
        }
    }

    fn usable_terms(
        &self,
        on: NaiveDate,
        taker: IndicatorId,
        terms: &IndicatorTerms,
    ) -> Result<IndicatorTerms, RegionError> {
        let name = Blank::title("name", "what is counted").require(&terms.name)?;
        let unit = Blank::title("unit", "the unit").require(&terms.unit)?;
        let checked = self.indicator_names.check(&name, &taker, on);
        checked.map_err(|taken| {
            let holder = |id| self.indicator(id).map(|indicator| indicator.name);
            RegionError::taken(Named::Indicator, &name, taken, holder)
        })?;
        Ok(IndicatorTerms {
            name,
            unit,
            additive: terms.additive,
        })
    }
}
