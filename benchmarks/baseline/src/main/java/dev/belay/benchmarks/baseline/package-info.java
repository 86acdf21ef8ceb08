// SPDX-License-Identifier: Apache-2.0
/** What the services are compared with: the least a Quarkus application can do that still does the same kind of thing. */
@NullMarked
package dev.belay.benchmarks.baseline;

import org.jspecify.annotations.NullMarked;
