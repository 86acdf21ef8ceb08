// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.belay.contracts.FlagRef;
import dev.belay.manifest.Document;
import dev.belay.manifest.FlagDocument;

/** Paths of the REST interface, below {@code /api/v1}. */
final class Paths {
    private Paths() {}

    static String rollouts(FlagRef flag) {
        return "/rollouts/" + of(flag);
    }

    static String of(FlagRef flag) {
        return encoded(flag.project()) + "/" + encoded(flag.environment()) + "/" + encoded(flag.flag());
    }

    /** Returns {@code ?a=x&b=y} of the parameters that have a value, or nothing. */
    static String query(Map<String, Optional<String>> parameters) {
        String query = parameters.entrySet().stream()
                .filter(entry -> entry.getValue().isPresent())
                .map(entry -> entry.getKey() + "=" + encoded(entry.getValue().orElse("")))
                .collect(Collectors.joining("&"));
        return query.isEmpty() ? "" : "?" + query;
    }

    /**
     * Returns where a document is kept.
     *
     * @throws IllegalStateException for a rollout, which is found by its flag
     */
    static String of(Document document) {
        return switch (document.kind()) {
            case FLAG -> "/flags/" + name(document);
            case SEGMENT -> "/segments/" + name(document);
            case METRIC -> "/metrics/" + name(document);
            case TEMPLATE -> "/templates/" + name(document);
            case CHANNEL -> "/channels/" + name(document);
            case ROLLOUT -> throw new IllegalStateException("a rollout has no path of its own");
        };
    }

    /** Returns {@code project/name}, of a flag {@code project/environment/name}. */
    static String name(Document document) {
        String environment = document instanceof FlagDocument flag ? flag.environment() + "/" : "";
        return document.project() + "/" + environment + document.name();
    }

    /** Returns {@code project/name} of a name in the project at hand, or of such a path. */
    static String inProject(String text, ServerOptions server) {
        int slash = text.indexOf('/');
        String project = slash < 0 ? server.requireProject() : text.substring(0, slash);
        return encoded(project) + "/" + encoded(text.substring(slash + 1));
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
