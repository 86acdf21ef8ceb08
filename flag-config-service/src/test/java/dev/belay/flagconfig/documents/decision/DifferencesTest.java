// SPDX-License-Identifier: Apache-2.0
package dev.belay.flagconfig.documents.decision;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DifferencesTest {

    @Test
    void whatIsTheSameDoesNotDifferWhateverTheOrderOfFields() {
        assertThat(between("{'a':1,'b':{'c':2}}", "{'b':{'c':2},'a':1}")).isEmpty();
    }

    @Test
    void namesEachFieldWithBothValues() {
        assertThat(between("{'spec':{'title':'one','off':'off'}}", "{'spec':{'title':'two','owner':'team'}}"))
                .containsExactly(
                        "spec.title: \"one\" -> \"two\"", "spec.off: \"off\" -> null", "spec.owner: null -> \"team\"");
    }

    @Test
    void aRuleInsertedAboveDoesNotMakeTheOthersLookChanged() {
        assertThat(between(
                        "{'rules':[{'name':'usa','percent':'5%'},{'name':'india'}]}",
                        "{'rules':[{'name':'staff'},{'name':'usa','percent':'10%'},{'name':'india'}]}"))
                .containsExactly("rules[usa].percent: \"5%\" -> \"10%\"", "rules[staff]: null -> {\"name\":\"staff\"}");
    }

    @Test
    void anotherOrderOfRulesIsADifferenceOfItsOwn() {
        assertThat(between("{'rules':[{'name':'a'},{'name':'b'}]}", "{'rules':[{'name':'b'},{'name':'a'}]}"))
                .containsExactly("rules (order): [\"a\",\"b\"] -> [\"b\",\"a\"]");
    }

    @Test
    void rulesWithoutNamesAreMatchedByPosition() {
        assertThat(between(
                        "{'rules':[{'serve':'on'},{'serve':'off'}]}",
                        "{'rules':[{'serve':'on'},{'serve':'third'},{'serve':'off'}]}"))
                .containsExactly("rules[1].serve: \"off\" -> \"third\"", "rules[2]: null -> {\"serve\":\"off\"}");
    }

    @Test
    void plainListsAreComparedAsAWhole() {
        assertThat(between("{'tags':['a','b']}", "{'tags':['a','c']}"))
                .containsExactly("tags: [\"a\",\"b\"] -> [\"a\",\"c\"]");
    }

    @Test
    void nothingAtAllHasEachFieldOfTheOtherMissing() {
        assertThat(Differences.between(null, json("{'a':1}")).stream().map(DifferencesTest::words))
                .containsExactly("a: null -> 1");
    }

    private static List<String> between(String from, String to) {
        return Differences.between(json(from), json(to)).stream()
                .map(DifferencesTest::words)
                .toList();
    }

    private static String words(Differences.Difference difference) {
        return difference.path() + ": " + difference.from() + " -> " + difference.to();
    }

    private static JsonNode json(String text) {
        return Json.read(text.replace('\'', '"'), JsonNode.class);
    }
}
