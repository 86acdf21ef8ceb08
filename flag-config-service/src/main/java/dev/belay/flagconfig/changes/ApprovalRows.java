// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.changes;

import java.util.List;
import java.util.UUID;

import dev.belay.flagconfig.changes.decision.Given;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;

/** Rows of approvals. */
@ApplicationScoped
class ApprovalRows implements PanacheRepositoryBase<ApprovalRow, String> {

    /** Returns what was given to a change, in order. */
    List<Given> of(String changeId) {
        return find("changeId = ?1 order by at, id", changeId).stream()
                .map(ApprovalRow::given)
                .toList();
    }

    void add(String changeId, Given given) {
        ApprovalRow row = new ApprovalRow();
        row.id = UUID.randomUUID().toString();
        row.changeId = changeId;
        row.actorKind = given.by().kind().name();
        row.actorName = given.by().name();
        row.hash = given.hash();
        row.at = given.at();
        persist(row);
    }
}
