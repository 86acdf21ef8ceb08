// SPDX-License-Identifier: Apache-2.0
package dev.belay.manifest;

import java.net.URI;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import dev.belay.contracts.Require;
import org.jspecify.annotations.Nullable;

/** Reads the spec of a channel. What proves who speaks is a secret: no refusal shows it, nor more of an address than the host. */
final class ChannelReader {
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final String NOT_SHOWN = "another text";
    private static final String WEBHOOK_PREFIX = "whsec_";
    private static final int SHORTEST_KEY = 24;
    private static final int LONGEST_KEY = 64;
    private static final int MOST_KEYS = 2;
    private static final Pattern TOKEN = Pattern.compile("xoxb-[A-Za-z0-9-]{1,300}");
    private static final Pattern SIGNING = Pattern.compile("[A-Za-z0-9]{16,128}");
    private static final Pattern ROUTING_KEY = Pattern.compile("[A-Za-z0-9]{32}");
    private static final Pattern ROOM = Pattern.compile("[CGD][A-Z0-9]{6,20}|#?[a-z0-9][a-z0-9._-]{0,79}");
    private static final Pattern SLACK_USER = Pattern.compile("[UW][A-Z0-9]{4,20}");
    private static final Pattern KEY = Pattern.compile("bly_[a-z0-9]{8,40}_[A-Za-z0-9_-]{43}");

    private final Fields spec;
    private final ChannelDocument.@Nullable Type type;

    private ChannelReader(Fields spec, ChannelDocument.@Nullable Type type) {
        this.spec = spec;
        this.type = type;
    }

    static @Nullable ChannelDocument read(String name, Place place) {
        Fields spec = place.object();
        String project = spec.take("project").name();
        ChannelDocument.Type type = spec.take("type").oneOf(Choices.of(ChannelDocument.Type.class));
        ChannelReader reader = new ChannelReader(spec, type);
        URI url = reader.url();
        String room = reader.room();
        ChannelDocument.Secrets secrets = reader.secrets();
        ChannelDocument.Hears hears = hears(spec);
        return spec.make(() -> new ChannelDocument(
                project, name, Require.nonNull(type, "type"), Require.nonNull(url, "url"), room, secrets, hears));
    }

    private @Nullable URI url() {
        Place place = spec.take("url");
        URI usual = type == null ? null : type.usual();
        return usual != null && !place.isGiven() ? usual : url(place);
    }

    private @Nullable String room() {
        Place place = of(ChannelDocument.Type.SLACK, "channel");
        if (type == ChannelDocument.Type.SLACK && !place.isGiven()) {
            place.refuse("is required");
        }
        String room = place.optionalText();
        if (room != null && !ROOM.matcher(room).matches()) {
            place.refuse("must be the id or name of a Slack channel, such as C024BE91L");
        }
        return room;
    }

    private ChannelDocument.Secrets secrets() {
        String token = secret(
                of(ChannelDocument.Type.SLACK, "token"), matches(TOKEN), "must be a bot token that begins with xoxb-");
        String signing = secret(
                of(ChannelDocument.Type.SLACK, "signingSecret"),
                matches(SIGNING),
                "must be a signing secret of 16 to 128 letters and digits");
        String routingKey = secret(
                of(ChannelDocument.Type.PAGERDUTY, "routingKey"),
                matches(ROUTING_KEY),
                "must be an integration key of 32 letters and digits");
        require(ChannelDocument.Type.SLACK, "token", token);
        require(ChannelDocument.Type.PAGERDUTY, "routingKey", routingKey);
        return new ChannelDocument.Secrets(token, signing, routingKey, webhookKeys(), people(signing));
    }

    private List<String> webhookKeys() {
        Place place = of(ChannelDocument.Type.WEBHOOK, "secrets");
        int count = place.each().size();
        if (type == ChannelDocument.Type.WEBHOOK && (count < 1 || count > MOST_KEYS)) {
            place.refuse("must be a list of one secret, or of two while one replaces the other", NOT_SHOWN);
            return List.of();
        }
        String rule =
                "must be " + WEBHOOK_PREFIX + " and the base64 of " + SHORTEST_KEY + " to " + LONGEST_KEY + " bytes";
        return place.isList() ? place.list(item -> secret(item, ChannelReader::isWebhookKey, rule)) : List.of();
    }

    /** Buttons are worth nothing without a way to know who pressed them. */
    private Map<String, String> people(@Nullable String signing) {
        Place place = of(ChannelDocument.Type.SLACK, "people");
        Map<String, String> people = new LinkedHashMap<>();
        if (place.isGiven() && !place.isObject()) {
            place.refuse("must be an object of Slack user ids and keys", NOT_SHOWN);
            return people;
        }
        place.entries().forEach((user, key) -> {
            String text = secret(key, matches(KEY), "must be the person's own key, bly_…");
            if (!SLACK_USER.matcher(user).matches()) {
                key.refuse("must stand under the id of a Slack user, such as U024BE7LH", NOT_SHOWN);
            } else if (text != null) {
                people.put(user, text);
            }
        });
        if (!people.isEmpty() && signing == null) {
            place.refuse("needs signingSecret beside it", people.size() + " people");
        }
        return people;
    }

    private void require(ChannelDocument.Type owner, String name, @Nullable String value) {
        Place place = spec.take(name);
        if (type == owner && value == null && !place.isGiven()) {
            place.refuse("is required");
        }
    }

    /** Returns a field of one type, refused when the channel is of another. */
    private Place of(ChannelDocument.Type owner, String name) {
        Place place = spec.take(name);
        if (type != null && type != owner && place.isGiven()) {
            place.refuse("belongs to type " + owner.text(), NOT_SHOWN);
        }
        return type == owner ? place : new Place(place.path(), null, new Refusals(0));
    }

    private static @Nullable String secret(Place place, Predicate<String> form, String rule) {
        if (!place.isGiven()) {
            return null;
        }
        if (!place.isText() || !form.test(place.text())) {
            place.refuse(rule, NOT_SHOWN);
            return null;
        }
        return place.text();
    }

    private static Predicate<String> matches(Pattern pattern) {
        return text -> pattern.matcher(text).matches();
    }

    private static boolean isWebhookKey(String text) {
        if (!text.startsWith(WEBHOOK_PREFIX)) {
            return false;
        }
        try {
            int length = Base64.getDecoder().decode(text.substring(WEBHOOK_PREFIX.length())).length;
            return length >= SHORTEST_KEY && length <= LONGEST_KEY;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static ChannelDocument.Hears hears(Fields spec) {
        ChannelDocument.Of of = spec.take("hears").optionalOneOf(Choices.of(ChannelDocument.Of.class));
        List<String> environments = spec.take("environments").list(Place::name);
        List<String> tags = spec.take("tags").list(Place::text);
        ChannelDocument.Severity severity =
                spec.take("severity").optionalOneOf(Choices.of(ChannelDocument.Severity.class));
        List<ChannelDocument.Quiet> quiet = spec.take("quiet").list(ChannelReader::quiet);
        return new ChannelDocument.Hears(
                of == null ? ChannelDocument.Of.NAMED : of, environments, tags, severity, quiet);
    }

    private static ChannelDocument.@Nullable Quiet quiet(Place place) {
        Fields fields = place.object();
        Place daysPlace = fields.take("days");
        List<DayOfWeek> days =
                daysPlace.isGiven() ? daysPlace.written(Days.RULE, Days::parse) : List.of(DayOfWeek.values());
        LocalTime from = time(fields.take("from"));
        Place toPlace = fields.take("to");
        LocalTime to = time(toPlace);
        if (from != null && from.equals(to)) {
            toPlace.refuse("must differ from " + from);
        }
        Place zonePlace = fields.take("zone");
        ZoneId zone = zonePlace.written("must be a time zone such as Europe/London or UTC", ZoneId::of);
        if (!zonePlace.isGiven()) {
            zonePlace.refuse("is required");
        }
        return fields.make(() -> new ChannelDocument.Quiet(
                Require.nonNull(days, "days"),
                Require.nonNull(from, "from"),
                Require.nonNull(to, "to"),
                Require.nonNull(zone, "zone")));
    }

    private static @Nullable LocalTime time(Place place) {
        if (!place.isGiven()) {
            place.refuse("is required");
        }
        return place.written("must be a time such as 22:00", LocalTime::parse);
    }

    private static @Nullable URI url(Place place) {
        if (!place.isText()) {
            place.refuse(place.isGiven() ? "must be text" : "is required", null);
            return null;
        }
        try {
            URI url = URI.create(place.text());
            if (isAllowed(url)) {
                return url;
            }
            place.refuse("must start with https:// and name a host", url.getScheme() + "://" + url.getHost());
        } catch (IllegalArgumentException e) {
            place.refuse("must be a URL", NOT_SHOWN);
        }
        return null;
    }

    /** Without encryption only to this machine, where tests and the demo listen. */
    private static boolean isAllowed(URI url) {
        String host = url.getHost();
        return host != null
                && url.getUserInfo() == null
                && ("https".equalsIgnoreCase(url.getScheme())
                        || ("http".equalsIgnoreCase(url.getScheme()) && THIS_MACHINE.contains(host)));
    }
}
