// SPDX-License-Identifier: Apache-2.0
package dev.belay.systemtests.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.belay.standalone.distributed.Replica;

/**
 * One POST over a connection that is open already: {@link #say} returns when the request is with the operating system, so that
 * the moment of sending is known and waits for no other thread.
 */
final class Line implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Socket socket;
    private final byte[] request;

    Line(Replica replica, String key, String path, String json) throws IOException {
        this.socket = new Socket(InetAddress.getLoopbackAddress(), replica.port());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        this.request = ("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: Bearer "
                        + key + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n"
                        + json)
                .getBytes(StandardCharsets.UTF_8);
    }

    void say() throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(request);
        out.flush();
    }

    /** Waits for the answer and returns its HTTP status. */
    int answer() throws IOException {
        String text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String[] words = text.split(" ", 3);
        if (words.length < 3) {
            throw new IOException("an answer without a status: " + text);
        }
        return Integer.parseInt(words[1]);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
