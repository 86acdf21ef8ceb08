// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.net.URI;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Where people are told.
 *
 * @param project name of the project
 * @param name what templates call it
 * @param type how it is spoken to
 * @param url where; a secret
 */
public record ChannelDocument(String project, String name, Type type, URI url) implements Document {
    /** How a channel is spoken to. */
    public enum Type {
        @JsonProperty("slack-webhook")
        SLACK_WEBHOOK
    }

    @Override
    public Kind kind() {
        return Kind.CHANNEL;
    }

    /** Leaves the secret out. */
    @Override
    public String toString() {
        return "ChannelDocument[project=" + project + ", name=" + name + ", type=" + type + "]";
    }
}
