//! Folds each ledger into read models: writes views and nothing else.
