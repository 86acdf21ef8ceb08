// SPDX-License-Identifier: Apache-2.0
/**
 * The manner of Belay's HTTP interfaces, for all services of a JVM at once: keys, problems, entity tags, pages, the JSON
 * mapping.
 */
@NullMarked
package dev.belay.http;

import org.jspecify.annotations.NullMarked;
