// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.flags.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.flags.Fold;
import dev.belay.contracts.flags.Serve;
import dev.belay.manifest.FlagDocument;
import dev.belay.manifest.Manifests;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StaleFlagsTest {
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");
    private static final Duration MONTH = Duration.ofDays(30);
    private static final Instant LATER = NOON.plus(MONTH);

    @Test
    void aFlagThatGivesEveryoneTheSameAnswerForLongIsStale() {
        assertThat(StaleFlags.of(flag(""), false, MONTH, LATER))
                .containsExactly(
                        new StaleFlags.Reason("one-answer", "everyone gets on, unchanged since 2026-01-05T12:00:00Z"));
    }

    @Test
    void aFlagThatWasRolledOutSaysSo() {
        FlagDefinition folded = document("").toDefinition(1, new Fold(3, Serve.one("off")), List.of(), NOON);
        FlagDefinition givenBack = document("").toDefinition(1, new Fold(3, Serve.one("on")), List.of(), NOON);

        assertThat(codes(folded)).containsExactly("rolled-out");
        assertThat(codes(givenBack)).containsExactly("one-answer");
    }

    @Test
    void aDisabledFlagIsStaleWhateverItsRules() {
        assertThat(codes(flag("  enabled: false\n  rules: [ { when: [], percent: 5%, serve: \"off\" } ]\n")))
                .containsExactly("disabled");
    }

    @Test
    void aFlagThatDecidesOrIsRaisedOrChangedLatelyIsNot() {
        assertThat(codes(flag("  rules: [ { when: [], percent: 5%, serve: \"off\" } ]\n")))
                .isEmpty();
        assertThat(codes(flag("  optIn: { in: \"on\", out: \"off\" }\n"))).isEmpty();
        assertThat(codes(flag("  prerequisites: [ { flag: other, variants: [ \"on\" ] } ]\n")))
                .isEmpty();
        assertThat(StaleFlags.of(flag(""), true, MONTH, LATER)).isEmpty();
        assertThat(StaleFlags.of(flag(""), false, MONTH, LATER.minusNanos(1))).isEmpty();
        assertThat(codes(flag("  archived: true\n"))).isEmpty();
    }

    @Test
    void whatWasForcedUntilLongAgoIsNamed() {
        FlagDefinition forced = flag("  rules: [ { when: [], percent: 5%, serve: \"off\" } ]\n"
                + "  forced: [ { unit: ann, variant: \"on\", until: \"2026-01-01T00:00:00Z\" },"
                + " { unit: bob, variant: \"on\" } ]\n");

        assertThat(StaleFlags.of(forced, false, MONTH, LATER))
                .containsExactly(
                        new StaleFlags.Reason("forced-over", "on was forced on ann until 2026-01-01T00:00:00Z"));
        assertThat(StaleFlags.of(forced, false, MONTH, NOON)).isEmpty();
    }

    private static List<String> codes(FlagDefinition flag) {
        return StaleFlags.of(flag, false, MONTH, LATER).stream()
                .map(StaleFlags.Reason::code)
                .toList();
    }

    private static FlagDefinition flag(String more) {
        return document(more).toDefinition(1, NOON);
    }

    private static FlagDocument document(String more) {
        return Manifests.parseOne("""
                apiVersion: belay.dev/v1
                kind: Flag
                metadata: { name: checkout }
                spec:
                  project: shop
                  environment: production
                  type: boolean
                  variants: { "on": true, "off": false }
                  off: "off"
                  default: "on"
                """ + more, FlagDocument.class);
    }
}
