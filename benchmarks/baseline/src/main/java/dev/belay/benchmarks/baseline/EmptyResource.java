// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.baseline;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Takes any body and answers with JSON of a given size, always the same. */
@Path("/empty")
@NonBlocking
public class EmptyResource {
    private static final int FRAME = "{\"value\":\"\"}".length();

    private final Map<Integer, byte[]> answers = new ConcurrentHashMap<>();

    @POST
    @Path("/{bytes}")
    @Produces(MediaType.APPLICATION_JSON)
    public Response answer(@PathParam("bytes") int bytes, byte[] body) {
        return Response.ok(answers.computeIfAbsent(bytes, EmptyResource::json)).build();
    }

    private static byte[] json(int bytes) {
        return ("{\"value\":\"" + "x".repeat(Math.max(0, bytes - FRAME)) + "\"}").getBytes(StandardCharsets.US_ASCII);
    }
}
