// SPDX-License-Identifier: Apache-2.0
/** Pure: what documents may say of each other. */
@NullMarked
package dev.belay.flagconfig.documents.decision;

import org.jspecify.annotations.NullMarked;
