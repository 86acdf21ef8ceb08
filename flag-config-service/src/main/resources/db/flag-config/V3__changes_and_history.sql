-- SPDX-License-Identifier: Apache-2.0
-- Who wrote a version, and why; null for versions from before.
alter table document_versions add column actor_kind text;
alter table document_versions add column actor_name text;
alter table document_versions add column action text;
alter table document_versions add column reason text;
create index document_versions_by_document on document_versions (document_id, version);

-- What is agreed for an environment; none is the same as not protected.
create table environment (
    id text primary key,
    project text not null,
    name text not null,
    version bigint not null,
    approvals integer not null,
    updated_at timestamptz not null
);

-- Changes of flags that wait: for approval, for their time, or both.
create table flag_change (
    id text primary key,
    flag_key text not null,
    project text not null,
    environment text not null,
    status text not null,
    version bigint not null,
    base bigint not null,
    document text not null,
    hash text not null,
    authors text not null,
    reason text,
    due_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    outcome text
);
create index flag_change_by_flag on flag_change (flag_key, created_at);
create index flag_change_due on flag_change (due_at) where status = 'OPEN' and due_at is not null;

-- Approvals, bound to the hash of what was approved; never taken away.
create table flag_change_approval (
    id text primary key,
    change_id text not null references flag_change (id),
    actor_kind text not null,
    actor_name text not null,
    hash text not null,
    at timestamptz not null
);
create index flag_change_approval_by_change on flag_change_approval (change_id);

-- Early access: what each unit chose.
create table enrolment (
    id text primary key,
    flag_key text not null,
    unit text not null,
    joined boolean not null,
    at timestamptz not null
);
create index enrolment_by_flag on enrolment (flag_key, unit);

-- Versions of the two lists of a flag, as published.
create table enrolment_list (
    flag_key text primary key,
    version bigint not null
);
