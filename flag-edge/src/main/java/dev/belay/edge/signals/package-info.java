// SPDX-License-Identifier: Apache-2.0
/** What signals of other products have in common: values of flags, tags, properties. */
@NullMarked
package dev.belay.edge.signals;

import org.jspecify.annotations.NullMarked;
