-- SPDX-License-Identifier: Apache-2.0
create table notifier.channel (
    id bigserial primary key,
    project text not null,
    name text not null,
    type text not null,
    url text not null,
    version bigint not null,
    updated_at timestamptz not null,
    unique (project, name)
);

create table notifier.delivery (
    id bigserial primary key,
    project text not null,
    environment text not null,
    flag text not null,
    channel text not null,
    subject text not null,
    occasion text not null,
    transition text not null,
    message text not null,
    status text not null check (status in ('WAITING', 'DELIVERED', 'FAILED')),
    attempts int not null default 0,
    reason text,
    created_at timestamptz not null,
    due_at timestamptz,
    ended_at timestamptz,
    -- One message per transition, whatever is redelivered and however many replicas run.
    unique (project, channel, transition)
);

create index delivery_due on notifier.delivery (due_at) where status = 'WAITING';
create index delivery_subject on notifier.delivery (subject);

create table notifier.outbox (
    id bigserial primary key,
    topic text not null,
    record_key text not null,
    value text,
    event_id text not null,
    source text not null,
    at timestamptz not null default now()
);
