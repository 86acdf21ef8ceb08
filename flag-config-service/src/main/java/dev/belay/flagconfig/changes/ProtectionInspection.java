// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.changes;

import java.time.Instant;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Json;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.flagconfig.changes.decision.ChangeGate;
import dev.belay.flagconfig.changes.decision.ChangeHash;
import dev.belay.flagconfig.changes.decision.Protection;
import dev.belay.flagconfig.documents.Change;
import dev.belay.flagconfig.documents.Inspection;
import dev.belay.http.FieldError;
import dev.belay.http.ProblemException;
import dev.belay.manifest.ManifestForm;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/**
 * The gate in front of every write of a flag. What was approved is compared with what is about to be written, not with what
 * somebody says it is.
 */
@ApplicationScoped
class ProtectionInspection implements Inspection {
    private static final int FORBIDDEN = 403;

    private final Environments environments;
    private final ChangeRows changes;
    private final ApprovalRows approvals;

    ProtectionInspection(Environments environments, ChangeRows changes, ApprovalRows approvals) {
        this.environments = environments;
        this.changes = changes;
        this.approvals = approvals;
    }

    @Override
    public void onFlagWrite(@Nullable FlagDefinition before, FlagDefinition after, Change change) {
        Protection protection = environments.protection(after.project(), after.environment());
        ChangeGate.Verdict verdict = verdict(protection, before, after, change);
        if (!verdict.isOpen()) {
            throw refusal(after.ref(), verdict);
        }
    }

    private ChangeGate.Verdict verdict(
            Protection protection, @Nullable FlagDefinition before, FlagDefinition after, Change change) {
        String warrant = change.warrant();
        ChangeRow row = warrant == null ? null : changes.findById(warrant);
        if (row == null || !row.isOpen() || !row.flagKey.equals(after.ref().key())) {
            return ChangeGate.judge(protection, "", Set.of(change.actor()), List.of(), Instant.now());
        }
        String hash = hash(after.ref(), before == null ? 0 : before.version(), row.dueAt, after);
        return ChangeGate.judge(protection, hash, Set.copyOf(row.authors()), approvals.of(row.id), Instant.now());
    }

    /** Returns what approvals of that write are bound to. */
    static String hash(FlagRef flag, long base, @Nullable Instant dueAt, FlagDefinition after) {
        return ChangeHash.of(flag.key(), base, dueAt, document(after));
    }

    /** Returns a flag as people write it, the same whether it was just made or read again. */
    static JsonNode document(FlagDefinition flag) {
        return Json.read(ManifestForm.of(flag).toString(), JsonNode.class);
    }

    static ProblemException refusal(FlagRef flag, ChangeGate.Verdict verdict) {
        String rule = "asks for " + verdict.needed() + " approval" + (verdict.needed() == 1 ? "" : "s")
                + " of others for each change of a flag";
        FieldError error = new FieldError("environment", rule, flag.project() + "/" + flag.environment());
        StringBuilder detail = new StringBuilder()
                .append(error.field() + " " + error.value() + " " + rule + ", " + verdict.counted() + " counts");
        verdict.approvals().stream()
                .filter(each -> each.standing() != ChangeGate.Standing.COUNTS)
                .forEach(each -> detail.append("; that of " + each.given().by().name() + " "
                        + each.standing().words()));
        if (verdict.approvals().isEmpty()) {
            detail.append(": write with ?propose=true to ask for them");
        }
        return new ProblemException(FORBIDDEN, "approval-needed", detail.toString(), List.of(error));
    }
}
