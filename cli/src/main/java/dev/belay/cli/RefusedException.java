// SPDX-License-Identifier: Apache-2.0
package dev.belay.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;

/** The server said no. */
final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final transient List<String> fields;

    private RefusedException(int status, String code, String sentence, List<String> fields) {
        super(sentence);
        this.status = status;
        this.code = code;
        this.fields = List.copyOf(fields);
    }

    /** @param problem {@code application/problem+json}, or anything else */
    static RefusedException of(int status, JsonNode problem, String path) {
        String code = problem.path("code").asText("");
        String detail = problem.path("detail").asText(problem.path("title").asText(""));
        String what = code.isEmpty() ? "" : " " + code;
        List<String> fields = new ArrayList<>();
        problem.path("errors").forEach(error -> fields.add(line(error)));
        return new RefusedException(
                status, code, status + what + " at " + path + (detail.isEmpty() ? "" : ": " + detail), fields);
    }

    int status() {
        return status;
    }

    /** Returns the stable name of the problem, empty when the answer had none. */
    String code() {
        return code;
    }

    /** Returns one line per refused field. */
    List<String> fields() {
        return fields;
    }

    private static String line(JsonNode error) {
        JsonNode value = error.path("value");
        return error.path("field").asText() + " " + error.path("rule").asText() + ", was "
                + (value.isValueNode() ? value.asText() : value.isMissingNode() ? "null" : value.toString());
    }
}
