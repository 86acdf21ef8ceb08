// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Reads documents of {@code apiVersion: belay.dev/v1}, YAML or JSON, and refuses everything wrong with them at once. */
public final class Manifests {
    /** The one version there is. */
    public static final String API_VERSION = "belay.dev/v1";

    private Manifests() {}

    /**
     * Returns the documents in their order, at least one.
     *
     * @throws ManifestException with every error of every document
     */
    public static List<Document> parse(String text) {
        List<Document> documents = new ArrayList<>();
        List<ManifestError> errors = new ArrayList<>();
        List<Tree> trees = Trees.of(text);
        for (int i = 0; i < trees.size(); i++) {
            Refusals refusals = new Refusals(i);
            errors.addAll(trees.get(i).refusals());
            Document document = document(trees.get(i).node(), refusals);
            errors.addAll(refusals.errors());
            if (document != null) {
                documents.add(document);
            }
        }
        if (!errors.isEmpty()) {
            throw new ManifestException(errors);
        }
        return documents;
    }

    /**
     * Returns the one document of a text.
     *
     * @param type the record of the kind that is expected
     * @throws ManifestException with every error, also when there are several documents or one of another kind
     */
    public static <D extends Document> D parseOne(String text, Class<D> type) {
        List<Document> documents = parse(text);
        Document document = documents.get(0);
        if (documents.size() != 1) {
            throw ManifestException.of("document", "must be the only one", documents.size());
        }
        if (!type.isInstance(document)) {
            String expected = type.getSimpleName().replace("Document", "").replace("Template", "RolloutTemplate");
            throw ManifestException.of(
                    "kind", "must be " + expected + " here", document.kind().text());
        }
        return type.cast(document);
    }

    /**
     * Returns what was written, document by document in the order of {@link #parse}, unchecked.
     *
     * @throws ManifestException if the text is neither YAML nor JSON, or empty
     */
    public static List<JsonNode> trees(String text) {
        return Trees.of(text).stream().map(Tree::node).toList();
    }

    private static @Nullable Document document(JsonNode tree, Refusals refusals) {
        Place root = new Place("", tree, refusals);
        if (!root.isObject()) {
            refusals.add(
                    "document", "must be an object with apiVersion, kind, metadata and spec", Refusals.shown(tree));
            return null;
        }
        refuseEndlessNumbers(root);
        Fields fields = root.object();
        requireVersion(fields.take("apiVersion"));
        Kind kind = fields.take("kind").oneOf(Kind.byText());
        Place metadata = fields.take("metadata");
        Place spec = fields.take("spec");
        Document document = kind == null ? null : read(kind, metadata, spec);
        return fields.make(() -> document);
    }

    /** A number like 1e999 is infinite once it is read, and JSON has no word for that. */
    private static void refuseEndlessNumbers(Place place) {
        JsonNode node = place.node();
        if (node == null) {
            return;
        }
        if (node.isNumber() && !Double.isFinite(node.doubleValue())) {
            place.refuse("must be a finite number");
        } else if (node.isArray()) {
            place.each().forEach(Manifests::refuseEndlessNumbers);
        } else {
            node.properties().forEach(entry -> refuseEndlessNumbers(place.child(entry.getKey(), entry.getValue())));
        }
    }

    private static void requireVersion(Place version) {
        if (!version.text().equals(API_VERSION) && version.isText()) {
            version.refuse("must be " + API_VERSION);
        }
    }

    private static @Nullable Document read(Kind kind, Place metadata, Place spec) {
        String name = kind == Kind.ROLLOUT && !metadata.isGiven() ? null : name(metadata, kind);
        String given = name == null ? "" : name;
        return switch (kind) {
            case FLAG -> FlagReader.read(given, spec);
            case SEGMENT -> SegmentReader.read(given, spec);
            case METRIC -> MetricReader.read(given, spec);
            case TEMPLATE -> TemplateReader.read(given, spec);
            case ROLLOUT -> RolloutReader.read(name, spec);
            case CHANNEL -> ChannelReader.read(given, spec);
        };
    }

    private static @Nullable String name(Place metadata, Kind kind) {
        Fields fields = metadata.object();
        Place place = fields.take("name");
        String name = kind == Kind.ROLLOUT ? place.optionalName() : place.name();
        return fields.make(() -> name == null ? "" : name) == null ? null : name;
    }
}
