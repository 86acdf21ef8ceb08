// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.edge;

import java.util.Map;

import io.vertx.core.buffer.Buffer;

/**
 * A request that is sent again and again.
 *
 * @param path path it is posted to
 * @param headers its headers
 * @param body its body
 */
record Shot(String path, Map<String, String> headers, Buffer body) {}
