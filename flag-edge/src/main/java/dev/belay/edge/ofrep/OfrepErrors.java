// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.ofrep;

import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;
import dev.belay.evaluation.ErrorCode;
import dev.belay.http.Problem;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;

/**
 * Gives refusals that come from outside the resource, of a key for instance, the body that OFREP clients can read: an empty
 * or foreign one makes some ignore {@code Retry-After}. The resource's own answers are bytes already.
 */
public class OfrepErrors {
    private static final String FLAGS = "/ofrep/v1/evaluate/flags";
    private static final int FIRST_ERROR = 400;

    @ServerResponseFilter
    public void translate(ContainerRequestContext request, ContainerResponseContext response) {
        String path = "/" + request.getUriInfo().getPath().replaceFirst("^/+", "");
        if (response.getStatus() < FIRST_ERROR || !path.startsWith(FLAGS) || response.getEntity() instanceof byte[]) {
            return;
        }
        byte[] body = body(path, response.getStatus(), details(response.getEntity(), response.getStatus()));
        response.getHeaders().put("Content-Type", List.of(MediaType.APPLICATION_JSON));
        response.setEntity(body);
    }

    /** Returns the body of a refusal at that path, in OFREP's form. */
    public static byte[] body(String path, int status, String details) {
        String key = path.length() > FLAGS.length() + 1 ? path.substring(FLAGS.length() + 1) : null;
        return Answers.bytes(Answers.failure(key, code(status), details));
    }

    private static ErrorCode code(int status) {
        return status == FIRST_ERROR ? ErrorCode.INVALID_CONTEXT : ErrorCode.GENERAL;
    }

    private static String details(@Nullable Object entity, int status) {
        if (entity instanceof Problem problem) {
            return problem.detail();
        }
        if (entity instanceof String text) {
            return detail(text);
        }
        return String.format(Locale.ROOT, "status %d", status);
    }

    private static String detail(String text) {
        try {
            return Json.read(text, JsonNode.class).path("detail").asText(text);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
