// SPDX-License-Identifier: Apache-2.0
package dev.belay.kafka;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * Places where a test may end this process as a power cut would. Nothing happens unless {@code belay.failpoint} is set: to
 * {@code <name>:<n>}, and the process ends when it comes to the place of that name for the n-th time.
 */
public final class Failpoint {
    /** Between two reads of a topic by a view: nothing is in hand. */
    public static final String VIEW_BEFORE_READ = "view.before-read";
    /** A view has records in hand and has handled none. */
    public static final String VIEW_AFTER_READ = "view.after-read";
    /** A work queue has a record in hand and has not begun with it. */
    public static final String QUEUE_AFTER_READ = "queue.after-read";
    /** A work queue has handled a record and has not acknowledged it. */
    public static final String QUEUE_BEFORE_ACKNOWLEDGEMENT = "queue.before-acknowledgement";
    /** A publisher has a record that is not on its way yet. */
    public static final String PUBLISH_BEFORE_SEND = "publish.before-send";
    /** A publisher's record is at the broker, and nobody here knows yet. */
    public static final String PUBLISH_BEFORE_ACKNOWLEDGEMENT = "publish.before-acknowledgement";
    /** An outbox has read rows and sent nothing. */
    public static final String OUTBOX_AFTER_READ = "outbox.after-read";
    /** An outbox has sent its records and not committed them. */
    public static final String OUTBOX_MID_PUBLISH = "outbox.mid-publish";
    /** An outbox has committed its records, and the rows are still there. */
    public static final String OUTBOX_AFTER_COMMIT = "outbox.after-commit";
    /** The watcher has processed a record of outcomes or exposures and not committed it. */
    public static final String WATCHER_BEFORE_COMMIT = "watcher.before-commit";
    /** The watcher has said a verdict that is not committed. */
    public static final String WATCHER_MID_PUBLISH = "watcher.mid-publish";
    /** A message was delivered, and that is not noted yet. */
    public static final String NOTIFIER_AFTER_SENDING = "notifier.after-sending";
    /** A message is due and not sent. */
    public static final String NOTIFIER_BEFORE_SENDING = "notifier.before-sending";

    /** Exit code of a process that was killed by signal 9, as a shell reports it. */
    private static final int KILLED = 137;

    private static final Map<String, AtomicLong> ARMED =
            configured().map(Failpoint::parse).orElse(Map.of());

    private Failpoint() {}

    /** Ends the process if this is the place and the time to. */
    public static void reach(String name) {
        if (ARMED.isEmpty()) {
            return;
        }
        @Nullable AtomicLong left = ARMED.get(name);
        if (left != null && left.decrementAndGet() == 0) {
            Runtime.getRuntime().halt(KILLED);
        }
    }

    /** @throws IllegalArgumentException if the text has another form */
    static Map<String, AtomicLong> parse(String text) {
        if (!text.matches("[a-z.-]+:[1-9][0-9]{0,8}")) {
            throw new IllegalArgumentException("belay.failpoint must be <name>:<n> with n from 1, was " + text);
        }
        int colon = text.indexOf(':');
        return Map.of(text.substring(0, colon), new AtomicLong(Long.parseLong(text.substring(colon + 1))));
    }

    private static Optional<String> configured() {
        return ConfigProvider.getConfig().getOptionalValue("belay.failpoint", String.class);
    }
}
