// SPDX-License-Identifier: Apache-2.0
package dev.belay.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Places where a test may end this process as a power cut would. Nothing happens unless the system property {@code belay.failpoint} is set: to
 * {@code <name>:<n>}, and the process ends when it comes to the place of that name for the n-th time; or to {@code @<file>},
 * and the file says so, at any time. Of several processes with one file only one ends: the one that takes the file away.
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

    private static final long GLANCE_NANOS = 10_000_000;
    private static final Pattern FORM = Pattern.compile("([a-z.-]+):([1-9][0-9]{0,8})");
    private static final @Nullable Failpoint CONFIGURED = Optional.ofNullable(System.getProperty("belay.failpoint"))
            .map(Failpoint::new)
            .orElse(null);

    private final @Nullable Path file;
    private volatile Order order;
    private volatile long lookedAt = System.nanoTime() - GLANCE_NANOS;

    /** What is to happen, and how often its place is still to be passed. */
    private record Order(String text, String name, AtomicLong left) {
        static final Order NONE = new Order("", "", new AtomicLong());

        static Order of(String text) {
            Matcher matcher = FORM.matcher(text);
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        "belay.failpoint must be <name>:<n> with n from 1, or @<file>, was " + text);
            }
            return new Order(text, matcher.group(1), new AtomicLong(Long.parseLong(matcher.group(2))));
        }
    }

    /** @throws IllegalArgumentException if the text has another form */
    Failpoint(String text) {
        this.file = text.startsWith("@") ? Path.of(text.substring(1)) : null;
        this.order = file == null ? Order.of(text) : Order.NONE;
    }

    /** Ends the process if this is the place and the time to. */
    public static void reach(String name) {
        if (CONFIGURED != null && CONFIGURED.isNow(name)) {
            Runtime.getRuntime().halt(KILLED);
        }
    }

    /** Counts one passage and returns whether it is the one. */
    boolean isNow(String name) {
        look();
        Order now = order;
        return now.name().equals(name) && now.left().decrementAndGet() == 0 && isMine();
    }

    private void look() {
        if (file == null || System.nanoTime() - lookedAt < GLANCE_NANOS) {
            return;
        }
        lookedAt = System.nanoTime();
        try {
            String text = Files.readString(file).trim();
            if (!text.equals(order.text())) {
                order = Order.of(text);
            }
        } catch (IOException e) {
            order = Order.NONE;
        }
    }

    private boolean isMine() {
        try {
            return file == null || Files.deleteIfExists(file);
        } catch (IOException e) {
            return false;
        }
    }
}
