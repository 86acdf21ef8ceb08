// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.flags;

import java.time.Instant;
import java.util.List;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.flags.ForcedVariant;
import dev.belay.contracts.flags.Serve;
import dev.belay.manifest.FlagDocument;
import dev.belay.manifest.Manifests;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RewriteTest {
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");
    private static final FlagDefinition FLAG = flag("staging", "new", "\"on\"");
    private static final FlagDefinition THERE = flag("production", "old", "\"off\"");

    @Test
    void aCopyTakesEverythingButThePlaceAndWhatIsForced() {
        FlagDocument copy = Rewrite.copied(FLAG, new FlagRef("other", "production", "renamed"), null, List.of());

        assertThat(copy.project()).isEqualTo("other");
        assertThat(copy.environment()).isEqualTo("production");
        assertThat(copy.name()).isEqualTo("renamed");
        assertThat(copy.title()).isEqualTo("new");
        assertThat(copy.forced()).as("stays as it is there").isNull();
    }

    @Test
    void aCopyOfAPartLeavesTheRest() {
        FlagDocument copy = Rewrite.copied(FLAG, THERE.ref(), THERE, List.of("default", "rules"));

        assertThat(copy.defaultRule()).isEqualTo(Serve.one("on"));
        assertThat(copy.title()).isEqualTo("old");
        assertThat(copy.environment()).isEqualTo("production");
    }

    @Test
    void aPartThatTheSourceLacksIsTakenAway() {
        FlagDefinition untitled = Manifests.parseOne(
                        text("staging", "x", "\"on\"").replace("  title: x\n", ""), FlagDocument.class)
                .toDefinition(1, NOON);

        assertThat(Rewrite.copied(untitled, THERE.ref(), THERE, List.of("title"))
                        .title())
                .isNull();
    }

    @Test
    void refusesPartsThatAreNoneAndPartsOfNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Rewrite.copied(FLAG, THERE.ref(), THERE, List.of("environment")))
                .withMessageStartingWith("only must name fields of a flag, [")
                .withMessageEndingWith("was environment");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Rewrite.copied(FLAG, THERE.ref(), null, List.of("rules")))
                .withMessageContaining("flag shop/production/checkout");
    }

    @Test
    void forcesOneVariantPerUnitAndFreesIt() {
        FlagDocument forced = Rewrite.forcing(FLAG, "ann", "on", NOON);
        FlagDefinition stands = forced.toDefinition(2, NOON);
        FlagDocument again = Rewrite.forcing(stands, "ann", "off", null);

        assertThat(forced.forced())
                .containsExactly(new ForcedVariant("zoe", "on", null), new ForcedVariant("ann", "on", NOON));
        assertThat(again.forced())
                .containsExactly(new ForcedVariant("zoe", "on", null), new ForcedVariant("ann", "off", null));
        assertThat(Rewrite.freeing(stands, "ann").forced()).containsExactly(new ForcedVariant("zoe", "on", null));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Rewrite.forcing(FLAG, "ann", "gone", null))
                .withMessageContaining("spec.forced[1].variant must be one of on, off");
    }

    @Test
    void revertingLeavesWhatIsForcedNow() {
        assertThat(Rewrite.reverted(FLAG).forced()).isNull();
        assertThat(Rewrite.reverted(FLAG).defaultRule()).isEqualTo(Serve.one("on"));
    }

    @Test
    void archivingChangesNothingElse() {
        assertThat(Rewrite.archived(FLAG).archived()).isTrue();
        assertThat(Rewrite.archived(FLAG).forced()).isEqualTo(FLAG.forced());
        assertThat(Rewrite.same(FLAG).toDefinition(FLAG.version(), FLAG.updatedAt()))
                .isEqualTo(FLAG);
    }

    @Test
    void flagsOfDifferentPlacesAreComparedByWhatTheyDo() {
        assertThat(Rewrite.withoutPlace(FLAG)).isEqualTo(Rewrite.withoutPlace(flag("other", "new", "\"on\"")));
        assertThat(Rewrite.withoutPlace(FLAG)).isNotEqualTo(Rewrite.withoutPlace(flag("other", "new", "\"off\"")));
    }

    private static FlagDefinition flag(String environment, String title, String serve) {
        return Manifests.parseOne(text(environment, title, serve), FlagDocument.class)
                .toDefinition(1, NOON);
    }

    private static String text(String environment, String title, String serve) {
        return """
                apiVersion: belay.dev/v1
                kind: Flag
                metadata: { name: checkout }
                spec:
                  project: shop
                  environment: %s
                  title: %s
                  type: boolean
                  variants: { "on": true, "off": false }
                  off: "off"
                  default: %s
                  forced: [ { unit: zoe, variant: "on" } ]
                """.formatted(environment, title, serve);
    }
}
