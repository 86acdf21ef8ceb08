// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.changes;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;

/** Rows of environments. */
@ApplicationScoped
class EnvironmentRows implements PanacheRepositoryBase<EnvironmentRow, String> {}
