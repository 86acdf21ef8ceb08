// SPDX-License-Identifier: Apache-2.0
package dev.belay.rollouts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** An infrastructure whose database is away when the service starts. */
public class AwayInfrastructure extends Infrastructure {
    @Override
    public Map<String, String> start() {
        Map<String, String> settings = super.start();
        try {
            database().stop();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return settings;
    }
}
