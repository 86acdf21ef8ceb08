-- SPDX-License-Identifier: Apache-2.0

-- What is agreed besides the plan: JSON of the record Terms. verdicts: the last of each subject when the rollout ended.
alter table rollout add column terms text not null default '{"from":0}';
alter table rollout add column verdicts text;

-- What happened to each rollout, in order; content is the JSON of the record Moment. Never changed.
create table moment (
    id bigserial primary key,
    flag_key text not null references flag (key),
    epoch integer not null,
    content text not null
);
create index moment_by_flag on moment (flag_key, epoch, id);

-- Times in which nothing is raised; never deleted.
-- "freeze" is a word of SQL.
create table raise_freeze (
    id text primary key,
    project text not null,
    environment text,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    reason text not null,
    actor_kind text not null,
    actor_name text not null,
    lifted_at timestamptz
);
create index raise_freeze_ahead on raise_freeze (ends_at) where lifted_at is null;
