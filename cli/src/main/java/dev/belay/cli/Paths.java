// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.belay.contracts.FlagRef;

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

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
