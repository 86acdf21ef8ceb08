// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.attribution;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.belay.judging.attribution.UnitState.SeenRollout;
import org.jspecify.annotations.Nullable;

/** Bytes of a {@link UnitState} in a state store. The first byte is the format's version. */
public final class UnitStateCodec {
    private static final int VERSION = 5;
    private static final int BEFORE_VALUES = 4;
    private static final int BEFORE_COUNTERS = 3;
    private static final int BEFORE_SEGMENTS = 2;

    private UnitStateCodec() {}

    public static byte[] write(UnitState unit) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeLong(unit.touchedAt());
            out.writeShort(unit.rollouts().size());
            for (SeenRollout seen : unit.rollouts()) {
                write(out, seen);
            }
            out.writeShort(unit.outcomes().size());
            for (Map.Entry<String, long[]> each : unit.outcomes().entrySet()) {
                out.writeUTF(each.getKey());
                write(out, each.getValue());
            }
            writeValues(out, unit.values());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** @throws IllegalArgumentException if the bytes have another version or are cut off */
    public static UnitState read(byte @Nullable [] bytes) {
        if (bytes == null) {
            return UnitState.EMPTY;
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readByte();
            if (version < BEFORE_SEGMENTS || version > VERSION) {
                throw new IllegalArgumentException("version of a stored unit must be " + VERSION + ", was " + version);
            }
            long touchedAt = in.readLong();
            List<SeenRollout> rollouts = new ArrayList<>();
            for (int left = in.readUnsignedShort(); left > 0; left--) {
                rollouts.add(readRollout(in, version));
            }
            Map<String, long[]> outcomes = new TreeMap<>();
            for (int left = in.readUnsignedShort(); left > 0; left--) {
                outcomes.put(in.readUTF(), readTimes(in));
            }
            Map<String, SortedMap<Long, Double>> values = version > BEFORE_VALUES ? readValues(in) : Map.of();
            return new UnitState(List.copyOf(rollouts), outcomes, values, touchedAt);
        } catch (IOException e) {
            throw new IllegalArgumentException("a stored unit must be whole, was cut off", e);
        }
    }

    /** Returns {@link UnitState#touchedAt} without reading the rest. */
    public static long touchedAt(byte[] bytes) {
        return ByteBuffer.wrap(bytes, Byte.BYTES, Long.BYTES).getLong();
    }

    private static void writeValues(DataOutputStream out, Map<String, SortedMap<Long, Double>> values)
            throws IOException {
        out.writeShort(values.size());
        for (Map.Entry<String, SortedMap<Long, Double>> each : values.entrySet()) {
            out.writeUTF(each.getKey());
            out.writeByte(each.getValue().size());
            for (Map.Entry<Long, Double> value : each.getValue().entrySet()) {
                out.writeLong(value.getKey());
                out.writeDouble(value.getValue());
            }
        }
    }

    private static Map<String, SortedMap<Long, Double>> readValues(DataInputStream in) throws IOException {
        Map<String, SortedMap<Long, Double>> values = new TreeMap<>();
        for (int left = in.readUnsignedShort(); left > 0; left--) {
            String key = in.readUTF();
            SortedMap<Long, Double> all = new TreeMap<>();
            for (int more = in.readUnsignedByte(); more > 0; more--) {
                all.put(in.readLong(), in.readDouble());
            }
            values.put(key, all);
        }
        return values;
    }

    private static void write(DataOutputStream out, SeenRollout seen) throws IOException {
        out.writeUTF(seen.flagKey());
        out.writeInt(seen.epoch());
        out.writeBoolean(seen.isBehind());
        out.writeShort(seen.visits().size());
        for (Visit visit : seen.visits()) {
            out.writeInt(visit.allocation());
            out.writeUTF(visit.clause());
            out.writeLong(visit.firstAt());
            Double bucket = visit.bucket();
            out.writeBoolean(bucket != null);
            if (bucket != null) {
                out.writeDouble(bucket);
            }
            write(out, visit.variants());
            out.writeByte(visit.dimensions().size());
            for (Map.Entry<String, String> each : visit.dimensions().entrySet()) {
                out.writeUTF(each.getKey());
                out.writeUTF(each.getValue());
            }
        }
        write(out, seen.counted());
    }

    private static SeenRollout readRollout(DataInputStream in, int version) throws IOException {
        String flagKey = in.readUTF();
        int epoch = in.readInt();
        boolean isBehind = in.readBoolean();
        List<Visit> visits = new ArrayList<>();
        for (int left = in.readUnsignedShort(); left > 0; left--) {
            int allocation = in.readInt();
            String clause = in.readUTF();
            long firstAt = in.readLong();
            Double bucket = in.readBoolean() ? in.readDouble() : null;
            SortedSet<String> variants = readNames(in);
            SortedMap<String, String> dimensions = version > BEFORE_SEGMENTS ? readDimensions(in) : new TreeMap<>();
            visits.add(new Visit(allocation, clause, firstAt, variants, bucket, dimensions));
        }
        return new SeenRollout(flagKey, epoch, List.copyOf(visits), readContribution(in, version), isBehind);
    }

    private static SortedMap<String, String> readDimensions(DataInputStream in) throws IOException {
        SortedMap<String, String> dimensions = new TreeMap<>();
        for (int left = in.readUnsignedByte(); left > 0; left--) {
            dimensions.put(in.readUTF(), in.readUTF());
        }
        return dimensions;
    }

    private static void write(DataOutputStream out, Contribution counted) throws IOException {
        out.writeShort(counted.cells().size());
        for (Map.Entry<Cell, CellCounts> each : counted.cells().entrySet()) {
            DeltaCodec.write(out, each.getKey());
            DeltaCodec.write(out, each.getValue());
        }
        write(out, counted.treated());
        out.writeByte(counted.bothArms());
        DeltaCodec.write(out, counted.counted());
    }

    private static Contribution readContribution(DataInputStream in, int version) throws IOException {
        Map<Cell, CellCounts> cells = new LinkedHashMap<>();
        for (int left = in.readUnsignedShort(); left > 0; left--) {
            cells.put(
                    DeltaCodec.readCell(in, version > BEFORE_SEGMENTS),
                    DeltaCodec.readCounts(in, version > BEFORE_VALUES));
        }
        SortedSet<String> treated = readNames(in);
        int bothArms = in.readByte();
        return new Contribution(
                cells, treated, bothArms, version > BEFORE_COUNTERS ? DeltaCodec.readCounted(in) : Map.of());
    }

    private static void write(DataOutputStream out, Collection<String> names) throws IOException {
        out.writeByte(names.size());
        for (String name : names) {
            out.writeUTF(name);
        }
    }

    private static SortedSet<String> readNames(DataInputStream in) throws IOException {
        SortedSet<String> names = new TreeSet<>();
        for (int left = in.readUnsignedByte(); left > 0; left--) {
            names.add(in.readUTF());
        }
        return names;
    }

    private static void write(DataOutputStream out, long[] times) throws IOException {
        out.writeByte(times.length);
        for (long time : times) {
            out.writeLong(time);
        }
    }

    private static long[] readTimes(DataInputStream in) throws IOException {
        long[] times = new long[in.readUnsignedByte()];
        for (int i = 0; i < times.length; i++) {
            times[i] = in.readLong();
        }
        return times;
    }
}
