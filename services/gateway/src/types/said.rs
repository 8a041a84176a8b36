//! Texts as people are shown them.
//!
//! What is read for a request comes with its texts sealed. A text is opened when a field shows it, together with all
//! others that are shown at that moment: a page that shows a title and a state opens nothing.

use std::borrow::Cow;

use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{ContextSelectionSet, Error, OutputType, Positioned, ServerResult, Value};
use domain::Text;
use domain::ids::LedgerId;

use crate::reads::reads;

/// A text of something that stands in a ledger: in the schema, a string.
#[derive(Clone)]
pub struct Said {
    ledger: LedgerId,
    text: Text,
}

impl Said {
    /// A text of this ledger.
    pub fn new(ledger: LedgerId, text: &Text) -> Self {
        let text = text.clone();
        Self { ledger, text }
    }

    /// One that may be missing where a text must be: nothing then.
    pub fn or_nothing(ledger: LedgerId, text: Option<&Text>) -> Self {
        let text = text.cloned().unwrap_or_else(|| "".into());
        Self { ledger, text }
    }

    /// One that may be missing.
    pub fn maybe(ledger: LedgerId, text: Option<&Text>) -> Option<Self> {
        text.map(|text| Self::new(ledger, text))
    }
}

impl OutputType for Said {
    fn type_name() -> Cow<'static, str> {
        <String as OutputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <String as OutputType>::create_type_info(registry)
    }

    async fn resolve(
        &self,
        ctx: &ContextSelectionSet<'_>,
        field: &Positioned<Field>,
    ) -> ServerResult<Value> {
        let shown = reads(ctx).shown(self.ledger, &self.text).await;
        shown
            .map(Value::String)
            .map_err(|error| ctx.set_error_path(Error::from(error).into_server_error(field.pos)))
    }
}
