// SPDX-License-Identifier: Apache-2.0
package dev.belay.evaluation;

import java.time.Instant;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;
import dev.belay.contracts.flags.Operator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class ComparisonTest {
    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "exact           | \"Pro\"            | \"pRO\"              | true",
                "exact           | [\"a\",\"b\"]      | \"B\"                | true",
                "exact           | [\"a\",\"b\"]      | \"c\"                | false",
                "exact           | false              | \"banana\"           | false",
                "exact           | false              | \"False\"            | true",
                "exact           | 5                  | \"5\"                | true",
                "exact           | []                 | true                 | true",
                "exact           | []                 | \"x\"                | false",
                "exact           | \"null\"           | null                 | true",
                "is_not          | \"pro\"            | \"free\"             | true",
                "is_not          | [\"pro\",\"max\"]  | \"MAX\"              | false",
                "is_set          | null               | null                 | true",
                "is_not_set      | null               | 1                    | false",
                "icontains       | \"SHOP\"           | \"my-shop\"          | true",
                "icontains       | \"ö\"              | \"Ö\"                | false",
                "not_icontains   | \"shop\"           | \"bar\"              | true",
                "starts_with     | \"Ab\"             | \"abc\"              | true",
                "starts_with     | \"bc\"             | \"abc\"              | false",
                "not_starts_with | \"Ab\"             | \"abc\"              | false",
                "ends_with       | \"@B.c\"           | \"a@b.C\"            | true",
                "not_ends_with   | \"@b.c\"           | \"a@b.d\"            | true",
                "icontains_multi | [\"x\",\"HOP\"]    | \"shop\"             | true",
                "icontains_multi | \"hop\"            | \"shop\"             | true",
                "not_icontains_multi | [\"x\",\"hop\"]| \"shop\"             | false",
                "regex           | \"^a.c$\"          | \"abc\"              | true",
                "regex           | \"b\"              | \"abc\"              | true",
                "regex           | \"(\"              | \"abc\"              | false",
                "not_regex       | \"(\"              | \"abc\"              | false",
                "not_regex       | \"x\"              | \"abc\"              | true",
                "gt              | 10                 | \"9\"                | false",
                "gt              | 10                 | 11                   | true",
                "gt              | 10                 | \"abc\"              | false",
                "gte             | \"10\"             | 10.0                 | true",
                "lt              | 10                 | \"9\"                | true",
                "lt              | 10                 | \"0x1\"              | false",
                "lte             | 10                 | 10.5                 | false",
                "between         | [1,3]              | 3                    | true",
                "between         | [3,1]              | 2                    | false",
                "not_between     | [1,3]              | 4                    | true",
                "not_between     | [1,3]              | \"x\"                | false",
                "is_date_exact   | \"2026-01-02\"     | \"2026-01-02T00:00:00Z\" | true",
                "is_date_before  | \"-7d\"            | \"2026-04-20\"       | true",
                "is_date_before  | \"-7d\"            | \"2026-04-30\"       | false",
                "is_date_after   | \"-1m\"            | \"2026-04-30 10:00\" | true",
                "is_date_after   | \"2026-01-02T00:00:00+02:00\" | \"2026-01-01 23:00:00\" | true",
                "is_date_after   | \"2026-01-02\"     | \"soon\"             | false",
                "is_date_after   | \"2026-01-02\"     | 1800000000           | true",
                "semver_eq       | \"3.8.0\"          | \"v3.08\"            | true",
                "semver_eq       | \"1.2.3\"          | \"1.2.3-alpha.1\"    | false",
                "semver_neq      | \"1.2.3\"          | \"1.2.4\"            | true",
                "semver_gt       | \"1.2.3-alpha.2\"  | \"1.2.3-alpha.10\"   | true",
                "semver_gt       | \"1.2.3-alpha\"    | \"1.2.3\"            | true",
                "semver_gte      | \"1.10\"           | \"1.9.9\"            | false",
                "semver_lt       | \"2\"              | \"1.99\"             | true",
                "semver_lte      | \"2\"              | \"two\"              | false",
                "semver_tilde    | \"1.2.3\"          | \"1.2.9\"            | true",
                "semver_tilde    | \"1.2.3\"          | \"1.3.0\"            | false",
                "semver_tilde    | \"1.2.3\"          | \"1.2.4-rc\"         | false",
                "semver_caret    | \"1.2.3\"          | \"1.9.0\"            | true",
                "semver_caret    | \"0.2.3\"          | \"0.3.0\"            | false",
                "semver_caret    | \"0.0.3\"          | \"0.0.3\"            | true",
                "semver_wildcard | \"1.2.*\"          | \"1.2.7\"            | true",
                "semver_wildcard | \"1.*.*\"          | \"2.0.0\"            | false",
                "semver_wildcard | \"*\"              | \"9.9.9\"            | true",
            })
    void propertiesCompareAsOnPostHogsServer(String operator, String expected, String actual, boolean holds)
            throws JsonProcessingException {
        assertThat(Comparison.holds(Operator.of(operator), tree(expected), tree(actual), NOW))
                .isEqualTo(holds);
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "IS_NOT",
                "IS_NOT_SET",
                "NOT_ICONTAINS",
                "NOT_STARTS_WITH",
                "NOT_ENDS_WITH",
                "NOT_ICONTAINS_MULTI",
                "NOT_REGEX",
                "NOT_BETWEEN"
            })
    void aMissingPropertySatisfiesNegations(Operator operator) throws JsonProcessingException {
        assertThat(Comparison.holds(operator, tree("\"1\""), null, NOW)).isTrue();
    }

    @Test
    void aMissingPropertyIsOfNoVersion() throws JsonProcessingException {
        assertThat(Comparison.holds(Operator.SEMVER_NEQ, tree("\"1\""), null, NOW))
                .isFalse();
    }

    @Test
    void aPatternThatBacktracksWithoutEndFindsNothing() throws JsonProcessingException {
        JsonNode text = tree('"' + "a".repeat(60) + '"');
        assertThat(Comparison.holds(Operator.REGEX, tree("\"(a+)+b\""), text, NOW))
                .isFalse();
    }

    @Test
    void aPatternThatNestsWithoutEndFindsNothing() throws JsonProcessingException {
        JsonNode pattern = tree('"' + "(".repeat(200_000) + '"');
        assertThat(Comparison.holds(Operator.REGEX, pattern, tree("\"a\""), NOW))
                .isFalse();
    }

    private static JsonNode tree(String json) throws JsonProcessingException {
        return Json.mapper().readTree(json.strip());
    }
}
