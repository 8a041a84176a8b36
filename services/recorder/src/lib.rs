//! Authorises, loads, decides, appends: writes the ledger and nothing else.
