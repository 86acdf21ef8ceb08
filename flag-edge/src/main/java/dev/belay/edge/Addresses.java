// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge;

import java.util.List;

/** Where the edge takes bodies, and of how many bytes. */
public final class Addresses {
    /** Belay's own events. */
    public static final String EVENTS = "/api/v1/events";

    /** Changes as they happen. */
    public static final String STREAM = "/api/v1/stream";

    /** Sentry's webhooks, without the source. */
    public static final String SENTRY = "/api/v1/sentry";

    /** Evaluations by OFREP. */
    public static final String OFREP = "/ofrep/v1/";

    /** Where PostHog's servers and apps send. */
    public static final String POSTHOG_BATCH = "/batch";

    /** Where PostHog's browsers send. */
    public static final String POSTHOG_BROWSER = "/e";

    /** Where PostHog's newer browsers send. */
    public static final String POSTHOG_NEWER = "/i/v0/e";

    /** Where people send to PostHog by hand. */
    public static final String POSTHOG_CAPTURE = "/capture";

    /** Where PostHog's old clients send. */
    public static final String POSTHOG_TRACK = "/track";

    /** Most bytes of a body of events, and of an evaluation. */
    public static final int MAX_BYTES = 1_000_000;

    /** Most bytes that PostHog's clients put into a body: the one of Python goes up to 5 MiB, and loses what is refused. */
    public static final int MAX_POSTHOG_BYTES = 6_000_000;

    /** Most bytes of a webhook of Sentry. */
    public static final int MAX_SENTRY_BYTES = 2_000_000;

    /** No address of the edge. */
    public static final int NONE = -1;

    private static final List<String> POSTHOG =
            List.of(POSTHOG_BATCH, POSTHOG_BROWSER, POSTHOG_NEWER, POSTHOG_CAPTURE, POSTHOG_TRACK);

    private Addresses() {}

    /** Returns the most bytes taken at a path; {@link #NONE} where the edge takes none. */
    public static int limit(String path) {
        if (path.equals(EVENTS) || path.startsWith(OFREP)) {
            return MAX_BYTES;
        }
        if (path.startsWith(SENTRY + "/")) {
            return MAX_SENTRY_BYTES;
        }
        return isPosthog(path) ? MAX_POSTHOG_BYTES : NONE;
    }

    /** Returns whether web pages may send to a path or read from it. */
    static boolean isForPages(String path) {
        return path.startsWith(OFREP) || path.startsWith(EVENTS) || path.startsWith(STREAM) || isPosthog(path);
    }

    /** With or without a slash at the end. */
    private static boolean isPosthog(String path) {
        return POSTHOG.contains(path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
    }
}
