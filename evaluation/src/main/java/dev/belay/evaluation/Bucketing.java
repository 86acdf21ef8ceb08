// SPDX-License-Identifier: Apache-2.0
package dev.belay.evaluation;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * PostHog's hash: the first 15 hexadecimal digits of a SHA-1 as a fraction of the greatest such number. The same unit
 * and flag give the same number everywhere and for ever, so that raising a percentage never moves a unit out.
 */
public final class Bucketing {
    /** Salt of the hash that percentages are compared with. */
    public static final String ROLLOUT = "";

    /** Salt of the hash that picks a variant. */
    public static final String VARIANT = "variant";

    private static final double GREATEST = (double) 0xFFFFFFFFFFFFFFFL;
    private static final int MAX_CODE_POINTS = 200;
    private static final MessageDigest SHA1 = firstSha1();

    private Bucketing() {}

    /**
     * Returns the bucket of a unit, 0 to 1, for one flag and salt.
     *
     * @param unitId identifier within its kind; code points after the 200th do not count
     * @param salt {@link #ROLLOUT} or {@link #VARIANT}
     */
    public static double bucket(String flagKey, String unitId, String salt) {
        return fraction(flagKey + "." + cut(unitId) + salt);
    }

    /** Returns the bucket of a unit for holdouts, the same for all flags. */
    public static double holdoutBucket(String unitId) {
        return fraction("holdout-" + cut(unitId));
    }

    private static double fraction(String text) {
        byte[] digest = sha1().digest(text.getBytes(StandardCharsets.UTF_8));
        return (double) (ByteBuffer.wrap(digest).getLong() >>> 4) / GREATEST;
    }

    private static String cut(String unitId) {
        if (unitId.length() <= MAX_CODE_POINTS || unitId.codePointCount(0, unitId.length()) <= MAX_CODE_POINTS) {
            return unitId;
        }
        return unitId.substring(0, unitId.offsetByCodePoints(0, MAX_CODE_POINTS));
    }

    /** A copy of one that has digested nothing: looking for the algorithm takes longer than the digest. */
    private static MessageDigest sha1() {
        try {
            return (MessageDigest) SHA1.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the SHA-1 of this Java runtime cannot be copied", e);
        }
    }

    private static MessageDigest firstSha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-1", e);
        }
    }
}
