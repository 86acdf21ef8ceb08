// SPDX-License-Identifier: Apache-2.0
/** Reads and checks the documents people write, {@code apiVersion: belay.dev/v1}. */
@NullMarked
package dev.belay.manifest;

import org.jspecify.annotations.NullMarked;
