-- What our gateway answers, in tables as a schema made for PostGraphile would have them: a row each, and an index for every relation.
drop schema if exists peer cascade;
create schema peer;
create table peer.compact (
    id integer primary key,
    slug text not null unique,
    name text not null
);
create table peer.action_plan (
    id integer primary key,
    compact_id integer not null references peer.compact,
    title text not null
);
create index on peer.action_plan (compact_id, title);
create table peer.objective (
    id integer primary key,
    action_plan_id integer not null references peer.action_plan,
    ref text not null,
    title text not null,
    indicator text,
    state text not null
);
create index on peer.objective (action_plan_id, id);
create table peer.action (
    id integer primary key,
    compact_id integer not null references peer.compact,
    objective_id integer not null references peer.objective,
    text text not null,
    owner text,
    state text not null,
    due_on date,
    timescale text
);
create index on peer.action (objective_id, id);
create index on peer.action (compact_id, state, due_on, id);
create table peer.plan_update (
    id integer primary key,
    text text not null
);
create table peer.objective_update (
    objective_id integer not null references peer.objective,
    update_id integer not null references peer.plan_update,
    primary key (objective_id, update_id)
);
create index on peer.objective_update (update_id);
