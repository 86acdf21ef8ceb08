// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.channels;

import java.net.URI;
import java.time.Instant;

import dev.belay.manifest.ChannelDocument;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A channel as it is kept. The address is a secret. */
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
    public long version;
    public Instant updatedAt;

    URI address() {
        return URI.create(url);
    }
}
