// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.audit;

import java.util.List;

import dev.belay.contracts.Json;
import dev.belay.contracts.audit.AuditEvent;
import dev.belay.flagconfig.Locks;
import dev.belay.flagconfig.audit.decision.Link;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

/** Writes and reads the chain. */
@ApplicationScoped
class AuditTrail {
    private static final int BATCH = 500;

    private final AuditRows rows;
    private final Locks locks;

    AuditTrail(AuditRows rows, Locks locks) {
        this.rows = rows;
        this.locks = locks;
    }

    /**
     * What checking the chain found.
     *
     * @param rows how many rows there are up to the first that does not fit, or all
     * @param isIntact whether all fit
     */
    public record Check(long rows, boolean isIntact) {}

    /** Adds an event to the chain, unless it is there. */
    @Transactional
    void add(AuditEvent event) {
        locks.hold("audit");
        if (rows.has(event.id())) {
            return;
        }
        AuditRow last = rows.last();
        Link link = Link.after(last == null ? null : last.link(), Json.write(event));
        AuditRow row = new AuditRow();
        row.seq = link.seq();
        row.eventId = event.id();
        row.project = event.project();
        row.subject = event.subject();
        row.at = event.at();
        row.event = link.event();
        row.previousHash = link.previousHash();
        row.hash = link.hash();
        rows.persistAndFlush(row);
    }

    /** Returns events newest first, below {@code before}; see {@link AuditFilter}. */
    @Transactional
    List<AuditEntry> newest(AuditFilter filter, long before, int limit) {
        return rows.newest(filter, before, limit).stream()
                .map(row -> AuditEntry.of(row.link()))
                .toList();
    }

    /** Returns events oldest first, above {@code after}; see {@link AuditFilter}. */
    @Transactional
    List<AuditEntry> oldest(AuditFilter filter, long after, int limit) {
        return rows.oldest(filter, after, limit).stream()
                .map(row -> AuditEntry.of(row.link()))
                .toList();
    }

    /** Computes every hash again. */
    @Transactional
    Check check() {
        Link last = null;
        List<AuditRow> batch = rows.oldest(0, BATCH);
        while (!batch.isEmpty()) {
            for (AuditRow row : batch) {
                if (!row.link().follows(last)) {
                    return new Check(row.seq, false);
                }
                last = row.link();
            }
            rows.getEntityManager().clear();
            batch = rows.oldest(last == null ? 0 : last.seq(), BATCH);
        }
        return new Check(last == null ? 0 : last.seq(), true);
    }
}
