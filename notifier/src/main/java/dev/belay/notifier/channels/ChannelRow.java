// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.channels;

import java.net.URI;
import java.time.Instant;

import dev.belay.contracts.Json;
import dev.belay.manifest.ChannelDocument;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A channel as it is kept. The address and the document are secrets. */
@Entity
@Table(name = "channel")
public class ChannelRow {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    public Long id;

    public String project;
    public String name;

    @Enumerated(EnumType.STRING)
    public ChannelDocument.Type type;

    public String url;
    public String document;
    public String disabledReason;
    public long version;
    public Instant updatedAt;

    /** Sends to it again. */
    void enable() {
        disabledReason = null;
    }

    /** Returns what was written; a row of before there were documents is a webhook of Slack's. */
    ChannelDocument document() {
        return document == null
                ? new ChannelDocument(
                        project,
                        name,
                        type,
                        URI.create(url),
                        null,
                        ChannelDocument.Secrets.NONE,
                        ChannelDocument.Hears.EVERYTHING)
                : Json.read(document, ChannelDocument.class);
    }
}
