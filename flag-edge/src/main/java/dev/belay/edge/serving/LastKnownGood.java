// SPDX-License-Identifier: Apache-2.0
package dev.belay.edge.serving;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.belay.contracts.FlagRef;
import dev.belay.contracts.Json;
import dev.belay.contracts.Require;
import dev.belay.contracts.flags.FlagDefinition;
import dev.belay.contracts.flags.Segment;
import dev.belay.contracts.keys.ApiKey;
import dev.belay.contracts.rollbacks.RollbackTarget;
import dev.belay.contracts.rollouts.RolloutState;
import dev.belay.evaluation.ServedFlag;
import org.jspecify.annotations.Nullable;

/**
 * What an edge served last, and to whom, in three files of a folder: {@code flags.json} with rollouts and rollbacks, {@code
 * segments.json}, and {@code keys.json} with hashes of keys. A file is replaced as a whole or not at all.
 */
public final class LastKnownGood {
    private static final String FLAGS = "flags.json";
    private static final String SEGMENTS = "segments.json";
    private static final String KEYS = "keys.json";

    private static final Map<String, List<Integer>> NONE = Map.of();

    private final Path folder;

    private record Flag(
            String flag,
            @Nullable FlagDefinition definition,
            @Nullable RolloutState rollout,
            Map<String, Integer> out,
            @Nullable Map<String, List<Integer>> epochs) {
        /*
         * out holds the last epoch of each target, as it always did: a file of an earlier version has nothing else, and an
         * earlier version reads nothing else.
         */
        static Flag of(ServedFlag flag) {
            Map<String, Integer> last = new TreeMap<>();
            Map<String, List<Integer>> all = new TreeMap<>();
            flag.out().forEach((target, epochs) -> {
                last.put(target.text(), epochs.last());
                all.put(target.text(), List.copyOf(epochs));
            });
            return new Flag(flag.ref().key(), flag.definition(), flag.rollout(), last, all);
        }

        ServedFlag served() {
            ServedFlag served = new ServedFlag(FlagRef.parse(flag), definition, rollout, Map.of());
            for (Map.Entry<String, Integer> each : out.entrySet()) {
                served = served.without(RollbackTarget.parse(each.getKey()), each.getValue());
            }
            for (Map.Entry<String, List<Integer>> each : (epochs == null ? NONE : epochs).entrySet()) {
                for (int epoch : each.getValue()) {
                    served = served.without(RollbackTarget.parse(each.getKey()), epoch);
                }
            }
            return served;
        }
    }

    private record Flags(List<Flag> flags) {}

    private record Segments(List<Segment> segments) {}

    private record Keys(List<ApiKey> keys) {}

    /** @throws IllegalArgumentException if the folder cannot be made */
    public LastKnownGood(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new IllegalArgumentException("belay.edge.last-known-good must be a folder, was " + folder, e);
        }
    }

    /**
     * Returns the flags; empty when none were ever written.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it holds something else
     */
    public Optional<List<ServedFlag>> flags() throws IOException {
        Path file = folder.resolve(FLAGS);
        return Files.exists(file)
                ? Optional.of(Require.nonNull(read(file, Flags.class).flags(), FLAGS).stream()
                        .map(Flag::served)
                        .toList())
                : Optional.empty();
    }

    /**
     * Returns the records of the segments.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it holds something else
     */
    public List<Segment> segments() throws IOException {
        Path file = folder.resolve(SEGMENTS);
        return Files.exists(file) ? Require.nonNull(read(file, Segments.class).segments(), SEGMENTS) : List.of();
    }

    /**
     * Returns the keys; empty when none were ever written.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it holds something else
     */
    public Optional<List<ApiKey>> keys() throws IOException {
        Path file = folder.resolve(KEYS);
        return Files.exists(file)
                ? Optional.of(Require.nonNull(read(file, Keys.class).keys(), KEYS))
                : Optional.empty();
    }

    /** @throws IOException if the file cannot be written; the old one stays then */
    public void writeFlags(Collection<ServedFlag> flags) throws IOException {
        write(FLAGS, new Flags(flags.stream().map(Flag::of).toList()));
    }

    /** @throws IOException if the file cannot be written; the old one stays then */
    public void writeSegments(List<Segment> records) throws IOException {
        write(SEGMENTS, new Segments(records));
    }

    /** @throws IOException if the file cannot be written; the old one stays then */
    public void writeKeys(List<ApiKey> keys) throws IOException {
        write(KEYS, new Keys(keys));
    }

    private static <T> T read(Path file, Class<T> type) throws IOException {
        return Json.read(Files.readString(file), type);
    }

    private void write(String name, Object content) throws IOException {
        Path written = folder.resolve(name + ".new");
        ByteBuffer bytes = ByteBuffer.wrap(Json.write(content).getBytes(StandardCharsets.UTF_8));
        try (FileChannel file = FileChannel.open(
                written, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(true);
        }
        Files.move(written, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
