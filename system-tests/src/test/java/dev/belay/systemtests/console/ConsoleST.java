// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.belay.contracts.Json;
import dev.belay.systemtests.Installed;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/** What a person sees and can do, in a browser, with real events. One installation; each test has a flag of its own. */
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("the browser, which one thread may use")
class ConsoleST {
    private static final String NO_BROWSER = "No Chromium and no Chrome on the PATH: THE PAGE WAS NOT TESTED";
    private static final String WATCHED = "new-checkout";
    private static final String GUARDED = "gift-cards";
    private static final String PLAIN = "dark-header";
    private static final String COMMANDED = "loyalty-points";
    private static final int BATCH = 400;
    private static final int WIDE = 1440;
    private static final int NARROW = 390;
    private static final int HIGH = 900;
    private static final double PATIENCE_MILLIS = 20_000;

    @TempDir
    static Path folder;

    private static Installed belay;
    private static Chromium chromium;
    private static String viewer;

    private final List<String> complaints = new ArrayList<>();
    private final Set<String> hosts = new TreeSet<>();
    private BrowserContext context;
    private Page page;

    @BeforeAll
    static void start(TestReporter reporter) throws IOException, InterruptedException {
        Optional<Path> executable = Chromium.find();
        if (executable.isEmpty()) {
            sayThatNothingIsTested(reporter);
            return;
        }
        chromium = new Chromium(executable.get());
        belay = new Installed(folder.resolve("data"));
        belay.start();
        apply();
        viewer = belay.post("/api/v1/users", "application/json", "{\"login\":\"vera\",\"role\":\"viewer\"}")
                .body()
                .path("key")
                .asText();
    }

    /** Never passed in silence: without a browser nothing of the page is tested, and every test counts as skipped. */
    private static void sayThatNothingIsTested(TestReporter reporter) {
        System.err.println("\n" + "*".repeat(78) + "\n*** " + NO_BROWSER + "\n" + "*".repeat(78) + "\n");
        reporter.publishEntry("console", NO_BROWSER);
        if (Chromium.isRequired()) {
            fail(NO_BROWSER + ", and BELAY_REQUIRE_BROWSER says that it must be");
        }
    }

    @AfterAll
    static void stop() {
        if (chromium != null) {
            chromium.close();
        }
        if (belay != null) {
            belay.close();
        }
    }

    @BeforeEach
    void open() {
        Assumptions.assumeTrue(chromium != null, NO_BROWSER);
        context = chromium.browser().newContext(new Browser.NewContextOptions().setViewportSize(WIDE, HIGH));
        context.setDefaultTimeout(PATIENCE_MILLIS);
        page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") && !message.text().startsWith("Failed to load resource")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        page.onRequest(request -> hosts.add(URI.create(request.url()).getAuthority()));
    }

    /** Whatever a test did: no script failed, no policy was violated, nothing was asked of anyone else. */
    @AfterEach
    void nothingComplainedAndNothingLeft() {
        if (context != null) {
            context.close();
        }
        assertThat(complaints).isEmpty();
        assertThat(hosts)
                .isSubsetOf(belay == null ? "" : URI.create(belay.url()).getAuthority());
    }

    @Test
    void aRolloutIsSeenLiveAndTakenBackWithAReason() throws IOException, InterruptedException {
        page.navigate(belay.page() + "/shop/production/" + WATCHED);
        Locator detail = page.locator("#detail");
        isSeen(detail.getByRole(AriaRole.HEADING, new Locator.GetByRoleOptions().setName(WATCHED)), "rolled out 50 %");
        isSeen(detail.locator("[aria-current=step]"), "half");
        send(events(WATCHED, 0, 2_000));
        Locator guardrail = detail.locator("[data-guardrail=conversion]");
        isSeen(guardrail, Pattern.compile("Control\\s+[\\d.]+ %\\s+\\d+ of (9\\d\\d|1,000)"));
        isSeen(guardrail, Pattern.compile("Treatment\\s+[\\d.]+ %\\s+\\d+ of (9\\d\\d|1,000)"));
        isSeen(guardrail, "20 %");
        isSeen(guardrail, Pattern.compile("harm [\\d.]+:1 of 100:1"));
        isSeen(guardrail, Pattern.compile("limit falls 20 %; control \\d+ of .*, treatment \\d+ of .*; heard"));

        page.getByRole(AriaRole.BUTTON, named("Roll back…")).focus();
        send(events(WATCHED, 2_000, 4_000));
        isSeen(guardrail, Pattern.compile("\\d+ of (1,9\\d\\d|2,000)"));
        assertThat(page.getByRole(AriaRole.BUTTON, named("Roll back…"))).isFocused();

        page.keyboard().press("Enter");
        Locator dialog = page.getByRole(AriaRole.DIALOG);
        assertThat(dialog.getByLabel("Reason")).isFocused();
        dialog.getByRole(AriaRole.BUTTON, inside("Roll back")).click();
        isSeen(dialog.getByRole(AriaRole.ALERT), "reason must not be blank");
        assertThat(servedVariants(WATCHED)).containsExactlyInAnyOrder("on", "off");

        dialog.getByLabel("Reason").fill("support hears of double charges");
        dialog.getByLabel("Reason").press("Control+Enter");
        isSeen(dialog.getByRole(AriaRole.STATUS), "Rollout 1 is rolled back. Off on 1 of 1 edge");
        assertThat(dialog.getByRole(AriaRole.BUTTON, inside("Close"))).isFocused();
        page.keyboard().press("Enter");
        assertThat(dialog).hasCount(0);
        isSeen(detail.getByRole(AriaRole.HEADING, new Locator.GetByRoleOptions().setName(WATCHED)), "rolled back");
        isSeen(detail, "support hears of double charges");
        isSeen(page.locator(".concerns"), "Nothing left to switch off");
        isSeen(detail.locator(".history"), "support hears of double charges by admin");
        assertThat(page.getByRole(AriaRole.BUTTON, named("Roll back…"))).hasCount(0);
        Awaitility.await().atMost(Installed.PATIENCE).until(() -> servedVariants(WATCHED)
                .equals(Set.of("off")));
    }

    @Test
    void aViewerLooksAndCannotTakeBack() throws IOException, InterruptedException {
        page.navigate(belay.url());
        page.getByLabel("Your key").fill(viewer);
        page.getByRole(AriaRole.BUTTON, named("Sign in")).click();
        page.locator("nav")
                .getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName(Pattern.compile(GUARDED)))
                .click();
        isSeen(page.locator("#detail"), "Your key has the role viewer; roll back needs operator.");
        assertThat(page.getByRole(AriaRole.BUTTON, named("Roll back…"))).isDisabled();
        assertThat(page.getByRole(AriaRole.BUTTON, named("Kill…"))).isDisabled();

        Object status = page.evaluate(
                "key => fetch('/api/v1/rollbacks', { method: 'POST', body: JSON.stringify({ project:"
                        + " 'shop', environment: 'production', flag: '" + GUARDED
                        + "', reason: 'x' }), headers: { 'X-API-Key': key,"
                        + " 'Content-Type': 'application/json' } }).then(answer => answer.status)",
                viewer);
        assertThat(status).isEqualTo(403);
        assertThat(servedVariants(GUARDED)).containsExactlyInAnyOrder("on", "off");
    }

    @Test
    void theKeyLeavesTheAddressAndStaysInTheTab() throws IOException {
        page.navigate(belay.page());
        isSeen(page.locator(".who"), "admin");
        assertThat(page.url()).doesNotContain("key").doesNotContain("bly_");
        assertThat(page.evaluate("localStorage.length + document.cookie.length"))
                .isEqualTo(0);

        page.reload();
        isSeen(page.locator(".who"), "admin");
        page.getByRole(AriaRole.BUTTON, named("Sign out")).click();
        page.reload();
        assertThat(page.getByLabel("Your key")).isVisible();
        assertThat(page.evaluate("sessionStorage.length")).isEqualTo(0);
    }

    @Test
    void aKeyThatDoesNotSufficeIsRefusedInASentence() {
        page.navigate(belay.url());
        page.getByLabel("Your key").fill("bly_nobodys0_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        page.keyboard().press("Enter");
        isSeen(page.getByRole(AriaRole.ALERT), "The key is unknown, revoked or expired.");
    }

    @Test
    void everyResponseOfThePageRestrictsWhatABrowserDoes() throws IOException, InterruptedException {
        HttpResponse<String> index = fetch("/");
        List<String> paths = new ArrayList<>(List.of("/", "/belay.svg", "/no-such-page"));
        Pattern.compile("(?:src|href)=\"(/static/[^\"]+)\"")
                .matcher(index.body())
                .results()
                .forEach(found -> paths.add(found.group(1)));
        assertThat(paths).hasSizeGreaterThanOrEqualTo(5);
        for (String path : paths) {
            HttpResponse<String> answer = fetch(path);
            assertThat(answer.headers().firstValue("Content-Security-Policy"))
                    .as(path)
                    .hasValueSatisfying(policy -> assertThat(policy)
                            .contains("default-src 'self'")
                            .contains("object-src 'none'")
                            .contains("base-uri 'none'")
                            .contains("frame-ancestors 'none'")
                            .doesNotContain("unsafe"));
            assertThat(answer.headers().firstValue("X-Content-Type-Options"))
                    .as(path)
                    .hasValue("nosniff");
            assertThat(answer.headers().firstValue("Referrer-Policy")).as(path).hasValue("no-referrer");
        }
        assertThat(index.headers().firstValue("Cache-Control")).hasValue("no-cache");
    }

    @Test
    void saysThatNothingAnswersAndGoesOnByItself() throws IOException {
        for (String lists : List.of("**/api/v1/rollbacks?**", "**/api/v1/incidents?**", "**/why")) {
            answerWith(lists, Map.of("items", List.of(), "guardrails", List.of(), "checks", List.of(), "sentence", ""));
        }
        page.navigate(belay.page() + "/shop/production/" + PLAIN);
        isSeen(page.locator("#detail"), "No rollout of this flag yet");
        isSeen(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)), "Nothing is wrong.");
        page.unrouteAll();
        context.setOffline(true);
        isSeen(page.locator(".troubles"), "Belay cannot be reached since");
        isSeen(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)), "services do not answer");
        isSeen(page.locator("#detail"), "No rollout of this flag yet");
        context.setOffline(false);
        assertThat(page.locator(".troubles p"))
                .hasCount(0, new LocatorAssertions.HasCountOptions().setTimeout(PATIENCE_MILLIS));
    }

    @Test
    void namesTheServiceThatIsAwayAndKeepsWhatItKnew() throws IOException {
        page.navigate(belay.page() + "/shop/production/" + GUARDED);
        isSeen(page.locator("#detail"), "rolled out 50 %");
        page.route("**/api/v1/rollouts**", route -> route.fulfill(problem(503, "the database is away; try again")));
        isSeen(page.locator(".troubles"), "rollout-scheduler: the database is away; try again");
        isSeen(page.locator("#detail"), "rolled out 50 %");
        assertThat(page.getByRole(AriaRole.BUTTON, named("Roll back…"))).isEnabled();
        page.unroute("**/api/v1/rollouts**");
        assertThat(page.locator(".troubles p"))
                .hasCount(0, new LocatorAssertions.HasCountOptions().setTimeout(PATIENCE_MILLIS));
    }

    @Test
    void aRefusalIsASentenceWithFieldRuleAndValue() throws IOException {
        page.navigate(belay.page() + "/shop/production/" + GUARDED);
        page.route(
                "**/api/v1/rollbacks",
                route -> route.fulfill(new Route.FulfillOptions()
                        .setStatus(422)
                        .setContentType("application/problem+json")
                        .setBody(Json.write(Map.of(
                                "detail",
                                "the epoch is not known",
                                "errors",
                                List.of(Map.of("field", "epoch", "rule", "must lie in 0 to 1", "value", 7)))))));
        page.getByRole(AriaRole.BUTTON, named("Roll back…")).click();
        page.getByLabel("Reason").fill("it is broken");
        page.getByRole(AriaRole.DIALOG)
                .getByRole(AriaRole.BUTTON, inside("Roll back"))
                .click();
        isSeen(page.getByRole(AriaRole.ALERT), "The epoch is not known.");
        isSeen(page.getByRole(AriaRole.ALERT), "epoch must lie in 0 to 1, was 7");
        assertThat(page.getByLabel("Reason")).hasValue("it is broken");
        page.keyboard().press("Escape");
        assertThat(page.getByRole(AriaRole.DIALOG)).hasCount(0);
        assertThat(page.getByRole(AriaRole.BUTTON, named("Roll back…"))).isFocused();
    }

    @Test
    void saysWhichEdgeHasNotConfirmed() throws IOException {
        String at = Instant.now().minusSeconds(12).toString();
        Map<String, Object> rollback = Map.of(
                "project",
                "shop",
                "environment",
                "production",
                "flag",
                PLAIN,
                "epoch",
                0,
                "target",
                "kill",
                "reason",
                "it <img src=/x onerror=alert(1)> fell over",
                "by",
                Map.of("kind", "PERSON", "name", "bob"),
                "at",
                at);
        answerWith("**/api/v1/rollbacks?**", Map.of("items", List.of(rollback)));
        answerWith(
                "**/api/v1/incidents?**",
                Map.of(
                        "items",
                        List.of(Map.of(
                                "id",
                                "i",
                                "status",
                                "UNCONFIRMED",
                                "rollback",
                                rollback,
                                "openedAt",
                                at,
                                "edges",
                                List.of("edge-a", "edge-b", "edge-c"),
                                "confirmed",
                                List.of("edge-a", "edge-b")))));
        page.navigate(belay.page() + "/shop/production/" + PLAIN);
        isSeen(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)), "1 flag taken back.");
        isSeen(page.locator(".concerns"), PLAIN + " was killed");
        isSeen(page.locator(".concerns"), "it <img src=/x onerror=alert(1)> fell over (bob)");
        isSeen(page.locator(".concerns"), "Only off on 2 of 3 edges: edge-c has not confirmed.");
        isSeen(page.locator("#detail"), "off for everyone");
    }

    @Test
    void everyOtherCommandAsksForAReasonAndIsSeen() throws IOException {
        page.navigate(belay.page() + "/shop/production/" + COMMANDED);
        Locator title = page.locator("#detail").getByRole(AriaRole.HEADING, new Locator.GetByRoleOptions().setLevel(2));
        isSeen(title, "rolled out 50 %");
        command("Pause", "It is paused.");
        isSeen(title, "paused at 50 %");
        command("Resume", "It is running again.");
        isSeen(title, "rolled out 50 %");
        command("Kill", "It is killed. Off on 1 of 1 edge");
        isSeen(title, "killed");
        command("Lift the kill", "The kill is lifted.");
        isSeen(title, "off");
        isSeen(page.locator("#detail"), "A kill was lifted; no rollout runs.");
    }

    private void command(String label, String answer) {
        page.getByRole(AriaRole.BUTTON, named(label + "…")).click();
        Locator dialog = page.getByRole(AriaRole.DIALOG);
        dialog.getByLabel("Reason").fill("because of a test");
        dialog.getByRole(AriaRole.BUTTON, inside(label)).click();
        isSeen(dialog.getByRole(AriaRole.STATUS), answer);
        dialog.getByRole(AriaRole.BUTTON, inside("Close")).click();
        assertThat(dialog).hasCount(0);
    }

    @Test
    void listsEveryFlagHoweverManyPartsTheListHas() throws IOException {
        answerWith(
                request -> request.contains("/api/v1/flags?") && !request.contains("after="),
                Map.of("items", List.of(document("a-first", "off")), "next", "cursor"));
        answerWith(
                request -> request.contains("/api/v1/flags?") && request.contains("after=cursor"),
                Map.of("items", List.of(document("z-last", "on"))));
        page.navigate(belay.page());
        isSeen(page.locator("nav"), "a-first");
        isSeen(
                page.locator("nav")
                        .getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName(Pattern.compile("z-last"))),
                "on");
    }

    private static Map<String, Object> document(String name, String serves) {
        return Map.of(
                "metadata",
                Map.of("name", name),
                "spec",
                Map.of(
                        "project",
                        "shop",
                        "environment",
                        "production",
                        "type",
                        "boolean",
                        "off",
                        "off",
                        "default",
                        serves,
                        "variants",
                        Map.of("on", true, "off", false)));
    }

    @Test
    void saysThatNobodyJudgesAnyMore() throws IOException {
        String heard = Instant.now().minusSeconds(95).toString();
        answerWith("**/api/v1/incidents?**", Map.of("items", List.of()));
        answerWith(
                "**/" + GUARDED + "/1/why",
                Map.of(
                        "status",
                        "RUNNING",
                        "stage",
                        "half",
                        "sentence",
                        "It is in stage half (1 of 1) and waits.",
                        "checks",
                        List.of(),
                        "next",
                        "",
                        "guardrails",
                        List.of(Map.of(
                                "name",
                                "conversion",
                                "decision",
                                "UNDECIDED",
                                "reasons",
                                List.of("SOMETHING_NEW"),
                                "sentence",
                                "conversion cannot be compared yet",
                                "heardAt",
                                heard,
                                "fresh",
                                false))));
        page.navigate(belay.page() + "/shop/production/" + GUARDED);
        isSeen(
                page.locator(".concerns"),
                Pattern.compile(GUARDED + " is not judged.*no verdict for 1 min 3\\d s", Pattern.DOTALL));
        isSeen(page.locator(".concerns"), "Nothing is raised until one comes.");
        isSeen(page.locator("[data-guardrail=conversion]"), "Something new.");
    }

    @Test
    void listensToTheEdgesAndAsksForListsAgainOnlyWhenTheyChanged() {
        page.waitForResponse(
                answer -> answer.url().endsWith("/api/v1/stream") && answer.status() == 200,
                () -> page.navigate(address()));
        page.waitForResponse(answer -> answer.url().contains("/api/v1/rollbacks?") && answer.status() == 304, () -> {});
        page.waitForResponse(answer -> answer.url().contains("/api/v1/flags?") && answer.status() == 304, () -> {});
        isSeen(page.locator("nav"), GUARDED);
    }

    @Test
    void aNarrowScreenShowsTheListThenTheFlagAndNeverScrollsSideways() throws IOException {
        page.setViewportSize(NARROW, HIGH);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        page.navigate(belay.page());
        isSeen(page.locator("nav"), GUARDED);
        assertThat(page.locator("#detail")).isHidden();
        fitsTheScreen();
        page.locator("nav")
                .getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName(Pattern.compile(GUARDED)))
                .press("Enter");
        isSeen(page.locator("#detail"), "rolled out 50 %");
        assertThat(page.locator("nav")).isHidden();
        fitsTheScreen();
        page.getByRole(AriaRole.LINK, named("All flags")).click();
        assertThat(page.locator("#detail")).isHidden();
        assertThat(page.evaluate("getComputedStyle(document.body).backgroundColor"))
                .isEqualTo("rgb(18, 22, 20)");
    }

    private static String address() {
        try {
            return belay.page();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void fitsTheScreen() {
        assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
                .isLessThanOrEqualTo(NARROW);
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }

    private static Locator.GetByRoleOptions inside(String name) {
        return new Locator.GetByRoleOptions().setName(name).setExact(true);
    }

    private static void isSeen(Locator where, String text) {
        assertThat(where).containsText(text, new LocatorAssertions.ContainsTextOptions().setTimeout(PATIENCE_MILLIS));
    }

    private static void isSeen(Locator where, Pattern text) {
        assertThat(where).containsText(text, new LocatorAssertions.ContainsTextOptions().setTimeout(PATIENCE_MILLIS));
    }

    private void answerWith(String pattern, Object body) {
        page.route(pattern, answer(body));
    }

    private void answerWith(Predicate<String> address, Object body) {
        page.route(address, answer(body));
    }

    private static Consumer<Route> answer(Object body) {
        return route -> route.fulfill(
                new Route.FulfillOptions().setContentType("application/json").setBody(Json.write(body)));
    }

    private static Route.FulfillOptions problem(int status, String detail) {
        return new Route.FulfillOptions()
                .setStatus(status)
                .setContentType("application/problem+json")
                .setBody(Json.write(Map.of("detail", detail)));
    }

    private static HttpResponse<String> fetch(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(belay.url() + path))
                                .timeout(Duration.ofSeconds(20))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static void apply() throws IOException, InterruptedException {
        String head = "apiVersion: belay.dev/v1\nkind: ";
        for (String flag : List.of(WATCHED, GUARDED, COMMANDED, PLAIN)) {
            put("/api/v1/flags/shop/production/" + flag, head + """
                    Flag
                    metadata: { name: %s }
                    spec: { project: shop, environment: production, type: boolean, variants: { "on": true, "off": false }, off: "off", default: "off" }
                    """.formatted(flag));
        }
        put("/api/v1/metrics/shop/conversion", head + """
                Metric
                metadata: { name: conversion }
                spec: { project: shop, kind: conversion, event: purchase, within: 24h, goodWhen: up }
                """);
        put("/api/v1/templates/shop/half", head + """
                RolloutTemplate
                metadata: { name: half }
                spec:
                  project: shop
                  stages: [ { name: half, to: 50%, atLeast: 1h, advance: byHand } ]
                  guardrails: [ { metric: conversion, falls: 20% } ]
                """);
        for (String flag : List.of(WATCHED, GUARDED, COMMANDED)) {
            Installed.Answer started = belay.post("/api/v1/rollouts", "application/yaml", head + """
                    Rollout
                    metadata: { name: %1$s }
                    spec: { project: shop, environment: production, flag: %1$s, template: half, control: "off", treatments: ["on"] }
                    """.formatted(flag));
            assertThat(started.status()).as(started.body().toString()).isBetween(200, 299);
        }
        Awaitility.await()
                .atMost(Installed.PATIENCE)
                .until(() -> servedVariants(WATCHED).size() == 2
                        && servedVariants(GUARDED).size() == 2);
    }

    private static void put(String path, String yaml) throws IOException, InterruptedException {
        Installed.Answer answer = belay.put(path, yaml);
        assertThat(answer.status()).as(answer.body().toString()).isBetween(200, 299);
    }

    /** Units that were assigned elsewhere, every second one to the treatment; every fifth of both arms converts. */
    private static List<String> events(String flag, int from, int to) {
        List<String> events = new ArrayList<>();
        String at = Instant.now().toString();
        for (int i = from; i < to; i++) {
            Map<String, Object> exposure = new LinkedHashMap<>(Map.of(
                    "type",
                    "exposure",
                    "id",
                    flag + "-x" + i,
                    "flag",
                    flag,
                    "unit",
                    flag + "-u" + i,
                    "variant",
                    i % 2 == 1 ? "on" : "off",
                    "epoch",
                    1,
                    "allocation",
                    1,
                    "clause",
                    "rest",
                    "at",
                    at));
            events.add(Json.write(exposure));
            if (i / 2 % 5 == 0) {
                events.add(Json.write(Map.of(
                        "type",
                        "outcome",
                        "id",
                        flag + "-o" + i,
                        "event",
                        "purchase",
                        "unit",
                        flag + "-u" + i,
                        "at",
                        at)));
            }
        }
        return events;
    }

    private static void send(List<String> events) throws IOException, InterruptedException {
        for (int from = 0; from < events.size(); from += BATCH) {
            List<String> batch = events.subList(from, Math.min(events.size(), from + BATCH));
            Installed.Answer answer = belay.post("/api/v1/events", "application/x-ndjson", String.join("\n", batch));
            assertThat(answer.body().path("accepted").asInt())
                    .as(answer.body().toString())
                    .isEqualTo(batch.size());
        }
    }

    /** Returns the different variants that forty units are served; asking for all flags at once exposes nobody. */
    private static Set<String> servedVariants(String flag) throws IOException, InterruptedException {
        Set<String> all = new TreeSet<>();
        for (int i = 0; i < 40; i++) {
            Installed.Answer answer = belay.post(
                    "/ofrep/v1/evaluate/flags", "application/json", "{\"context\":{\"targetingKey\":\"v" + i + "\"}}");
            answer.body().path("flags").forEach(found -> {
                if (found.path("key").asText().equals(flag)) {
                    all.add(found.path("variant").asText());
                }
            });
        }
        return all;
    }
}
