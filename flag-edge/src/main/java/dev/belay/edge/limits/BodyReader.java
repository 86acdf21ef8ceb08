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
import jakarta.ws.rs.ext.Provider;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyReader;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

/**
 * Reads a body that may not have said how long it is. What is too long is read to its end before it is refused, and not
 * kept: a sender that is still sending when the connection closes sees a broken pipe instead of an answer.
 */
@Provider
@Consumes(MediaType.WILDCARD)
public class BodyReader implements ServerMessageBodyReader<Body> {
    /*
     * The server's own form of a reader: for the other one the framework looks up the annotations of the method, and the
     * address would have to be parsed, with every request.
     */
    private static final int PART = 16 * 1024;

    @Override
    public boolean isReadable(
            Class<?> type, Type genericType, ResteasyReactiveResourceInfo resource, MediaType mediaType) {
        return type == Body.class;
    }

    @Override
    public boolean isReadable(Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
        return type == Body.class;
    }

    /** @throws ProblemException 413 if the body is longer than {@link BodyLimit} takes at its address */
    @Override
    public Body readFrom(Class<Body> type, Type genericType, MediaType mediaType, ServerRequestContext context)
            throws IOException {
        String path = ((ResteasyReactiveRequestContext) context).serverRequest().getRequestNormalisedPath();
        int known = Addresses.limit(path);
        int limit = known == Addresses.NONE ? Addresses.MAX_BYTES : known;
        InputStream stream = context.getInputStream();
        byte[] bytes = stream.readNBytes(limit);
        if (stream.read() >= 0) {
            throw BodyLimit.tooLarge(bytes.length + 1 + discard(stream), limit);
        }
        return new Body(bytes);
    }

    /** @throws UnsupportedOperationException always: the server reads in its own way */
    @Override
    public Body readFrom(
            Class<Body> type,
            Type genericType,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, String> headers,
            InputStream stream) {
        throw new UnsupportedOperationException("the server reads in its own way");
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
