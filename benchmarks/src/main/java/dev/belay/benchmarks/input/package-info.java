// SPDX-License-Identifier: Apache-2.0
/** What is put on topics and sent to services. */
@NullMarked
package dev.belay.benchmarks.input;

import org.jspecify.annotations.NullMarked;
