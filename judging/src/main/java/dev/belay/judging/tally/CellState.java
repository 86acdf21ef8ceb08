// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.tally;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

import dev.belay.judging.attribution.CellCounts;
import dev.belay.judging.attribution.ValueKey;

/** Units of a cell so far, and how many of them are in blocks already. Mutable. */
final class CellState {
    private static final int VERSION = 3;
    private static final int BEFORE_LATENESS = 2;
    private static final int BEFORE_VALUES = 1;

    private long exposed;
    private long exposedInBlocks;
    private final Map<String, Metric> metrics = new TreeMap<>();
    /** Units by value that are not final yet. */
    private final NavigableMap<ValueKey, Long> open = new TreeMap<>();
    /** First slot that is not in a block, by metric: what changes before is too late. */
    private final Map<String, Long> openFrom = new TreeMap<>();

    /** Counts of one metric. */
    static final class Metric {
        private long cohort;
        private long events;
        private long eventsInBlocks;
        /** Events that came, also those that were taken out again. */
        private long arrived;

        private long late;

        void arrive(long events, boolean isLate) {
            arrived += Math.max(0, events);
            late += isLate ? Math.max(0, events) : 0;
        }
    }

    /** @param isLate whether it came too long after it happened */
    void add(CellCounts change, boolean isLate) {
        exposed += change.exposed();
        change.metrics().forEach((name, count) -> {
            Metric metric = metrics.computeIfAbsent(name, any -> new Metric());
            metric.cohort += count.cohort();
            metric.events += count.events();
            metric.arrive(count.events(), isLate);
        });
        change.values().forEach((key, count) -> {
            boolean isOpen = key.slot() >= openFrom.getOrDefault(key.metric(), Long.MIN_VALUE);
            if (isOpen) {
                open.merge(key, count, Long::sum);
                open.remove(key, 0L);
            }
            if (key.bin() > 0) {
                metrics.computeIfAbsent(key.metric(), any -> new Metric()).arrive(count, !isOpen);
            }
        });
    }

    /** Adds the units to {@code sum}, by bin, whose values of a metric are final before a slot. */
    void addFinal(String metric, long slot, Map<Integer, Long> sum) {
        upTo(metric, slot).forEach((key, count) -> sum.merge(key.bin(), count, Long::sum));
    }

    /** Notes that they are in a block; returns whether there were any. */
    boolean putFinalInBlock(String metric, long slot) {
        NavigableMap<ValueKey, Long> done = upTo(metric, slot);
        boolean any = !done.isEmpty();
        done.clear();
        openFrom.merge(metric, slot, Math::max);
        return any;
    }

    private NavigableMap<ValueKey, Long> upTo(String metric, long slot) {
        return open.subMap(new ValueKey(metric, Long.MIN_VALUE, 0), true, new ValueKey(metric, slot, 0), false);
    }

    /** Returns whether the cell has units whose values of a metric are final before a slot. */
    boolean hasFinal(String metric, long slot) {
        return upTo(metric, slot).values().stream().anyMatch(count -> count > 0);
    }

    Set<String> metrics() {
        return metrics.keySet();
    }

    long exposed() {
        return exposed;
    }

    /** Returns units that no block knows; negative when some that one knows were taken out again. */
    long newlyExposed() {
        return exposed - exposedInBlocks;
    }

    long cohort(String metric) {
        Metric found = metrics.get(metric);
        return found == null ? 0 : found.cohort;
    }

    long events(String metric) {
        Metric found = metrics.get(metric);
        return found == null ? 0 : found.events;
    }

    /** Returns events that no block knows; negative when some that one knows were taken out again. */
    long newEvents(String metric) {
        Metric found = metrics.get(metric);
        return found == null ? 0 : found.events - found.eventsInBlocks;
    }

    /** Returns events that some block knows. */
    long eventsInBlocks(String metric) {
        Metric found = metrics.get(metric);
        return found == null ? 0 : found.eventsInBlocks;
    }

    /** Returns events that came. */
    long arrived(String metric) {
        Metric found = metrics.get(metric);
        return found == null ? 0 : found.arrived;
    }

    /** Returns those of them that came too late. */
    long late(String metric) {
        Metric found = metrics.get(metric);
        return found == null ? 0 : found.late;
    }

    void putExposedInBlock() {
        exposedInBlocks = exposed;
    }

    void putEventsInBlock(String metric) {
        Metric found = metrics.get(metric);
        if (found != null) {
            found.eventsInBlocks = found.events;
        }
    }

    byte[] write() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeLong(exposed);
            out.writeLong(exposedInBlocks);
            out.writeByte(metrics.size());
            for (Map.Entry<String, Metric> each : metrics.entrySet()) {
                out.writeUTF(each.getKey());
                out.writeLong(each.getValue().cohort);
                out.writeLong(each.getValue().events);
                out.writeLong(each.getValue().eventsInBlocks);
                out.writeLong(each.getValue().arrived);
                out.writeLong(each.getValue().late);
            }
            out.writeInt(open.size());
            for (Map.Entry<ValueKey, Long> each : open.entrySet()) {
                out.writeUTF(each.getKey().metric());
                out.writeLong(each.getKey().slot());
                out.writeInt(each.getKey().bin());
                out.writeLong(each.getValue());
            }
            out.writeByte(openFrom.size());
            for (Map.Entry<String, Long> each : openFrom.entrySet()) {
                out.writeUTF(each.getKey());
                out.writeLong(each.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** @throws IllegalArgumentException if the bytes have another version or are cut off */
    static CellState read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readByte();
            if (version < BEFORE_VALUES || version > VERSION) {
                throw new IllegalArgumentException("version of a stored cell must be " + VERSION + ", was " + version);
            }
            CellState state = new CellState();
            state.exposed = in.readLong();
            state.exposedInBlocks = in.readLong();
            for (int left = in.readUnsignedByte(); left > 0; left--) {
                Metric metric = new Metric();
                state.metrics.put(in.readUTF(), metric);
                metric.cohort = in.readLong();
                metric.events = in.readLong();
                metric.eventsInBlocks = in.readLong();
                metric.arrived = version > BEFORE_LATENESS ? in.readLong() : Math.max(0, metric.events);
                metric.late = version > BEFORE_LATENESS ? in.readLong() : 0;
            }
            if (version > BEFORE_VALUES) {
                for (int left = in.readInt(); left > 0; left--) {
                    state.open.put(new ValueKey(in.readUTF(), in.readLong(), in.readInt()), in.readLong());
                }
                for (int left = in.readUnsignedByte(); left > 0; left--) {
                    state.openFrom.put(in.readUTF(), in.readLong());
                }
            }
            return state;
        } catch (IOException e) {
            throw new IllegalArgumentException("a stored cell must be whole, was cut off", e);
        }
    }
}
