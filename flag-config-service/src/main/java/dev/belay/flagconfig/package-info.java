// SPDX-License-Identifier: Apache-2.0
/** Owns projects, environments, flags, segments, metric definitions, templates, keys and the audit chain. */
@NullMarked
package dev.belay.flagconfig;

import org.jspecify.annotations.NullMarked;
