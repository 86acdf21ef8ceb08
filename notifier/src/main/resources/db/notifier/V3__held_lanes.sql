-- SPDX-License-Identifier: Apache-2.0
-- Who sends there now, and until when nobody else does: a sender that lost the database after it had sent comes back to note it.
alter table notifier.lane
    add column held_by text,
    add column held_until timestamptz;
