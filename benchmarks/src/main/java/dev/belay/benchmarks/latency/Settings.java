// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.latency;

/**
 * What both chains have in common.
 *
 * @param heap MB of each process
 * @param threads stream threads
 */
record Settings(int heap, int threads) {}
