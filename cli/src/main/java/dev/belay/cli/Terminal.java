// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a command reads and writes.
 *
 * @param in what {@code -f -} reads
 * @param out results
 * @param err refusals
 * @param environment variables
 * @param folder the folder it was called in
 */
record Terminal(InputStream in, PrintStream out, PrintStream err, Map<String, String> environment, Path folder) {}
