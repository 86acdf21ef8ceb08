// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.audit.decision;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import org.jspecify.annotations.Nullable;

/**
 * One row of the audit chain.
 *
 * @param seq number of the row, from 1 without gaps
 * @param event the event as JSON, byte for byte
 * @param previousHash hash of the row before; 64 zeros in the first
 * @param hash SHA-256 of {@code previousHash}, {@code seq} and {@code event}, joined by newlines, in hexadecimal
 */
public record Link(long seq, String event, String previousHash, String hash) {
    private static final String START = "0".repeat(64);

    /**
     * Makes the row after {@code last}.
     *
     * @param last null for the first row
     */
    public static Link after(@Nullable Link last, String event) {
        long seq = last == null ? 1 : last.seq + 1;
        String previous = last == null ? START : last.hash;
        return new Link(seq, event, previous, digest(previous, seq, event));
    }

    /** Returns whether this is, unchanged, the row that was written after {@code last}. */
    public boolean follows(@Nullable Link last) {
        return equals(after(last, event));
    }

    private static String digest(String previous, long seq, String event) {
        try {
            byte[] text = (previous + "\n" + seq + "\n" + event).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
