// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests.cluster;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import dev.belay.contracts.Json;
import dev.belay.standalone.distributed.Replica;

/** Sentry's side of the webhook: signs and sends one error at a time. */
public final class SentryHook {
    /** The client secret of the integration {@code web}. */
    static final String SECRET = "not-a-secret-but-long-enough";

    private static final String ALGORITHM = "HmacSHA256";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /**
     * Reports an error of somebody whose error the snippet has tagged.
     *
     * @return HTTP status
     */
    public int report(Replica edge, String id, String unit, String flag, String variant)
            throws IOException, InterruptedException {
        String body = Json.write(Map.of(
                "action",
                "created",
                "data",
                Map.of(
                        "error",
                        Map.of(
                                "event_id",
                                id,
                                "level",
                                "error",
                                "tags",
                                List.of(
                                        List.of("belay.unit", unit),
                                        List.of("belay.flag." + flag, variant),
                                        List.of("environment", Cluster.ENVIRONMENT))))));
        HttpRequest request = HttpRequest.newBuilder(URI.create(edge.url() + "/api/v1/sentry/web"))
                .header("Content-Type", "application/json")
                .header("Sentry-Hook-Resource", "error")
                .header("Sentry-Hook-Timestamp", Long.toString(Instant.now().getEpochSecond()))
                .header("Sentry-Hook-Signature", sign(body))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private static String sign(String body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has " + ALGORITHM, e);
        }
    }
}
