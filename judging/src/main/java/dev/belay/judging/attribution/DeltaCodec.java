// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.attribution;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

import dev.belay.judging.attribution.CellCounts.MetricCount;

/** Bytes of a {@link Delta} between the two halves of the watcher. */
public final class DeltaCodec {
    private static final int VERSION = 6;
    private static final int BEFORE_LATENESS = 5;
    private static final int BEFORE_VALUES = 4;
    private static final int BEFORE_COUNTERS = 3;
    private static final int BEFORE_SEGMENTS = 2;
    private static final int BEFORE_JOINS = 1;

    private DeltaCodec() {}

    public static byte[] write(Delta delta) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeUTF(delta.flagKey());
            out.writeInt(delta.epoch());
            out.writeByte(delta.bothArms());
            out.writeByte(delta.treated().size());
            for (Map.Entry<String, Integer> each : delta.treated().entrySet()) {
                out.writeUTF(each.getKey());
                out.writeByte(each.getValue());
            }
            out.writeShort(delta.cells().size());
            for (Map.Entry<Cell, CellCounts> each : delta.cells().entrySet()) {
                write(out, each.getKey());
                write(out, each.getValue());
            }
            writeJoins(out, delta.joins());
            write(out, delta.counted());
            out.writeBoolean(delta.isLate());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** @throws IllegalArgumentException if the bytes have another version or are cut off */
    public static Delta read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readByte();
            if (version < BEFORE_JOINS || version > VERSION) {
                throw new IllegalArgumentException(
                        "version of a delta must be at most " + VERSION + ", was " + version);
            }
            String flagKey = in.readUTF();
            int epoch = in.readInt();
            int bothArms = in.readByte();
            Map<String, Integer> treated = new LinkedHashMap<>();
            for (int left = in.readUnsignedByte(); left > 0; left--) {
                treated.put(in.readUTF(), (int) in.readByte());
            }
            Map<Cell, CellCounts> cells = new LinkedHashMap<>();
            for (int left = in.readUnsignedShort(); left > 0; left--) {
                cells.put(readCell(in, version > BEFORE_SEGMENTS), readCounts(in, version > BEFORE_VALUES));
            }
            Map<String, JoinCount> joins = version == BEFORE_JOINS ? Map.of() : readJoins(in);
            Map<Counted, Integer> counted = version > BEFORE_COUNTERS ? readCounted(in) : Map.of();
            boolean isLate = version > BEFORE_LATENESS && in.readBoolean();
            return new Delta(flagKey, epoch, cells, treated, bothArms, joins, counted, isLate);
        } catch (IOException e) {
            throw new IllegalArgumentException("a delta must be whole, was cut off", e);
        }
    }

    private static void writeJoins(DataOutputStream out, Map<String, JoinCount> joins) throws IOException {
        out.writeShort(joins.size());
        for (Map.Entry<String, JoinCount> each : joins.entrySet()) {
            out.writeUTF(each.getKey());
            out.writeLong(each.getValue().outcomes());
            out.writeLong(each.getValue().joined());
            String example = each.getValue().example();
            out.writeUTF(example == null ? "" : example);
        }
    }

    private static Map<String, JoinCount> readJoins(DataInputStream in) throws IOException {
        Map<String, JoinCount> joins = new LinkedHashMap<>();
        for (int left = in.readUnsignedShort(); left > 0; left--) {
            String event = in.readUTF();
            long outcomes = in.readLong();
            long joined = in.readLong();
            String example = in.readUTF();
            joins.put(event, new JoinCount(outcomes, joined, example.isEmpty() ? null : example));
        }
        return joins;
    }

    static void write(DataOutputStream out, Map<Counted, Integer> counted) throws IOException {
        out.writeShort(counted.size());
        for (Map.Entry<Counted, Integer> each : counted.entrySet()) {
            out.writeUTF(each.getKey().counter());
            out.writeLong(each.getKey().second());
            out.writeShort(each.getValue());
        }
    }

    static Map<Counted, Integer> readCounted(DataInputStream in) throws IOException {
        Map<Counted, Integer> counted = new LinkedHashMap<>();
        for (int left = in.readUnsignedShort(); left > 0; left--) {
            counted.put(new Counted(in.readUTF(), in.readLong()), (int) in.readShort());
        }
        return counted;
    }

    static void write(DataOutputStream out, Cell cell) throws IOException {
        out.writeInt(cell.allocation());
        out.writeUTF(cell.clause());
        out.writeUTF(cell.variant());
        out.writeInt(cell.band());
        String segment = cell.segment();
        out.writeUTF(segment == null ? "" : segment);
    }

    static Cell readCell(DataInputStream in, boolean hasSegment) throws IOException {
        Cell cell = new Cell(in.readInt(), in.readUTF(), in.readUTF(), in.readInt());
        String segment = hasSegment ? in.readUTF() : "";
        return segment.isEmpty() ? cell : cell.in(segment);
    }

    static void write(DataOutputStream out, CellCounts counts) throws IOException {
        out.writeLong(counts.exposed());
        out.writeByte(counts.metrics().size());
        for (Map.Entry<String, MetricCount> each : counts.metrics().entrySet()) {
            out.writeUTF(each.getKey());
            out.writeLong(each.getValue().cohort());
            out.writeLong(each.getValue().events());
        }
        out.writeShort(counts.values().size());
        for (Map.Entry<ValueKey, Long> each : counts.values().entrySet()) {
            out.writeUTF(each.getKey().metric());
            out.writeLong(each.getKey().slot());
            out.writeInt(each.getKey().bin());
            out.writeLong(each.getValue());
        }
    }

    static CellCounts readCounts(DataInputStream in, boolean hasValues) throws IOException {
        long exposed = in.readLong();
        Map<String, MetricCount> metrics = new LinkedHashMap<>();
        for (int left = in.readUnsignedByte(); left > 0; left--) {
            metrics.put(in.readUTF(), new MetricCount(in.readLong(), in.readLong()));
        }
        Map<ValueKey, Long> values = new TreeMap<>();
        for (int left = hasValues ? in.readUnsignedShort() : 0; left > 0; left--) {
            values.put(new ValueKey(in.readUTF(), in.readLong(), in.readInt()), in.readLong());
        }
        return new CellCounts(exposed, metrics, values);
    }
}
