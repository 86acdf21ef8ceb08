// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.importing.decision;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Json;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.evaluation.EvaluationContext;
import dev.belay.evaluation.Evaluator;
import dev.belay.evaluation.KnownSegment;
import dev.belay.evaluation.ServedFlag;
import dev.belay.evaluation.Snapshot;
import dev.belay.manifest.Document;
import dev.belay.manifest.FlagDocument;
import dev.belay.manifest.Manifests;
import dev.belay.manifest.SegmentDocument;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PosthogFlagsTest {
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");

    @Test
    void aBooleanFlagBecomesOnAndOffWithItsRulesInOrder() {
        FlagDefinition flag = flag("""
                {"key":"checkout","name":"Checkout","active":true,"filters":{
                  "groups":[
                    {"properties":[{"key":"email","value":"@shop.example","operator":"icontains","type":"person"}],
                     "rollout_percentage":null},
                    {"properties":[],"rollout_percentage":25.5}],
                  "payloads":{"true":"{\\"steps\\": 3}"}}}
                """);

        assertThat(flag.title()).isEqualTo("Checkout");
        assertThat(flag.rules()).hasSize(2);
        assertThat(flag.rules().get(1).percent()).isEqualTo(25.5);
        assertThat(flag.variant("on").orElseThrow().payload().get("steps").intValue())
                .isEqualTo(3);
        assertThat(served(flag, "u", Map.of("email", "ann@shop.example"))).isEqualTo("on");
        assertThat(served(flag, "user-8", Map.of())).isIn("on", "off");
    }

    @Test
    void unitsStayInTheirBucketsAndVariants() {
        FlagDefinition flag = flag("""
                {"key":"new-checkout","filters":{"groups":[{"properties":[],"rollout_percentage":100}],
                  "multivariate":{"variants":[{"key":"control","rollout_percentage":25},
                                              {"key":"test","rollout_percentage":75}]}}}
                """);

        assertThat(served(flag, "user-1", Map.of()))
                .as("PostHog's variant hash of new-checkout.user-1 is 0.254")
                .isEqualTo("test");
    }

    @Test
    void whoNoConditionHoldsForGetsOffAndAnOverrideItsVariant() {
        FlagDefinition flag = flag("""
                {"key":"f","filters":{
                  "groups":[{"properties":[{"key":"plan","value":["pro"],"operator":"exact"}],"variant":"b"}],
                  "multivariate":{"variants":[{"key":"a","rollout_percentage":100},{"key":"b","rollout_percentage":0}]}}}
                """);

        assertThat(served(flag, "u", Map.of("plan", "pro"))).isEqualTo("b");
        assertThat(served(flag, "u", Map.of())).isEqualTo("off");
    }

    @Test
    void earlyExitStopsAtTheFirstConditionThatHolds() {
        FlagDefinition flag = flag("""
                {"key":"f","filters":{"early_exit":true,"groups":[
                  {"properties":[{"key":"plan","value":"pro","operator":"exact"}],"rollout_percentage":0},
                  {"properties":[],"rollout_percentage":100}]}}
                """);

        assertThat(served(flag, "u", Map.of("plan", "pro"))).isEqualTo("off");
        assertThat(served(flag, "u", Map.of("plan", "free"))).isEqualTo("on");
    }

    @Test
    void cohortsBecomeSegmentsAndFlagsConditions() {
        List<Translation> all = translate("""
                {"flags":[{"key":"f","filters":{"groups":[{"properties":[
                     {"key":"id","value":7,"operator":"not_in","type":"cohort"},
                     {"key":"base","value":true,"operator":"flag_evaluates_to","type":"flag"}]}]}}],
                 "cohorts":{"7":{"type":"OR","values":[{"type":"AND","values":[
                     {"key":"country","value":["US"],"operator":"exact","type":"person"},
                     {"key":"age","value":18,"operator":"gte","type":"person","negation":false}]}]}}}
                """);

        assertThat(all).extracting(Translation::name).containsExactly("cohort-7", "f");
        SegmentDocument segment = (SegmentDocument) document(all.get(0));
        assertThat(segment.anyOf().get(0)).hasSize(2);
        FlagDocument flag = (FlagDocument) document(all.get(1));
        assertThat(flag.rules().get(0).when().get(0).segment()).isEqualTo("cohort-7");
        assertThat(flag.rules().get(0).when().get(0).negated()).isTrue();
        assertThat(flag.rules().get(0).when().get(1).flag()).isEqualTo("base");
    }

    @Test
    void aCohortWithoutRulesIsAnEmptyListAndSaidSo() {
        Translation segment = translate("""
                [{"key":"f","filters":{"groups":[{"properties":[{"key":"id","value":9,"type":"cohort"}]}]}}]
                """).get(0);

        assertThat(((SegmentDocument) document(segment)).members()).isEmpty();
        assertThat(segment.notes()).hasSize(1);
    }

    @Test
    void optInHoldoutGroupsAndDevicesAreKept() {
        List<Translation> all = translate("""
                {"group_type_mapping":{"0":"company"},"flags":[
                  {"key":"a","filters":{"feature_enrollment":true,"groups":[],
                     "holdout":{"id":42,"exclusion_percentage":10.0},"aggregation_group_type_index":0}},
                  {"key":"b","active":false,"bucketing_identifier":"device_id","filters":{"groups":[]}},
                  {"key":"c","deleted":true,"filters":{"groups":[]}}]}
                """);

        assertThat(all).extracting(Translation::name).containsExactly("a", "b");
        FlagDocument first = (FlagDocument) document(all.get(0));
        assertThat(first.optIn().in()).isEqualTo("on");
        assertThat(first.holdout().percent()).isEqualTo(10);
        assertThat(first.bucketBy()).isEqualTo("company");
        FlagDocument second = (FlagDocument) document(all.get(1));
        assertThat(second.bucketBy()).isEqualTo("device");
        assertThat(second.enabled()).isFalse();
    }

    @Test
    void whatCannotBeHadIsRefusedWithFieldRuleAndValue() {
        Translation refused = translate("""
                [{"key":"f","filters":{"aggregation_group_type_index":1,"groups":[{"properties":[
                   {"key":"x","value":1,"operator":"gt","negation":true},
                   {"key":"12","value":true,"type":"flag"}]}],
                   "multivariate":{"variants":[{"key":"a","rollout_percentage":80},{"key":"b","rollout_percentage":30}]}}}]
                """).get(0);

        assertThat(refused.document()).isNull();
        assertThat(refused.refusals())
                .extracting(each -> each.field() + " " + each.rule() + ", was " + each.value())
                .containsExactlyInAnyOrder(
                        "filters.multivariate.variants must add up to at most 100, was 110.0",
                        "filters.aggregation_group_type_index must be in group_type_mapping, was 1",
                        "filters.groups[0].properties[0].negation must be false for gt, was true",
                        "filters.groups[0].properties[1].key must be the key of a flag: ids have no meaning here, was 12");
    }

    @Test
    void anythingElseIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> translate("{\"hello\":1}"))
                .withMessageContaining("document must hold PostHog's flags");
    }

    private static FlagDefinition flag(String json) {
        return ((FlagDocument) document(translate(json).get(0))).toDefinition(1, NOON);
    }

    private static List<Translation> translate(String json) {
        return PosthogFlags.translate(Json.read(json, JsonNode.class), "shop", "production");
    }

    private static Document document(Translation translation) {
        assertThat(translation.refusals()).isEmpty();
        return Manifests.parse(translation.document().toString()).get(0);
    }

    private static String served(FlagDefinition flag, String unit, Map<String, String> attributes) {
        Map<String, JsonNode> context = attributes.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, each -> TextNode.valueOf(each.getValue())));
        ServedFlag served = ServedFlag.of(flag.ref()).onDefinition(flag);
        return Evaluator.evaluate(served, new Nothing(), new EvaluationContext(unit, context, NOON))
                .variant();
    }

    /** No other flag, and no segment. */
    private static final class Nothing implements Snapshot {
        @Override
        public @Nullable ServedFlag flag(FlagRef ref) {
            return null;
        }

        @Override
        public @Nullable KnownSegment segment(String project, String segment) {
            return null;
        }
    }
}
