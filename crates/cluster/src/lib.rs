//! A private PostgreSQL cluster: made, started, watched and stopped.
