// SPDX-License-Identifier: Apache-2.0
package dev.belay.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.belay.contracts.Topics;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static org.assertj.core.api.Assertions.assertThat;

/** The rules hold in every module. */
@AnalyzeClasses(
        packages = "dev.belay",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.OtherModules.class})
class ArchitectureTest {
    /** This module has rules and no product. */
    static final class OtherModules implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/dev/belay/architecture/");
        }
    }

    private static final String EVERYTHING = "dev.belay..";
    private static final String[] PURE = {
        Modules.CONTRACTS.packages(),
        Modules.EVALUATION.packages(),
        Modules.STATISTICS.packages(),
        Modules.JUDGING.packages(),
        "dev.belay..decision..",
        Modules.NOTIFIER.packages().replace("..", ".message..")
    };

    /** Of Kafka only what serialises: no client. */
    @ArchTest
    static final ArchRule PURE_CODE_USES_ONLY_PURE_MATERIAL =
            Rules.useOnlyPureMaterial(PURE, "org.apache.kafka.common..");

    @ArchTest
    static final ArchRule PURE_CODE_ASKS_NEITHER_CLOCK_NOR_DICE = Rules.askNeitherClockNorDice(PURE);

    @ArchTest
    static final ArchRule MODULES_USE_ONLY_DECLARED_MODULES = Rules.useOnlyDeclaredModules(EVERYTHING);

    @ArchTest
    static final ArchRule ONLY_CLI_AND_STANDALONE_HAVE_A_TERMINAL =
            Rules.leaveTheTerminalAlone(EVERYTHING, Modules.packagesOf(Modules.CLI, Modules.STANDALONE));

    /**
     * But for what composes: Topics names every record class, and every record class uses Require beside it; the commands
     * of standalone start the stories, and the stories use the installation beside the commands.
     */
    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES = Rules.haveNoCycles("dev.belay.(**)")
            .ignoreDependency(equivalentTo(Topics.class), DescribedPredicate.alwaysTrue())
            .ignoreDependency(
                    resideInAPackage("dev.belay.standalone").and(simpleNameEndingWith("Command")),
                    resideInAPackage("dev.belay.standalone.."));

    @ArchTest
    static final ArchRule THE_SAFETY_PATH_KNOWS_NO_DATABASE = Rules.knowNoDatabase(
            Modules.packagesOf(Modules.FLAG_EDGE, Modules.METRICS_WATCHER, Modules.ROLLBACK_CONTROLLER));

    @ArchTest
    static final ArchRule RESOURCES_NEVER_TOUCH_ROWS = Rules.keepRowsFromResources(EVERYTHING);

    /** An empty module would hold every rule. */
    @ArchTest
    static void everyModuleIsLookedAt(JavaClasses classes) {
        for (Modules module : Modules.values()) {
            assertThat(classes.stream()
                            .filter(type -> Modules.of(type.getPackageName())
                                            .filter(module::equals)
                                            .isPresent()
                                    && !type.getSimpleName().equals("package-info")))
                    .as(module.folder())
                    .isNotEmpty();
        }
    }
}
