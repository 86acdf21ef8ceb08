// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.enrolments;

import java.util.List;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;

/** Rows of enrolments. */
@ApplicationScoped
class EnrolmentRows implements PanacheRepositoryBase<EnrolmentRow, String> {

    /** Returns the units that joined, or left, in order. */
    List<String> units(String flagKey, boolean joined) {
        return find("flagKey = ?1 and joined = ?2 order by unit", flagKey, joined).stream()
                .map(row -> row.unit)
                .toList();
    }

    /** Returns choices above {@code after} in the order of the units. */
    List<EnrolmentRow> after(String flagKey, String after, int limit) {
        return find("flagKey = ?1 and unit > ?2 order by unit", flagKey, after)
                .page(0, limit)
                .list();
    }
}
