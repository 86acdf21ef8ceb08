// SPDX-License-Identifier: Apache-2.0
package dev.belay.evaluation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class BucketingTest {
    /** The first three from PostHog's own tests, the others computed with Python's hashlib. */
    @ParameterizedTest
    @CsvSource({
        "some_distinct_id, 0.7270002403585725",
        "test-identifier, 0.4493881716040236",
        "example_id, 0.9402003475831224",
        "example_id2, 0.6292740389966519"
    })
    void holdoutsHashAsPostHogDoes(String unit, double expected) {
        assertThat(Bucketing.holdoutBucket(unit)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "new-checkout, user-1, '', 0.9168324390395173",
        "new-checkout, user-1, variant, 0.25402124693103456",
        "beta-feature, distinct_id_0, '', 0.18171229031064146",
        "simple-flag, distinct_id_0, '', 0.7836963764220432",
        "simple-flag, distinct_id_1, '', 0.3397069926995401",
        "flag, ünï-😀, '', 0.6733016460735232"
    })
    void flagsHashAsPostHogDoes(String flag, String unit, String salt, double expected) {
        assertThat(Bucketing.bucket(flag, unit, salt)).isEqualTo(expected);
    }

    @Test
    void onlyTheFirst200CodePointsOfAnIdCount() {
        assertThat(Bucketing.bucket("flag", "x".repeat(300), Bucketing.ROLLOUT)).isEqualTo(0.15891341653016883);
        assertThat(Bucketing.bucket("flag", "😀".repeat(250), Bucketing.VARIANT))
                .isEqualTo(0.5496299193098363);
    }
}
