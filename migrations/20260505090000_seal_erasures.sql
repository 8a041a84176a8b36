-- What the tombstone of an erasure will say is kept with it from the beginning, its reason sealed like any other text: so the
-- same tombstone is appended whoever carries the erasure on. And an erasure goes step by step: none is left out.
drop trigger erasure_moves_forward on vault.erasure;

alter table vault.erasure drop column reason;
-- Those there were keep a tombstone that says nothing but what they were; from here on whoever begins one says it.
alter table vault.erasure add column tombstone jsonb not null default 'null';
alter table vault.erasure alter column tombstone drop default;
comment on column vault.erasure.tombstone is
    'What the ledger will be told, as whoever appends it reads it; the reason and whatever else may name people is sealed.';

create trigger erasure_moves_forward
    before update on vault.erasure
    for each row
    when (
        (new.subject_id, new.kind, new.tombstone, new.tombstone_ledger, new.command_id, new.actor, new.actor_role,
            new.intended_at)
            is distinct from
            (old.subject_id, old.kind, old.tombstone, old.tombstone_ledger, old.command_id, old.actor, old.actor_role,
            old.intended_at)
        or array_position(enum_range(null::vault.erasure_step), new.step)
            <> array_position(enum_range(null::vault.erasure_step), old.step) + 1
    )
    execute function vault.refuse_return();
alter table vault.erasure enable always trigger erasure_moves_forward;
