//! The gateway from outside: over HTTP in this process, on a real database, with a real recorder.

mod abuse;
mod apart;
mod counted;
mod documented;
mod files;
mod headers;
mod http;
mod lists;
mod meetings;
mod mutations;
mod outcomes;
mod paces;
mod past;
mod people;
mod practices;
mod progress;
mod put_right;
mod reminders;
mod schema;
mod sdl;
mod subscriptions;
mod texts;
mod throttled;
mod walk;
mod world;
