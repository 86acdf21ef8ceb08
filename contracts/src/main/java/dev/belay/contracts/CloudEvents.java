// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

import org.apache.kafka.common.header.Headers;

/**
 * CloudEvents 1.0 attributes as headers of a record (binary mode of the Kafka protocol binding). Tombstones carry none.
 */
public final class CloudEvents {
    private CloudEvents() {}

    /**
     * Adds the attributes to {@code headers}.
     *
     * @param topic gives {@code ce_type}, its name
     * @param id {@code ce_id}, unique with the source
     * @param source {@code ce_source}, the writing module
     * @param subject {@code ce_subject}, the record's key
     * @param at {@code ce_time}
     */
    public static void addTo(Headers headers, Topic<?> topic, String id, String source, String subject, Instant at) {
        add(headers, "ce_specversion", "1.0");
        add(headers, "ce_id", id);
        add(headers, "ce_source", "/belay/" + source);
        add(headers, "ce_type", topic.name());
        add(headers, "ce_subject", subject);
        add(headers, "ce_time", at.toString());
        add(headers, "content-type", "application/json");
    }

    private static void add(Headers headers, String key, String value) {
        headers.remove(key);
        headers.add(key, value.getBytes(StandardCharsets.UTF_8));
    }
}
