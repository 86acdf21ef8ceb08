// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.reaching;

import dev.belay.statistics.RatioProcess;

/** Fixture: an edge that judges. */
final class Reaching {
    RatioProcess process;
}
