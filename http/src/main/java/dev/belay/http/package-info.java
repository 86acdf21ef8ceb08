// SPDX-License-Identifier: Apache-2.0
/** What every HTTP interface of Belay shares: problem documents, key authentication and entity tags. */
@NullMarked
package dev.belay.http;

import org.jspecify.annotations.NullMarked;
