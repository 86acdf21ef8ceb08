-- SPDX-License-Identifier: Apache-2.0

-- One row per flag that ever had a rollout: locked by whoever decides about the flag.
create table flag (
    key text primary key,
    latest_epoch integer not null
);

-- One row per rollout. state and basis are the JSON of the records of the same name.
create table rollout (
    id text primary key,
    flag_key text not null references flag (key),
    epoch integer not null,
    version bigint not null,
    status text not null,
    state text not null,
    basis text not null,
    source text not null,
    updated_at timestamptz not null,
    unique (flag_key, epoch)
);

create index rollout_open on rollout (flag_key) where status in ('DRAFT', 'AWAITING_APPROVAL', 'SCHEDULED', 'RUNNING', 'PAUSED');

-- Answers to commands that carried an idempotency key, kept for a week.
create table answered_command (
    id text primary key,
    request text not null,
    answer text not null,
    at timestamptz not null
);

create index answered_command_at on answered_command (at);

create table outbox (
    id bigserial primary key,
    topic text not null,
    record_key text not null,
    value text,
    event_id text not null,
    source text not null,
    at timestamptz not null default now()
);
