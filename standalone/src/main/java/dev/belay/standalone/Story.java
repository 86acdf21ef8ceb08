// SPDX-License-Identifier: Apache-2.0
package dev.belay.standalone;

import java.io.IOException;

/** What happens once the services are up. */
interface Story {
    /**
     * Runs to its end, or until the process is asked to stop.
     *
     * @return exit code of the process
     */
    int run(Installation installation) throws IOException, InterruptedException;
}
