// SPDX-License-Identifier: Apache-2.0
package dev.belay.notifier;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** The same installation, and its database is away at the start. */
public class DatabaseComesLater extends NotifierInstallation {
    @Override
    public Map<String, String> start() {
        Map<String, String> settings = super.start();
        try {
            outage().begin();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return settings;
    }
}
