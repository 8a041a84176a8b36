//! One aggregate in the hands of one command.

use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use domain::LedgerEvent;

use crate::append::{NewEvent, StreamAppend};
use crate::reader::ReadError;

use super::turns::Turn;
use super::{Key, Loaded, Shared, catch_up, load};

/// An aggregate taken out of the cache, and what was decided on it.
///
/// While it is held, other commands for the same aggregate wait. Call [`Checkout::keep`] when its
/// events are recorded. Dropped with events that are not, it is forgotten and loaded again next
/// time; dropped without any (the command was refused, or changed nothing), it is as good as before
/// and kept.
pub struct Checkout<A>
where
    A: Aggregate<Services = ()> + 'static,
    A::Event: LedgerEvent,
{
    home: Arc<Shared<A>>,
    key: Key,
    /// Gone once kept.
    loaded: Option<Loaded<A>>,
    decided: Vec<A::Event>,
    /// Whether the state holds only what is recorded.
    clean: bool,
    /// Held for as long as this is.
    _turn: Turn,
}

impl<A> Checkout<A>
where
    A: Aggregate<Services = ()> + 'static,
    A::Event: LedgerEvent,
{
    pub(super) fn new(home: Arc<Shared<A>>, key: Key, loaded: Loaded<A>, turn: Turn) -> Self {
        Self {
            home,
            key,
            loaded: Some(loaded),
            decided: Vec::new(),
            clean: true,
            _turn: turn,
        }
    }

    /// Decides a command; its events take effect on the state and wait to be appended. More than one
    /// command may be decided before that.
    ///
    /// # Errors
    /// The aggregate's refusal. Events a command wrote before it was refused do not count, but they
    /// have touched the state: it is then not kept.
    pub async fn decide(&mut self, command: A::Command) -> Result<(), A::Error> {
        // Until this comes to its end nobody knows what it has touched.
        let was_clean = std::mem::replace(&mut self.clean, false);
        let sink = EventSink::default();
        let decided = self.state().aggregate.handle(command, &(), &sink).await;
        let events = sink.collect().await;
        self.clean = was_clean && events.is_empty();
        decided?;
        self.decided.extend(events);
        Ok(())
    }

    /// Brings the state to what is recorded now, undoing what was decided; answers whether it was behind.
    ///
    /// To be called on a conflict, before deciding again; and, where several processes append, before
    /// a refusal is passed on, since it may rest on a state that another process has overtaken.
    ///
    /// # Errors
    /// When the stream could not be read. The state is then not kept.
    pub async fn refresh(&mut self) -> Result<bool, ReadError> {
        let before = self.loaded_version();
        let reader = self.home.reader.clone();
        if self.clean {
            self.clean = false;
            Box::pin(catch_up(&reader, self.key, self.state())).await?;
        } else {
            let loaded = Box::pin(load(&reader, self.key)).await?;
            *self.state() = loaded;
        }
        self.decided.clear();
        self.clean = true;
        Ok(self.loaded_version() > before)
    }

    /// The state, with what was decided on it.
    pub fn aggregate(&self) -> &A {
        &self.held().aggregate
    }

    /// How many entries the stream had when the state was loaded: what an append will expect.
    pub fn loaded_version(&self) -> u64 {
        self.held().version
    }

    /// The version with what was decided: the loaded version and one for each event.
    pub fn version(&self) -> u64 {
        self.loaded_version() + self.decided.len() as u64
    }

    /// What was decided and is not recorded yet.
    pub fn decided(&self) -> &[A::Event] {
        &self.decided
    }

    /// What is to be appended for this aggregate; nothing if nothing was decided.
    ///
    /// # Errors
    /// When an event cannot be written as JSON.
    pub fn take_append(&self) -> Result<Option<StreamAppend>, serde_json::Error> {
        if self.decided.is_empty() {
            return Ok(None);
        }
        let events = self
            .decided
            .iter()
            .map(NewEvent::of)
            .collect::<Result<_, _>>()?;
        Ok(Some(StreamAppend {
            stream: self.key.1,
            expected_version: self.loaded_version(),
            events,
        }))
    }

    /// Puts the state back, now that the append has left the stream at `version_after`.
    ///
    /// Anything but this checkout's own version means that the append was another one's (a command
    /// recorded before, answered again): the state is then forgotten.
    pub fn keep(mut self, version_after: u64) {
        if version_after == self.version()
            && let Some(mut loaded) = self.loaded.take()
        {
            loaded.version = version_after;
            self.home.put_back(self.key, loaded);
        }
        self.clean = false;
    }

    fn held(&self) -> &Loaded<A> {
        self.loaded
            .as_ref()
            .expect("a checkout holds its state until it is kept")
    }

    fn state(&mut self) -> &mut Loaded<A> {
        self.loaded
            .as_mut()
            .expect("a checkout holds its state until it is kept")
    }
}

impl<A> Drop for Checkout<A>
where
    A: Aggregate<Services = ()> + 'static,
    A::Event: LedgerEvent,
{
    fn drop(&mut self) {
        if self.clean
            && let Some(loaded) = self.loaded.take()
        {
            self.home.put_back(self.key, loaded);
        }
    }
}
