// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents;

/**
 * What stands after a write.
 *
 * @param value what stands
 * @param isNew whether nothing stood before
 * @param isChanged whether anything was written: what stands already changes nothing
 */
public record Written<V>(V value, boolean isNew, boolean isChanged) {}
