-- An account is erased like a person: step by step, and carried on after a crash by whoever keeps the accounts.
alter table vault.erasure drop constraint erasure_kind_known;
alter table vault.erasure add constraint erasure_kind_known check (kind in ('person', 'text', 'account'));
