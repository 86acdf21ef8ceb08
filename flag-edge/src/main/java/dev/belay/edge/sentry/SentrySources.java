// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.sentry;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.belay.contracts.Require;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.ConfigProvider;

/** The integrations that may report here, {@code belay.edge.sentry}: a list with commas between. */
@Singleton
public class SentrySources {
    private static final System.Logger LOG = System.getLogger(SentrySources.class.getName());

    private final Map<String, SentrySource> sources = new HashMap<>();

    /** @throws IllegalArgumentException if one has another form, or two have one name */
    SentrySources() {
        List<String> texts = ConfigProvider.getConfig()
                .getOptionalValues("belay.edge.sentry", String.class)
                .orElse(List.of());
        for (String text : texts) {
            SentrySource source = SentrySource.parse(text);
            SentrySource known = sources.put(source.name(), source);
            Require.that(known == null, "belay.edge.sentry", "must have unique names", source.name());
        }
    }

    /** Made at the start, so that what cannot be read stops it. */
    void start(@Observes StartupEvent event) {
        LOG.log(System.Logger.Level.DEBUG, "Sentry may report as {0}", sources.keySet());
    }

    Optional<SentrySource> find(String name) {
        return Optional.ofNullable(sources.get(name));
    }
}
