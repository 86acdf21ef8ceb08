// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.exposures;

/** A hash of 64 bits over texts and numbers: FNV-1a. */
final class Fingerprint {
    private static final long PRIME = 0x100000001B3L;
    private static final long OFFSET = 0xCBF29CE484222325L;

    private long hash = OFFSET;

    Fingerprint with(String text) {
        hash = (hash ^ 0xFF) * PRIME;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * PRIME;
        }
        return this;
    }

    Fingerprint with(long number) {
        hash = (hash ^ number) * PRIME * PRIME;
        return this;
    }

    long value() {
        return hash;
    }
}
