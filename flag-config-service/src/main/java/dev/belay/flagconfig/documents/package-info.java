// SPDX-License-Identifier: Apache-2.0
/** Flags, segments, metrics and templates: written as documents, kept in versions, said to the others. */
@NullMarked
package dev.belay.flagconfig.documents;

import org.jspecify.annotations.NullMarked;
