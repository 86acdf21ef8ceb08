// SPDX-License-Identifier: Apache-2.0
/**
 * Owns rollouts and their epochs: takes orders through REST, listens to verdicts, rollbacks and flags, lets {@link
 * dev.belay.rollouts.decision} decide, and writes row, record and audit event in one transaction.
 *
 * <pre>
 * REST ────────────┐
 * verdicts ─► facts ┼─► RolloutDesk (row lock, database clock) ─► decide ─► rollout row + outbox ─► rollouts, audit
 * time ────────────┘
 * </pre>
 */
@NullMarked
package dev.belay.rollouts;

import org.jspecify.annotations.NullMarked;
