// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge;

import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request, as it came, of at most as many bytes as {@link Addresses#limit} says.
 *
 * @param bytes never changed
 */
@Schema(type = SchemaType.STRING, format = "binary")
public record Body(byte[] bytes) {

    /** Returns the bytes; none for a request without a body. */
    public static byte[] of(@Nullable Body body) {
        return body == null ? new byte[0] : body.bytes();
    }
}
