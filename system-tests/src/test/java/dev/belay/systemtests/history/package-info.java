// SPDX-License-Identifier: Apache-2.0
/** What clients did and saw, and what must hold of it whatever was killed. Knows nothing of the services. */
@NullMarked
package dev.belay.systemtests.history;

import org.jspecify.annotations.NullMarked;
