// SPDX-License-Identifier: Apache-2.0
package dev.belay.outbox;

import dev.belay.contracts.Require;

/**
 * The statements on one schema's outbox.
 *
 * @param name name of the schema, lower-case letters, digits and underscores
 */
record Schema(String name) {
    Schema {
        Require.that(name.matches("[a-z][a-z0-9_]*"), "schema", "must be lower-case letters, digits and '_'", name);
    }

    /** Returns the service the schema is named after. */
    String service() {
        return name.replace('_', '-');
    }

    String insert() {
        return "insert into " + name + ".outbox (topic, record_key, value, event_id, source) values (?, ?, ?, ?, ?)";
    }

    String select() {
        return "select id, topic, record_key, value, event_id, source, at from " + name
                + ".outbox where id <> all (?) order by id limit ?";
    }

    String delete() {
        return "delete from " + name + ".outbox where id = any (?)";
    }
}
