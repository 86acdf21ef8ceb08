// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier.channels;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import dev.belay.manifest.ChannelDocument;
import dev.belay.notifier.decision.Interest;
import dev.belay.notifier.decision.Medium;
import dev.belay.notifier.decision.QuietHours;
import dev.belay.notifier.decision.Severity;
import org.jspecify.annotations.Nullable;

/**
 * A channel as it is spoken to.
 *
 * @param project name of the project
 * @param name what templates call it
 * @param url where; a secret
 * @param room Slack channel a bot posts to; null for other types
 * @param secrets what proves who speaks
 * @param interest what it wants to be told of
 * @param quiet when messages that can wait do
 * @param isForAll whether it hears of every rollout of its project
 * @param disabled why nothing is sent to it; null when something is
 */
public record Addressee(
        String project,
        String name,
        URI url,
        @Nullable String room,
        ChannelDocument.Secrets secrets,
        Interest interest,
        QuietHours quiet,
        boolean isForAll,
        @Nullable String disabled) {
    private static final int SHORTEST_SECRET = 8;

    static Addressee of(ChannelRow row) {
        ChannelDocument document = row.document();
        ChannelDocument.Hears hears = document.hears();
        Medium medium = Medium.valueOf(document.type().name());
        ChannelDocument.Severity least = hears.severity();
        return new Addressee(
                row.project,
                row.name,
                document.url(),
                document.room(),
                document.secrets(),
                new Interest(
                        medium,
                        Set.copyOf(hears.environments()),
                        Set.copyOf(hears.tags()),
                        least == null ? medium.usual() : Severity.valueOf(least.name())),
                new QuietHours(hears.quiet().stream()
                        .map(quiet -> new QuietHours.Stretch(
                                Set.copyOf(quiet.days()), quiet.from(), quiet.to(), quiet.zone()))
                        .toList()),
                hears.of() == ChannelDocument.Of.PROJECT,
                row.disabledReason);
    }

    public Medium medium() {
        return interest.medium();
    }

    /** Returns a text in which every secret of the channel is masked: a receiver may repeat what it was sent. */
    public String masked(String text) {
        String masked = text;
        for (String secret : all()) {
            masked = masked.replace(secret, "***");
        }
        return masked;
    }

    private List<String> all() {
        List<String> all = new ArrayList<>(secrets.webhook());
        all.addAll(secrets.people().values());
        all.add(secrets.token());
        all.add(secrets.signing());
        all.add(secrets.routingKey());
        all.add(url.toString());
        all.add(url.getRawPath());
        all.add(url.getRawQuery());
        return all.stream()
                .filter(secret -> secret != null && secret.length() >= SHORTEST_SECRET)
                .sorted((one, other) -> Integer.compare(other.length(), one.length()))
                .collect(Collectors.toList());
    }

    /** Leaves the secrets out. */
    @Override
    public String toString() {
        return "Addressee[" + project + "/" + name + "]";
    }
}
