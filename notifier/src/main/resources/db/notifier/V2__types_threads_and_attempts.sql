-- SPDX-License-Identifier: Apache-2.0
-- What a channel's document said, with its secrets; null for a webhook of Slack's that was written before there were others.
alter table notifier.channel
    add column document text,
    add column disabled_reason text;

-- A notice is rendered when it is sent. A delivery of before has its message only, and goes out as it is.
alter table notifier.delivery
    alter column environment drop not null,
    alter column flag drop not null,
    add column notice text,
    add column thread text,
    add column version bigint not null default 0,
    add column folded_into bigint,
    add column ordered boolean not null default false;

create index delivery_lane on notifier.delivery (project, channel, due_at) where status = 'WAITING';

-- One for each channel that has something to send: whoever holds it is the only one who sends there.
create table notifier.lane (
    id bigserial primary key,
    project text not null,
    channel text not null,
    free_at timestamptz not null default now(),
    failures int not null default 0,
    failing_since timestamptz,
    down_since timestamptz,
    unique (project, channel)
);

insert into notifier.lane (project, channel)
    select project, name from notifier.channel
    union
    select project, channel from notifier.delivery where status = 'WAITING';

-- Every attempt of every delivery.
create table notifier.attempt (
    id bigserial primary key,
    delivery_id bigint not null references notifier.delivery (id) on delete cascade,
    number int not null,
    at timestamptz not null,
    millis bigint not null,
    status text not null,
    reason text
);

create index attempt_delivery on notifier.attempt (delivery_id, number);

-- The first message of a rollout in a channel of Slack's: replies go below it, and it is kept up to date.
create table notifier.thread (
    id bigserial primary key,
    project text not null,
    channel text not null,
    thread text not null,
    room text not null,
    ts text not null,
    notice text not null,
    last_delivery bigint not null,
    stale boolean not null default false,
    failures int not null default 0,
    due_at timestamptz not null,
    unique (project, channel, thread)
);

create index thread_stale on notifier.thread (project, channel, due_at) where stale;

-- Buttons that were pressed, each once.
create table notifier.press (
    id text primary key,
    at timestamptz not null
);
