// SPDX-License-Identifier: Apache-2.0
/**
 * Belay's manner of using Kafka without a container: topics as their owner keeps them, views of whole topics, a
 * publisher, dead letters.
 */
@NullMarked
package dev.belay.kafka;

import org.jspecify.annotations.NullMarked;
