// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.limits;

import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;

import dev.belay.edge.Addresses;
import dev.belay.edge.Body;
import dev.belay.http.ProblemException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.MessageBodyReader;
import jakarta.ws.rs.ext.Provider;

/**
 * Reads a body that may not have said how long it is. What is too long is read to its end before it is refused, and not
 * kept: a sender that is still sending when the connection closes sees a broken pipe instead of an answer.
 */
@Provider
@Consumes(MediaType.WILDCARD)
public class BodyReader implements MessageBodyReader<Body> {
    private static final int PART = 16 * 1024;

    private final UriInfo address;

    BodyReader(UriInfo address) {
        this.address = address;
    }

    @Override
    public boolean isReadable(Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
        return type == Body.class;
    }

    /** @throws ProblemException 413 if the body is longer than {@link BodyLimit} takes at its address */
    @Override
    public Body readFrom(
            Class<Body> type,
            Type genericType,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, String> headers,
            InputStream stream)
            throws IOException {
        int known = Addresses.limit(address.getRequestUri().getPath());
        int limit = known == Addresses.NONE ? Addresses.MAX_BYTES : known;
        byte[] bytes = stream.readNBytes(limit);
        long more = discard(stream);
        if (more > 0) {
            throw BodyLimit.tooLarge(bytes.length + more, limit);
        }
        return new Body(bytes);
    }

    private static long discard(InputStream stream) throws IOException {
        byte[] part = new byte[PART];
        long discarded = 0;
        int read = stream.read(part);
        while (read > 0 && discarded < BodyLimit.MAX_DISCARDED) {
            discarded += read;
            read = stream.read(part);
        }
        return discarded;
    }
}
