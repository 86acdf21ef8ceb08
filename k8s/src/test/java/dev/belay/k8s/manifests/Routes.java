// SPDX-License-Identifier: Apache-2.0
package dev.belay.k8s.manifests;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;

/** Where the Ingress sends what it gets. */
public final class Routes {
    private record Route(String path, boolean exact, String service) {
        boolean takes(String asked) {
            return asked.equals(path) || !exact && (path.equals("/") || asked.startsWith(path + "/"));
        }
    }

    private final List<Route> routes;

    private Routes(List<Route> routes) {
        this.routes = routes;
    }

    public static Routes of(List<Manifest> manifests) {
        return new Routes(manifests.stream()
                .filter(manifest -> manifest.kind().equals("Ingress"))
                .flatMap(
                        manifest -> Manifest.stream(manifest.json().path("spec").path("rules")))
                .flatMap(rule -> Manifest.stream(rule.path("http").path("paths")))
                .map(Routes::route)
                .toList());
    }

    private static Route route(JsonNode path) {
        return new Route(
                path.path("path").asText(),
                path.path("pathType").asText().equals("Exact"),
                path.path("backend").path("service").path("name").asText());
    }

    /** Returns the service that gets a path: the longest route that takes it. */
    public Optional<String> owner(String path) {
        return routes.stream()
                .filter(route -> route.takes(path))
                .max(Comparator.comparingInt((Route route) -> route.path().length()))
                .map(Route::service);
    }

    Set<String> paths() {
        return routes.stream().map(Route::path).collect(Collectors.toSet());
    }

    Map<String, String> owners() {
        Map<String, String> owners = new LinkedHashMap<>();
        routes.forEach(route -> owners.put(route.path(), route.service()));
        return owners;
    }
}
