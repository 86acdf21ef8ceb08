// SPDX-License-Identifier: Apache-2.0
package dev.belay.outbox;

import java.sql.SQLException;

/** The outbox's table cannot be used. */
public final class OutboxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OutboxException(String message, SQLException cause) {
        super(message, cause);
    }
}
