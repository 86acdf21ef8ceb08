// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.signals;

import java.util.Map;
import java.util.TreeMap;

import io.sentry.Hint;
import io.sentry.Sentry;
import io.sentry.SentryEvent;
import io.sentry.SentryOptions;

// The snippet of docs/signals.md, which a test compares with this file.
/** Tags errors with the unit they happened to and the variants it was served. */
final class BelayTags implements SentryOptions.BeforeSendCallback {
    /** Call this where a flag was evaluated, for instance in the after() of an OpenFeature hook. */
    static void served(String unit, String flag, String variant) {
        Sentry.configureScope(scope -> {
            Map<String, String> tags = new TreeMap<>();
            if (scope.getContexts().get("belay") instanceof Map<?, ?> before && unit.equals(before.get("belay.unit"))) {
                before.forEach((tag, value) -> tags.put(tag.toString(), value.toString()));
            }
            tags.put("belay.unit", unit);
            tags.put("belay.flag." + flag, variant);
            scope.setContexts("belay", tags);
        });
    }

    @Override
    public SentryEvent execute(SentryEvent event, Hint hint) {
        if (event.getContexts().get("belay") instanceof Map<?, ?> tags) {
            tags.forEach((tag, value) -> event.setTag(tag.toString(), value.toString()));
        }
        return event;
    }
}
