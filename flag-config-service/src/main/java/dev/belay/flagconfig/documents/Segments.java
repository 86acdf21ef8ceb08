// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents;

import dev.belay.contracts.flags.Segment;
import dev.belay.http.ProblemException;
import dev.belay.manifest.SegmentDocument;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

/** Segments for the other features of the service. */
@ApplicationScoped
public class Segments {
    private final Documents documents;
    private final DocumentRows rows;

    Segments(Documents documents, DocumentRows rows) {
        this.documents = documents;
        this.rows = rows;
    }

    /** Returns whether the project has a segment of that name. */
    @Transactional
    public boolean has(String project, String name) {
        return rows.present(SegmentType.INSTANCE.word() + "/" + project + "/" + name)
                .isPresent();
    }

    /**
     * Writes a segment; what stands already changes nothing.
     *
     * @throws ProblemException what is wrong with it
     */
    public Written<Segment> put(SegmentDocument document, Change change) {
        return documents.put(SegmentType.INSTANCE, document, change);
    }

    /** Returns what {@link #put} would leave standing. */
    public Written<Segment> rehearse(SegmentDocument document, Change change) {
        return documents.rehearse(SegmentType.INSTANCE, document, change);
    }
}
