-- SPDX-License-Identifier: Apache-2.0
-- Flags, segments, metrics and templates: the present version of each.
create table documents (
    id text primary key,
    kind text not null,
    project text not null,
    environment text,
    name text not null,
    version bigint not null,
    withdrawn boolean not null,
    content text not null,
    updated_at timestamptz not null
);
create index documents_by_kind on documents (kind, project, environment);

-- Every version there ever was.
create table document_versions (
    id text primary key,
    document_id text not null references documents (id),
    version bigint not null,
    content text not null,
    updated_at timestamptz not null
);

-- Rollbacks of whole rollouts that have been seen, so that each acts once, and before or after its rollout's fold.
create table rolled_back (
    id text primary key,
    at timestamptz not null
);

create table keys (
    id text primary key,
    version bigint not null,
    hash text not null,
    name text not null,
    person boolean not null,
    scopes text not null,
    role text,
    project text,
    environment text,
    created_at timestamptz not null,
    expires_at timestamptz,
    revoked boolean not null
);
create unique index one_key_per_person on keys (name) where person and not revoked;

-- Append-only; each row's hash covers the hash before it.
create table audit (
    seq bigint primary key,
    event_id text not null unique,
    project text,
    subject text not null,
    at timestamptz not null,
    event text not null,
    previous_hash text not null,
    hash text not null
);
create index audit_by_subject on audit (subject, seq);
create index audit_by_project on audit (project, seq);

create table outbox (
    id bigserial primary key,
    topic text not null,
    record_key text not null,
    value text,
    event_id text not null,
    source text not null,
    at timestamptz not null default now()
);
