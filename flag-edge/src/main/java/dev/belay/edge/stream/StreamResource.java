// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.stream;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import dev.belay.contracts.Json;
import dev.belay.contracts.keys.Scope;
import dev.belay.edge.Addresses;
import dev.belay.edge.EdgeMeters;
import dev.belay.edge.EdgeSettings;
import dev.belay.edge.Place;
import dev.belay.edge.serving.Serving;
import dev.belay.http.Caller;
import dev.belay.http.CurrentCaller;
import dev.belay.http.ProblemException;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import jakarta.annotation.Priority;
import jakarta.annotation.security.PermitAll;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.ResponseHeader;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events: one for each flag of the caller's environment that is served differently from now on, and for each
 * segment that decides differently. The type is OFREP's, so that its clients fetch again; the other fields say what changed.
 * A reader that falls behind is cut off; when it connects again with {@code Last-Event-ID} it gets what it missed, or is
 * told to fetch everything. The first line, a comment, says that no later change is missed; others follow as signs of life.
 *
 * <p>A caller shows a key, or the token of an address that a bulk evaluation gave it. The stream ends within a second or two
 * when the key is revoked or over.
 */
@Singleton
@Path(StreamResource.PATH)
@PermitAll
public class StreamResource {
    static final String PATH = Addresses.STREAM;

    private static final List<Scope> SCOPES = List.of(Scope.ADMIN, Scope.SERVER, Scope.CLIENT);
    private static final int MAX_BEHIND = 10_000;
    private static final int KEPT = 10_000;
    private static final int RUN_DIGITS = 8;

    /** Between two looks at whether the key that opened a stream is still good. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private static final Line LOOKING = new Line(null, null);

    private final EdgeSettings settings;
    private final Serving serving;
    private final StreamTokens tokens;
    private final CurrentCaller caller;
    private final EdgeMeters meters;
    private final ChangeLog log = new ChangeLog(UUID.randomUUID().toString().substring(0, RUN_DIGITS), KEPT);
    private final BroadcastProcessor<ChangeLog.Entry> changes = BroadcastProcessor.create();

    private record Opened(String keyId, Place place) {}

    /**
     * @param event what is written; null when there is only something to look at
     * @param off when something was taken out, in {@link System#nanoTime}; null when nothing was
     */
    private record Line(
            @Nullable OutboundSseEvent event, @Nullable Long off) {}

    StreamResource(
            EdgeSettings settings, Serving serving, StreamTokens tokens, CurrentCaller caller, EdgeMeters meters) {
        this.settings = settings;
        this.serving = serving;
        this.tokens = tokens;
        this.caller = caller;
        this.meters = meters;
    }

    void start(@Observes @Priority(5) StartupEvent event) {
        serving.onFlagChange(change -> emit(Change.of(change.flag()), change.takesOut() ? System.nanoTime() : null));
        serving.onSegmentChange((project, segment) -> emit(Change.ofSegment(project, segment), null));
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @ResponseHeader(name = HttpHeaders.CACHE_CONTROL, value = "no-cache")
    @ResponseHeader(name = "X-Accel-Buffering", value = "no")
    @Operation(summary = "Changes of what is served, as server-sent events")
    public Multi<OutboundSseEvent> stream(
            @Context Sse sse,
            @HeaderParam(Place.PROJECT_HEADER) @Nullable String project,
            @HeaderParam(Place.ENVIRONMENT_HEADER) @Nullable String environment,
            @HeaderParam(HttpHeaders.LAST_EVENT_ID_HEADER) @Nullable String lastEventId,
            @QueryParam(StreamTokens.PARAMETER) @Nullable String token) {
        Opened opened = opened(token, project, environment);
        Place place = opened.place();
        OutboundSseEvent first = alive(sse, lastEventId == null ? log.lastId() : null);
        Multi<ChangeLog.Entry> changed = changes.filter(entry -> entry.change().concerns(place))
                .onOverflow()
                .buffer(MAX_BEHIND);
        // Looked up once the subscription stands: a change in between comes twice, never not at all.
        Multi<ChangeLog.Entry> missed =
                Multi.createFrom().deferred(() -> Multi.createFrom().iterable(log.since(lastEventId, place)));
        Multi<Line> lines = Multi.createBy()
                .merging()
                .streams(
                        changed.map(entry -> new Line(event(sse, entry), entry.off())),
                        missed.map(entry -> new Line(event(sse, entry), null)),
                        Multi.createFrom().item(new Line(first, null)),
                        every(settings.streamHeartbeat(), () -> new Line(alive(sse, null), null)),
                        every(LOOK, () -> LOOKING));
        return timed(lines.select()
                .first(line -> tokens.mayGoOn(opened.keyId(), place, Instant.now()))
                .filter(line -> line.event() != null));
    }

    /** Notes that a client has read an event from its stream: it sends the event's tag back when it fetches again. */
    public void seen(@Nullable String tag) {
        ChangeLog.Entry entry = tag == null ? null : log.find(tag.replace("\"", ""));
        Long off = entry == null ? null : entry.off();
        if (off != null) {
            meters.seen(Duration.ofNanos(System.nanoTime() - off));
        }
    }

    private Opened opened(@Nullable String token, @Nullable String project, @Nullable String environment) {
        if (token == null) {
            Caller asking = requireScope(caller.get());
            return new Opened(asking.keyId(), Place.of(asking, project, environment));
        }
        StreamToken redeemed = tokens.redeem(token, Instant.now());
        return new Opened(redeemed.keyId(), redeemed.place());
    }

    /** The next event is asked for when the one before has been written to the connection: so that one's time is over. */
    private Multi<OutboundSseEvent> timed(Multi<Line> lines) {
        AtomicReference<@Nullable Long> off = new AtomicReference<>();
        return lines.onItem()
                .invoke(line -> off.set(line.off()))
                .onRequest()
                .invoke(asked -> {
                    Long since = off.getAndSet(null);
                    if (since != null) {
                        meters.streamed(Duration.ofNanos(System.nanoTime() - since));
                    }
                })
                .map(Line::event);
    }

    private static Multi<Line> every(Duration pause, Supplier<Line> line) {
        return Multi.createFrom().ticks().every(pause).onOverflow().drop().map(tick -> line.get());
    }

    private static Caller requireScope(Caller caller) {
        if (SCOPES.stream().noneMatch(caller.scopes()::contains)) {
            throw ProblemException.forbidden("key " + caller.keyId() + " lacks one of the scopes " + SCOPES);
        }
        return caller;
    }

    private static OutboundSseEvent event(Sse sse, ChangeLog.Entry entry) {
        return sse.newEventBuilder()
                .id(entry.id())
                .name("message")
                .mediaType(MediaType.TEXT_PLAIN_TYPE)
                .data(String.class, Json.write(entry.change()))
                .build();
    }

    /** @param id where a reader that has seen nothing yet begins; null in all other signs of life */
    private static OutboundSseEvent alive(Sse sse, @Nullable String id) {
        OutboundSseEvent.Builder comment = sse.newEventBuilder().comment("alive");
        return id == null ? comment.build() : comment.id(id).build();
    }

    /** Views call from threads of their own; a processor takes one at a time. */
    private synchronized void emit(Change change, @Nullable Long off) {
        if (serving.isServing()) {
            changes.onNext(log.add(change, off));
        }
    }
}
