// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents;

import java.util.HashMap;
import java.util.Map;

import dev.belay.evaluation.Enrolment;
import dev.belay.flagconfig.Comparison;
import jakarta.enterprise.context.ApplicationScoped;

/** Compares documents with their topics; lists of early access are no documents. */
@ApplicationScoped
class Reconciler implements Comparison {
    private static final System.Logger LOG = System.getLogger(Reconciler.class.getName());

    private final Documents documents;

    Reconciler(Documents documents) {
        this.documents = documents;
    }

    @Override
    public void compare(TopicReader topics) {
        DocumentType.all().forEach(type -> compare(type, topics));
    }

    private <V> void compare(DocumentType<?, V> type, TopicReader topics) {
        Map<String, V> seen = new HashMap<>(topics.read(type.topic(), type::version));
        seen.values().stream()
                .flatMap(record -> type.whole(record, seen).stream())
                .filter(value -> !Enrolment.keeps(type.addressOf(value).name()) || type != SegmentType.INSTANCE)
                .forEach(value -> adopt(type, value));
        documents.addresses(type).forEach(address -> documents.restate(type, address, seen));
    }

    private <V> void adopt(DocumentType<?, V> type, V value) {
        try {
            documents.adopt(type, value);
        } catch (IllegalArgumentException e) {
            LOG.log(System.Logger.Level.WARNING, "not taken over from the topic: {0}", e.getMessage());
        }
    }
}
