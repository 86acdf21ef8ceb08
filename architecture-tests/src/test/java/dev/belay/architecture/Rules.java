// SPDX-License-Identifier: Apache-2.0
package dev.belay.architecture;

import java.time.Clock;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceRule;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/** The rules, each for packages that are handed in, so that fixtures can be seen to break them. */
final class Rules {
    private static final Set<String> TIMERS = Set.of("currentTimeMillis", "nanoTime");

    /** What a decision may be made of: values, collections, numbers, times, JSON, contracts and other pure modules. */
    private static final String[] PURE_MATERIAL = {
        "java.lang..",
        "java.util",
        "java.util.function..",
        "java.util.stream..",
        "java.util.regex..",
        "java.util.concurrent..",
        "java.time..",
        "java.math..",
        "java.text..",
        "java.nio.charset..",
        "java.nio",
        "java.security",
        "com.fasterxml.jackson..",
        "com.ethlo.time..",
        "org.apache.commons.math3..",
        "org.jspecify..",
    };

    /** Types of packages that otherwise reach out: names of places, kinds of failures, bytes in memory. */
    private static final Set<String> IN_MEMORY = Set.of(
            "java.net.URI",
            "java.net.InetAddress",
            "java.net.Inet4Address",
            "java.net.Inet6Address",
            "java.net.URLEncoder",
            "java.net.URLDecoder",
            "java.io.IOException",
            "java.io.UncheckedIOException",
            "java.io.Serializable",
            "java.io.InputStream",
            "java.io.OutputStream",
            "java.io.ByteArrayInputStream",
            "java.io.ByteArrayOutputStream",
            "java.io.DataInputStream",
            "java.io.DataOutputStream");

    private Rules() {}

    /**
     * Pure code uses nothing but pure material.
     *
     * @param allowed further packages, for instance the module's own
     */
    static ArchRule useOnlyPureMaterial(String[] pure, String... allowed) {
        DescribedPredicate<JavaClass> material = resideInAnyPackage(PURE_MATERIAL)
                .or(resideInAnyPackage(pure))
                .or(resideInAnyPackage(allowed))
                .or(new DescribedPredicate<>("only names something or stays in memory") {
                    @Override
                    public boolean test(JavaClass type) {
                        JavaClass element = type.getBaseComponentType();
                        return element.isPrimitive() || IN_MEMORY.contains(element.getName());
                    }
                });
        return classes()
                .that()
                .resideInAnyPackage(pure)
                .should()
                .onlyDependOnClassesThat(material)
                .because("a decision is a function of its arguments: hand in what it needs, do the rest in the shell");
    }

    /** Pure code asks no clock, no dice, and waits for nothing. */
    static ArchRule askNeitherClockNorDice(String... pure) {
        return noClasses()
                .that()
                .resideInAnyPackage(pure)
                .should()
                .accessTargetWhere(CLOCK_OR_DICE)
                .because("the same arguments must give the same answer: time and chance arrive as arguments");
    }

    /** Only those who talk to people in a terminal write to it. */
    static ArchRule leaveTheTerminalAlone(String inside, String... except) {
        return noClasses()
                .that()
                .resideInAPackage(inside)
                .and()
                .resideOutsideOfPackages(except)
                .should(ACCESS_STANDARD_STREAMS)
                .because("services log; only cli and standalone have a terminal");
    }

    /** Packages have an order. */
    static SliceRule haveNoCycles(String slice) {
        return slices().matching(slice).should().beFreeOfCycles();
    }

    /** What must work when the database is away knows no database. */
    static ArchRule knowNoDatabase(String... packages) {
        return noClasses()
                .that()
                .resideInAnyPackage(packages)
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "java.sql..",
                        "javax.sql..",
                        "jakarta.persistence..",
                        "jakarta.transaction..",
                        "org.hibernate..",
                        "io.agroal..",
                        "io.quarkus.hibernate..",
                        "org.postgresql.."))
                .because("a flag is taken back and served with Kafka alone");
    }

    /** What resources answer is made for readers, never a row. */
    static ArchRule keepRowsFromResources(String inside) {
        return noClasses()
                .that()
                .resideInAPackage(inside)
                .and()
                .haveSimpleNameEndingWith("Resource")
                .should()
                .dependOnClassesThat(new DescribedPredicate<>("are rows") {
                    @Override
                    public boolean test(JavaClass type) {
                        return type.getSimpleName().endsWith("Row");
                    }
                })
                .because("a resource answers with a record; the table may change without the interface");
    }

    /** Modules use the modules they say they use. */
    static ArchRule useOnlyDeclaredModules(String inside) {
        return classes()
                .that()
                .resideInAPackage(inside)
                .should(USE_DECLARED_MODULES)
                .because("services talk through topics and REST; Modules lists who may use whom");
    }

    private static final DescribedPredicate<JavaAccess<?>> CLOCK_OR_DICE = new DescribedPredicate<>("clock or dice") {
        @Override
        public boolean test(JavaAccess<?> access) {
            JavaClass owner = access.getTargetOwner();
            String name = access.getName();
            return isClock(owner, name) || isDice(owner, name);
        }
    };

    private static boolean isClock(JavaClass owner, String name) {
        return (resideInAPackage("java.time..").test(owner) && name.equals("now"))
                || (owner.isEquivalentTo(Clock.class) && name.startsWith("system"))
                || (owner.isEquivalentTo(System.class) && TIMERS.contains(name))
                || (owner.isEquivalentTo(Thread.class) && name.equals("sleep"));
    }

    private static boolean isDice(JavaClass owner, String name) {
        return (owner.isEquivalentTo(Math.class) && name.equals("random"))
                || (owner.isEquivalentTo(UUID.class) && name.equals("randomUUID"))
                || owner.isAssignableTo(Random.class)
                || owner.isEquivalentTo(ThreadLocalRandom.class);
    }

    private static final ArchCondition<JavaClass> USE_DECLARED_MODULES =
            new ArchCondition<>("use only the modules they declare") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    Optional<Modules> mine = Modules.of(type.getPackageName());
                    if (mine.isEmpty()) {
                        events.add(SimpleConditionEvent.violated(type, type.getName() + " is in no module's package"));
                        return;
                    }
                    type.getDirectDependenciesFromSelf()
                            .forEach(dependency -> check(mine.get(), type, dependency, events));
                }

                private void check(Modules mine, JavaClass type, Dependency dependency, ConditionEvents events) {
                    Modules.of(dependency
                                    .getTargetClass()
                                    .getBaseComponentType()
                                    .getPackageName())
                            .filter(other -> !mine.mayUse(other))
                            .ifPresent(other -> events.add(SimpleConditionEvent.violated(
                                    type, mine + " may not use " + other + ": " + dependency.getDescription())));
                }
            };
}
