// SPDX-License-Identifier: Apache-2.0
package dev.belay.http;

import java.util.List;

/** A request is refused. */
public class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final transient List<FieldError> errors;

    /**
     * @param status HTTP status, 400 to 599
     * @param code stable name of the problem
     * @param detail what is wrong, for people
     */
    public ProblemException(int status, String code, String detail, List<FieldError> errors) {
        super(detail);
        this.status = status;
        this.code = code;
        this.errors = List.copyOf(errors);
    }

    /** 404 {@code not-found}. */
    public static ProblemException notFound(String what) {
        return new ProblemException(404, "not-found", what + " does not exist", List.of());
    }

    /** 400. */
    public static ProblemException badRequest(String code, String detail, List<FieldError> errors) {
        return new ProblemException(400, code, detail, errors);
    }

    /** 409. */
    public static ProblemException conflict(String code, String detail) {
        return new ProblemException(409, code, detail, List.of());
    }

    /** 422. */
    public static ProblemException unprocessable(String code, String detail, List<FieldError> errors) {
        return new ProblemException(422, code, detail, errors);
    }

    /** 403 {@code forbidden}. */
    public static ProblemException forbidden(String detail) {
        return new ProblemException(403, "forbidden", detail, List.of());
    }

    /** 401 {@code unauthorized}. */
    public static ProblemException unauthorized(String detail) {
        return new ProblemException(401, "unauthorized", detail, List.of());
    }

    /** 503. */
    public static ProblemException unavailable(String code, String detail) {
        return new ProblemException(503, code, detail, List.of());
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    /** Returns the body of the response. */
    public Problem problem() {
        return new Problem("about:blank", Titles.of(status), status, code, String.valueOf(getMessage()), errors());
    }

    private List<FieldError> errors() {
        return errors == null ? List.of() : errors;
    }
}
