// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EnvelopeRefusalsTest {
    @Test
    void asksForWhatIsMissing() {
        assertThat(Samples.sentences("{}"))
                .containsExactly("apiVersion is required, was null", "kind is required, was null");
        assertThat(Samples.sentences("apiVersion: belay.dev/v1\nkind: Metric\n"))
                .containsExactly("metadata is required, was null", "spec is required, was null");
        assertThat(Samples.sentences("just a word"))
                .containsExactly(
                        "document must be an object with apiVersion, kind, metadata and spec, was just a word");
    }

    @Test
    void refusesOtherVersionsAndKinds() {
        assertThat(Samples.sentences("apiVersion: belay.dev/v2\nkind: RolloutTemplat\nmetadata: {}\nspec: {}\n"))
                .containsExactly(
                        "apiVersion must be belay.dev/v1, was belay.dev/v2",
                        "kind must be one of Flag, Segment, Metric, RolloutTemplate, Rollout, Channel; did you mean"
                                + " RolloutTemplate?, was RolloutTemplat");
    }

    @Test
    void suggestsTheFieldThatWasMeant() {
        String text =
                Samples.document("Metric", "{ project: p, kind: rate, evnt: e, goodWhen: down, windowLength: 3h }");

        assertThat(Samples.sentences(text + "status: {}\n"))
                .containsExactlyInAnyOrder(
                        "spec.event is required, was null",
                        "spec.evnt is unknown; did you mean event?, was evnt",
                        "spec.windowLength is unknown; known here: project, title, owner, kind, event, within, goodWhen,"
                                + " value, cap, quantile, unit, mode, was windowLength",
                        "status is unknown; known here: apiVersion, kind, metadata, spec, was status");
    }

    @Test
    void refusesAKeyGivenTwiceInYamlAndInJson() {
        String yaml = Samples.document("Metric", "{ project: p, kind: rate, kind: mean, event: e, goodWhen: down }");
        String json = "{\"apiVersion\":\"belay.dev/v1\",\"kind\":\"Metric\",\"metadata\":{\"name\":\"m\"},"
                + "\"spec\":{\"project\":\"p\",\"kind\":\"rate\",\"kind\":\"mean\",\"event\":\"e\",\"goodWhen\":\"up\"}}";

        assertThat(Samples.sentences(yaml)).containsExactly("spec.kind must be given once, was mean");
        assertThat(Samples.sentences(json)).containsExactly("spec.kind must be given once, was mean");
    }

    @Test
    void numbersTheDocumentsOfAText() {
        String good = Samples.document("Metric", "{ project: p, kind: rate, event: e, goodWhen: down }");
        String bad = good.replace("rate", "rte");

        assertThat(Samples.errors(good + "---\n" + bad + "---\n" + good + "---\n" + bad))
                .extracting(ManifestError::document)
                .containsExactly(1, 3);
    }

    @Test
    void refusesNamesThatCannotBePartsOfKeys() {
        assertThat(Samples.sentences(Samples.document(
                        "Metric", "{ project: a/b, kind: rate, event: \" \", goodWhen: down, unit: 5 }")))
                .containsExactly(
                        "spec.project must be 1 to 100 letters, digits, '.', '-' or '_', starting with a letter or digit,"
                                + " was a/b",
                        "spec.event must not be blank, was  ",
                        "spec.unit must be text: put it in quotes, was 5");
    }

    @Test
    void refusesTagsItDoesNotKnow() {
        assertThat(Samples.sentences("a: !ruby/object x"))
                .contains("a has a tag that is not supported, was !ruby/object");
        assertThat(Samples.sentences("? [a]\n: b"))
                .contains("document must have text as keys, was a key that is a list or an object");
    }
}
