// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.keys;

import dev.belay.contracts.Topics;
import dev.belay.contracts.keys.ApiKey;
import dev.belay.flagconfig.Comparison;
import jakarta.enterprise.context.ApplicationScoped;

/** Compares keys with their topic. */
@ApplicationScoped
class KeyReconciler implements Comparison {
    private final Keys keys;

    KeyReconciler(Keys keys) {
        this.keys = keys;
    }

    @Override
    public void compare(TopicReader topics) {
        keys.reconcile(topics.read(Topics.KEYS, ApiKey::version));
    }
}
