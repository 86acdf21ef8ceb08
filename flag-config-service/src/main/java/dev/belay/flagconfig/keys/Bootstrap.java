// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.keys;

import java.util.List;
import java.util.Optional;

import dev.belay.flagconfig.SchemaReady;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Gives a new installation its first keys. */
@ApplicationScoped
class Bootstrap {
    private static final System.Logger LOG = System.getLogger(Bootstrap.class.getName());

    private final Keys keys;
    private final List<BootstrapKey> chosen;

    /** @throws IllegalArgumentException if {@code belay.bootstrap.keys} has another form */
    Bootstrap(Keys keys, @ConfigProperty(name = "belay.bootstrap.keys") Optional<String> setting) {
        this.keys = keys;
        this.chosen = BootstrapKey.parseAll(setting.orElse(""));
    }

    void ensure(@Observes SchemaReady event) {
        keys.bootstrap(chosen)
                .ifPresent(text -> LOG.log(
                        System.Logger.Level.WARNING,
                        "there was no key and belay.bootstrap.keys names none; this admin key is shown once: {0}",
                        text));
    }
}
