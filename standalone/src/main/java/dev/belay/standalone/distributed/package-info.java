// SPDX-License-Identifier: Apache-2.0
/**
 * Every service as a process of its own, several times over, behind one address: what an orchestrator does elsewhere, on one
 * machine. The services are the applications that each module packages; they are told everything by their environment.
 */
@NullMarked
package dev.belay.standalone.distributed;

import org.jspecify.annotations.NullMarked;
