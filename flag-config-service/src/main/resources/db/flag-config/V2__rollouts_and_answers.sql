-- SPDX-License-Identifier: Apache-2.0
-- The latest rollout of each flag, as rollout-scheduler said it: an edit must not pull the ground from under it.
create table latest_rollout (
    flag_key text primary key,
    project text not null,
    epoch integer not null,
    version bigint not null,
    state text not null
);
create index latest_rollout_by_project on latest_rollout (project);

-- Requests for keys that carried an idempotency key, for a week. With the caller's own key the salt gives the made key again;
-- by itself it gives nothing.
create table answered_request (
    id text primary key,
    request text not null,
    key_id text not null references keys (id),
    salt text not null,
    at timestamptz not null
);
create index answered_request_at on answered_request (at);
