// SPDX-License-Identifier: Apache-2.0
package dev.belay.contracts;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * CloudEvents 1.0 attributes as headers of a record (binary mode of the Kafka protocol binding). Tombstones carry none.
 */
public final class CloudEvents {
    private static final Header VERSION = header("ce_specversion", "1.0");
    private static final Header CONTENT_TYPE = header("content-type", "application/json");
    /** As many as there are modules and topics: those of every record of theirs. */
    private static final Map<String, Header> SOURCES = new ConcurrentHashMap<>();

    private static final Map<String, Header> TYPES = new ConcurrentHashMap<>();

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
        boolean isFresh = !headers.iterator().hasNext();
        put(headers, isFresh, VERSION);
        put(headers, isFresh, header("ce_id", id));
        put(headers, isFresh, SOURCES.computeIfAbsent(source, module -> header("ce_source", "/belay/" + module)));
        put(headers, isFresh, TYPES.computeIfAbsent(topic.name(), name -> header("ce_type", name)));
        put(headers, isFresh, header("ce_subject", subject));
        put(headers, isFresh, header("ce_time", IsoInstant.format(at)));
        put(headers, isFresh, CONTENT_TYPE);
    }

    private static void put(Headers headers, boolean isFresh, Header header) {
        if (!isFresh && headers.lastHeader(header.key()) != null) {
            headers.remove(header.key());
        }
        headers.add(header);
    }

    private static Header header(String key, String value) {
        return new RecordHeader(key, value.getBytes(StandardCharsets.UTF_8));
    }
}
