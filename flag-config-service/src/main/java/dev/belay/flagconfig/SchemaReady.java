// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig;

/** The tables are there; fired again when the database went away while somebody observed it. */
public record SchemaReady() {}
