// SPDX-License-Identifier: Apache-2.0
/** The story that `belay demo` plays: real requests against the real services. */
@NullMarked
package dev.belay.standalone.demo;

import org.jspecify.annotations.NullMarked;
