// SPDX-License-Identifier: Apache-2.0
package dev.belay.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Each rule is broken by a fixture: a rule that nothing can break holds nothing. */
class RulesTest {
    private static final String FIXTURE = "dev.belay.architecture.fixture";

    private static final JavaClasses FIXTURES = new ClassFileImporter().importPackages(FIXTURE);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Instant.now()",
                "LocalDate.now(java.time.ZoneId)",
                "Clock.systemUTC()",
                "System.currentTimeMillis()",
                "System.nanoTime()",
                "Math.random()",
                "Random.nextInt()",
                "UUID.randomUUID()"
            })
    void clocksAndDiceAreFound(String call) {
        assertThat(failuresOf(Rules.askNeitherClockNorDice(FIXTURE + ".clock..")))
                .contains(call);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jakarta.enterprise.context.ApplicationScoped",
                "java.nio.file.Files",
                "java.net.http.HttpClient",
                "java.sql.Connection",
                "java.util.logging.Logger",
                "org.apache.kafka.clients.producer.Producer"
            })
    void frameworksAndInputAndOutputAreFound(String type) {
        assertThat(failuresOf(Rules.useOnlyPureMaterial(new String[] {FIXTURE + ".framework..decision.."})))
                .contains(type);
    }

    @Test
    void theTerminalIsFound() {
        assertThat(failuresOf(Rules.leaveTheTerminalAlone(FIXTURE + "..", FIXTURE + ".clock..")))
                .contains("System.out", "System.err");
    }

    @Test
    void aCycleIsFound() {
        assertThat(failuresOf(Rules.haveNoCycles(FIXTURE + ".cycle.(*)"))).contains("Cycle detected");
    }

    @Test
    void aDatabaseIsFound() {
        assertThat(failuresOf(Rules.knowNoDatabase(FIXTURE + ".database.."))).contains("jakarta.persistence.Entity");
    }

    @Test
    void aRowInAResourceIsFound() {
        assertThat(failuresOf(Rules.keepRowsFromResources(FIXTURE + ".database..")))
                .contains("NoteResource", "NoteRow");
    }

    @Test
    void aClassInNoModuleIsFound() {
        assertThat(failuresOf(Rules.useOnlyDeclaredModules(FIXTURE + ".strangers..")))
                .contains("is in no module's package");
    }

    @Test
    void anEdgeThatNobodyDeclaredIsFound() {
        JavaClasses edge = new ClassFileImporter().importPackages("dev.belay.edge");

        assertThat(failuresOf(Rules.useOnlyDeclaredModules("dev.belay.edge.reaching.."), edge))
                .contains("FLAG_EDGE may not use STATISTICS");
    }

    private static String failuresOf(ArchRule rule) {
        return failuresOf(rule, FIXTURES);
    }

    private static String failuresOf(ArchRule rule, JavaClasses classes) {
        return rule.evaluate(classes).getFailureReport().toString();
    }
}
