// SPDX-License-Identifier: Apache-2.0
package dev.belay.outbox;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/** Tells "the database is away" from everything else that can go wrong with it. */
public final class DatabaseOutage {
    /** Classes of SQL states: connection exceptions, operator intervention, resources. */
    private static final List<String> STATES = List.of("08", "57P", "53");

    private static final int DEEPEST_CAUSE = 20;

    private DatabaseOutage() {}

    /** Returns whether {@code failure} will pass when the database comes back. */
    public static boolean explains(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(DEEPEST_CAUSE)
                .anyMatch(cause -> cause instanceof SQLException sql && isAway(sql));
    }

    /** The pool's own exceptions have no state. */
    private static boolean isAway(SQLException failure) {
        String state = failure.getSQLState();
        return state == null || STATES.stream().anyMatch(state::startsWith);
    }
}
