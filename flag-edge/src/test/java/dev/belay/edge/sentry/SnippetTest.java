// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.sentry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.contracts.Json;
import dev.belay.contracts.Unit;
import dev.belay.contracts.events.Outcome;
import dev.belay.edge.EdgeFacts;
import dev.belay.edge.serving.Serving;
import org.junit.jupiter.api.Test;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.Scriptable;

import static org.assertj.core.api.Assertions.assertThat;

/** What the page says to paste into applications. */
class SnippetTest {
    private static final Path PAGE = Path.of("../docs/signals.md");

    /** As much of Sentry's SDK as the snippet touches: a scope that keeps contexts, and puts them into events. */
    private static final String SDK = """
            var contexts = {};
            var scope = {
              getScopeData: function () { return { contexts: contexts }; },
              setContext: function (name, value) { contexts[name] = value; }
            };
            var Sentry = { getIsolationScope: function () { return scope; } };
            """;

    private static final String USE = """
            var belay = belayFor(Sentry);
            belay.hook.after({ flagKey: 'another', context: { targetingKey: 'before' } }, { variant: 'on' });
            belay.hook.after({ flagKey: 'checkout', context: { targetingKey: 'u1' } }, { variant: 'on' });
            belay.hook.after({ flagKey: 'plain', context: { targetingKey: 'u1' } }, { variant: 'off' });
            belay.hook.after({ flagKey: 'failed', context: { targetingKey: 'u1' } }, { errorCode: 'GENERAL' });
            belay.hook.after({ flagKey: 'nobody', context: {} }, { variant: 'on' });
            JSON.stringify(belay.beforeSend({ event_id: 'e1', tags: { own: 'kept' }, contexts: contexts }));
            """;

    @Test
    void theJavaScriptTagsAnErrorWithTheUnitAndItsVariants() throws IOException {
        JsonNode event = Json.mapper().readTree(run(SDK + snippet("js") + USE));
        assertThat(event.path("tags"))
                .isEqualTo(Json.mapper()
                        .readTree("{\"own\":\"kept\",\"belay.unit\":\"u1\",\"belay.flag.checkout\":\"on\","
                                + "\"belay.flag.plain\":\"off\"}"));
        Serving serving = new Serving();
        serving.on(EdgeFacts.definition("checkout", 1));
        serving.on(EdgeFacts.rollout("checkout", 2, 3, 50));
        Outcome outcome = new SentryReader(
                        SentrySource.parse("app=not-a-real-secret-1@shop/production"), serving, EdgeFacts.NOW)
                .read(event);
        assertThat(outcome.unit()).isEqualTo(Unit.user("u1"));
        assertThat(outcome.flag()).isEqualTo("checkout");
        assertThat(outcome.variant()).isEqualTo("on");
    }

    @Test
    void theJavaScriptLeavesErrorsOfNobodyAsTheyAre() throws IOException {
        assertThat(run(SDK + snippet("js") + "JSON.stringify(belayFor(Sentry).beforeSend({ event_id: 'e1' }));"))
                .isEqualTo("{\"event_id\":\"e1\"}");
    }

    @Test
    void theJavaIsTheOneThatIsTested() throws IOException {
        String tested = Files.readString(Path.of("src/test/java/dev/belay/edge/signals/BelayTags.java"));
        assertThat(withoutBlanks(tested)).contains(withoutBlanks(snippet("java")));
    }

    private static String run(String script) {
        try (Context context = Context.enter()) {
            context.setLanguageVersion(Context.VERSION_ES6);
            context.setInterpretedMode(true);
            Scriptable scope = context.initSafeStandardObjects();
            return Context.toString(context.evaluateString(scope, script, "snippet", 1, null));
        }
    }

    private static String snippet(String language) throws IOException {
        Matcher block =
                Pattern.compile("```" + language + "\n(.+?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
        assertThat(block.find()).as("a block of " + language).isTrue();
        return block.group(1);
    }

    private static String withoutBlanks(String text) {
        return text.replaceAll("\\s+", "");
    }
}
