// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.exposures;

import java.util.Arrays;

/**
 * A bounded memory of fingerprints. It holds two generations: when the younger is full or old, the elder is forgotten.
 * So a fingerprint is remembered for at least half the lifetime, unless more than half the capacity came after it.
 *
 * <p>Open addressing in plain arrays: a million entries take some 30 MB. Thread-safe.
 */
final class RecentlySeen {
    private static final int FIRST_SIZE = 1 << 10;
    private static final long EMPTY = 0;
    private static final long REMOVED = 1;
    private static final long STAND_IN = 0x9E3779B97F4A7C15L;

    private final int perGeneration;
    private final long generationMillis;
    private Generation young;
    private Generation old;
    private long youngSince;

    /**
     * @param capacity most fingerprints remembered
     * @param lifetimeMillis longest time one is remembered
     */
    RecentlySeen(int capacity, long lifetimeMillis) {
        this.perGeneration = Math.max(1, capacity / 2);
        this.generationMillis = lifetimeMillis / 2;
        this.young = new Generation();
        this.old = new Generation();
    }

    /**
     * Remembers a fingerprint and returns whether it was new.
     *
     * @param nowMillis present time
     */
    synchronized boolean add(long fingerprint, long nowMillis) {
        long entry = entry(fingerprint);
        if (young.size >= perGeneration || nowMillis - youngSince > generationMillis) {
            old = nowMillis - youngSince > 2 * generationMillis ? new Generation() : young;
            young = new Generation();
            youngSince = nowMillis;
        }
        return !old.contains(entry) && young.add(entry);
    }

    /** Forgets a fingerprint, so that it is new again. */
    synchronized void remove(long fingerprint) {
        long entry = entry(fingerprint);
        young.remove(entry);
        old.remove(entry);
    }

    /** The two numbers that mark slots stand for no fingerprint. */
    private static long entry(long fingerprint) {
        return fingerprint == EMPTY || fingerprint == REMOVED ? STAND_IN + fingerprint : fingerprint;
    }

    private static final class Generation {
        private long[] slots = new long[FIRST_SIZE];
        private int size;

        boolean contains(long entry) {
            return slots[find(slots, entry)] == entry;
        }

        boolean add(long entry) {
            int slot = find(slots, entry);
            if (slots[slot] == entry) {
                return false;
            }
            slots[slot] = entry;
            size++;
            if (size > slots.length / 2) {
                grow();
            }
            return true;
        }

        /** Leaves a mark: an empty slot would hide the entries after it. */
        void remove(long entry) {
            int slot = find(slots, entry);
            if (slots[slot] == entry) {
                slots[slot] = REMOVED;
            }
        }

        private void grow() {
            long[] larger = new long[slots.length * 2];
            Arrays.stream(slots)
                    .filter(entry -> entry != EMPTY && entry != REMOVED)
                    .forEach(entry -> larger[find(larger, entry)] = entry);
            slots = larger;
        }

        private static int find(long[] in, long entry) {
            int mask = in.length - 1;
            int slot = (int) (mix(entry) & mask);
            while (in[slot] != EMPTY && in[slot] != entry) {
                slot = (slot + 1) & mask;
            }
            return slot;
        }

        private static long mix(long entry) {
            long mixed = entry * STAND_IN;
            return mixed ^ (mixed >>> 32);
        }
    }
}
