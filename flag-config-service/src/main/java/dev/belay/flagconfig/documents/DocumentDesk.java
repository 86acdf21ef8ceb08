// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents;

import java.util.Comparator;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;
import dev.belay.http.Caller;
import dev.belay.http.CurrentCaller;
import dev.belay.http.ETags;
import dev.belay.http.FieldError;
import dev.belay.http.Page;
import dev.belay.http.ProblemException;
import dev.belay.manifest.Document;
import dev.belay.manifest.ManifestException;
import dev.belay.manifest.ManifestForm;
import dev.belay.manifest.Manifests;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** Answers requests for documents, the same for every kind. */
@ApplicationScoped
class DocumentDesk {
    static final String YAML = "application/yaml";

    private final Documents documents;
    private final CurrentCaller caller;

    DocumentDesk(Documents documents, CurrentCaller caller) {
        this.documents = documents;
        this.caller = caller;
    }

    /** Writes what the body says to the address of the path. */
    <D extends Document, V> Response put(
            DocumentType<D, V> type, Address path, String body, @Nullable String reason, HttpHeaders headers) {
        D document = read(type, path, body);
        Written<V> written = documents.put(type, document, change(reason, headers));
        Response.Status status = written.isNew() ? Response.Status.CREATED : Response.Status.OK;
        return answer(type, written.value(), status, headers);
    }

    /** Reads what the caller may write to the address of the path. */
    <D extends Document, V> D read(DocumentType<D, V> type, Address path, String body) {
        requireWriteAccess(type, path);
        D document = parse(type, body);
        requireSame(path, type.address(document));
        return document;
    }

    /** Answers with a document, or 304 when the caller has it. */
    <D extends Document, V> Response get(
            DocumentType<D, V> type, Address path, @Nullable Long version, HttpHeaders headers) {
        requireAccess(path);
        V value = version == null ? documents.get(type, path) : documents.get(type, path, version);
        EntityTag tag = ETags.of(type.version(value));
        String known = headers.getHeaderString(HttpHeaders.IF_NONE_MATCH);
        if (known != null && known.contains("\"" + tag.getValue() + "\"")) {
            return Response.notModified(tag).build();
        }
        return answer(type, value, Response.Status.OK, headers);
    }

    <D extends Document, V> Response delete(
            DocumentType<D, V> type, Address path, @Nullable String reason, HttpHeaders headers) {
        requireWriteAccess(type, path);
        documents.remove(type, path, change(reason, headers));
        return Response.noContent().build();
    }

    /** Answers with the documents the caller may see, in the order of their keys. */
    <D extends Document, V> Page<JsonNode> list(
            DocumentType<D, V> type,
            @Nullable String project,
            @Nullable String environment,
            int limit,
            @Nullable String after) {
        Caller who = caller.get();
        List<JsonNode> found = documents.list(type, project, environment).stream()
                .map(type::manifest)
                .filter(tree -> who.mayUse(
                        tree.at("/spec/project").asText(),
                        tree.at("/spec/environment").asText(null)))
                .sorted(Comparator.comparing(DocumentDesk::key))
                .toList();
        return Page.of(found, DocumentDesk::key, limit, after);
    }

    private static String key(JsonNode tree) {
        return tree.at("/spec/project").asText() + "/"
                + tree.at("/spec/environment").asText() + "/"
                + tree.at("/metadata/name").asText();
    }

    private void requireAccess(Address path) {
        caller.get().requireAccess(path.project(), path.environment());
    }

    /** What belongs to the whole project changes all its environments. */
    private void requireWriteAccess(DocumentType<?, ?> type, Address path) {
        requireAccess(path);
        Caller who = caller.get();
        if (path.environment() == null && who.environment() != null) {
            throw ProblemException.forbidden("key " + who.keyId() + " is limited to environment " + who.environment()
                    + ", and a " + type.word() + " belongs to the whole project");
        }
    }

    Change change(@Nullable String reason, HttpHeaders headers) {
        return new Change(
                caller.get().actor(),
                reason,
                headers.getHeaderString(HttpHeaders.IF_MATCH),
                "*".equals(headers.getHeaderString(HttpHeaders.IF_NONE_MATCH)));
    }

    private static <D extends Document> D parse(DocumentType<D, ?> type, String body) {
        try {
            return Manifests.parseOne(body, type.document());
        } catch (ManifestException e) {
            List<FieldError> errors = e.errors().stream()
                    .map(error -> new FieldError(error.path(), error.rule(), error.value()))
                    .toList();
            throw ProblemException.badRequest("invalid", String.valueOf(e.getMessage()), errors);
        }
    }

    private static void requireSame(Address path, Address written) {
        if (!path.equals(written)) {
            FieldError error = new FieldError("document", "must be the one of the path, " + path.key(), written.key());
            throw ProblemException.badRequest(
                    "invalid", error.field() + " " + error.rule() + ", was " + error.value(), List.of(error));
        }
    }

    static <V> Response answer(DocumentType<?, V> type, V value, Response.Status status, HttpHeaders headers) {
        JsonNode tree = type.manifest(value);
        boolean wantsYaml = headers.getAcceptableMediaTypes().stream()
                .findFirst()
                .filter(first -> first.getSubtype().contains("yaml"))
                .isPresent();
        return Response.status(status)
                .tag(ETags.of(type.version(value)))
                .type(wantsYaml ? YAML : MediaType.APPLICATION_JSON)
                .entity(wantsYaml ? ManifestForm.yaml(tree) : Json.write(tree))
                .build();
    }
}
