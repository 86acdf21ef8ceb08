// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.enrolments;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;

/** Rows of lists. */
@ApplicationScoped
class EnrolmentListRows implements PanacheRepositoryBase<EnrolmentListRow, String> {}
