// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.audit;

import dev.belay.contracts.Json;
import dev.belay.contracts.audit.AuditEvent;
import dev.belay.flagconfig.audit.decision.Link;

/**
 * An audit event with its place in the chain.
 *
 * @param seq number of the row
 * @param event the event
 * @param previousHash hash of the row before
 * @param hash hash of this row
 */
public record AuditEntry(long seq, AuditEvent event, String previousHash, String hash) {
    static AuditEntry of(Link link) {
        return new AuditEntry(link.seq(), Json.read(link.event(), AuditEvent.class), link.previousHash(), link.hash());
    }
}
