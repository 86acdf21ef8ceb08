// SPDX-License-Identifier: Apache-2.0
/** Rules about who may use what, checked over the compiled classes of every module. */
@NullMarked
package dev.belay.architecture;

import org.jspecify.annotations.NullMarked;
