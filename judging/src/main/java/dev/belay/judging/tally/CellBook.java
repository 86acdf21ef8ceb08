// SPDX-License-Identifier: Apache-2.0
package dev.belay.judging.tally;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.belay.judging.attribution.Cell;
import dev.belay.judging.attribution.CellCounts;
import dev.belay.judging.attribution.CellCounts.MetricCount;
import dev.belay.judging.attribution.Delta;
import dev.belay.judging.attribution.Segments;
import dev.belay.judging.judge.StratumId;

/**
 * The units of a rollout, by cell. It needs no plan, so it can count before the plan is known. Mutable; what changed since
 * the last {@link #takeChanges} can be stored piece by piece.
 */
public final class CellBook {
    private static final Comparator<Cell> ORDER = Comparator.comparingInt(Cell::allocation)
            .thenComparing(Cell::clause)
            .thenComparing(Cell::variant)
            .thenComparingInt(Cell::band)
            .thenComparing(Cell::segment, Comparator.nullsFirst(Comparator.naturalOrder()));
    private static final String UNITS = "units";
    private static final char SEPARATOR = '|';
    /** Before the segment; no name of a segment has it. */
    private static final char OF_SEGMENT = '\u0000';

    private final Map<StratumId, Map<Cell, CellState>> strata = new TreeMap<>();
    /** Values that are counted each, per dimension. */
    private final Map<String, Set<String>> segments = new TreeMap<>();

    private final Map<String, Long> treated = new TreeMap<>();
    private long bothArms;
    private final Set<String> changed = new LinkedHashSet<>();

    /** Adds a change. */
    public void add(Delta delta) {
        delta.cells().forEach((stated, counts) -> {
            Cell cell = counted(stated);
            state(cell).add(counts, delta.isLate());
            changed.add(key(cell));
        });
        delta.treated().forEach((variant, change) -> treated.merge(variant, (long) change, Long::sum));
        bothArms += delta.bothArms();
        if (!delta.treated().isEmpty() || delta.bothArms() != 0) {
            changed.add(UNITS);
        }
    }

    /**
     * Returns the cell that its units are counted in: once {@link Segments#MOST} values of a dimension have come, all others
     * are one segment. That is for ever, so that what was counted can be taken out again.
     */
    Cell counted(Cell cell) {
        String segment = cell.segment();
        if (segment == null || Segments.isOther(segment)) {
            return cell;
        }
        String dimension = Segments.dimension(segment);
        Set<String> known = segments.computeIfAbsent(dimension, any -> new TreeSet<>());
        if (known.contains(segment)) {
            return cell;
        }
        if (known.size() >= Segments.MOST) {
            return cell.in(Segments.of(dimension, Segments.OTHER));
        }
        known.add(segment);
        return cell;
    }

    /** Returns distinct units that saw a treatment, compared or not. */
    public long treated(String variant) {
        return treated.getOrDefault(variant, 0L);
    }

    /** Returns units that saw several arms within one stratum. */
    public long bothArms() {
        return bothArms;
    }

    Set<StratumId> strata() {
        return strata.keySet();
    }

    Map<Cell, CellState> cells(StratumId stratum) {
        return strata.getOrDefault(stratum, Map.of());
    }

    void markChanged(Cell cell) {
        changed.add(key(cell));
    }

    /** Returns the keys of what changed since the last call; {@link #value} has the bytes. */
    public Set<String> takeChanges() {
        Set<String> all = new LinkedHashSet<>(changed);
        changed.clear();
        return all;
    }

    /** Returns the bytes stored under a key. */
    public byte[] value(String key) {
        if (key.equals(UNITS)) {
            return units().write();
        }
        Cell cell = cell(key);
        return state(cell).write();
    }

    /**
     * Puts back what was stored.
     *
     * @throws IllegalArgumentException if the bytes cannot be read
     */
    public void restore(String key, byte[] bytes) {
        CellState state = CellState.read(bytes);
        if (key.equals(UNITS)) {
            bothArms = state.exposed();
            state.metrics().forEach(variant -> treated.put(variant, state.cohort(variant)));
            return;
        }
        Cell cell = counted(cell(key));
        strata.computeIfAbsent(StratumId.of(cell), any -> new TreeMap<>(ORDER)).put(cell, state);
    }

    /** The totals over all strata in the shape of a cell: units in several arms as exposed, treated units as cohorts. */
    private CellState units() {
        Map<String, MetricCount> byVariant = new TreeMap<>();
        treated.forEach((variant, count) -> byVariant.put(variant, new MetricCount(count, 0)));
        CellState units = new CellState();
        units.add(new CellCounts(bothArms, byVariant), false);
        return units;
    }

    private CellState state(Cell cell) {
        return strata.computeIfAbsent(StratumId.of(cell), any -> new TreeMap<>(ORDER))
                .computeIfAbsent(cell, any -> new CellState());
    }

    private static String key(Cell cell) {
        String segment = cell.segment();
        return "" + cell.allocation() + SEPARATOR + cell.band() + SEPARATOR + cell.variant() + SEPARATOR + cell.clause()
                + (segment == null ? "" : OF_SEGMENT + segment);
    }

    private static Cell cell(String key) {
        int end = key.lastIndexOf(OF_SEGMENT);
        String[] parts = (end < 0 ? key : key.substring(0, end)).split("\\|", 4);
        Cell cell = new Cell(Integer.parseInt(parts[0]), parts[3], parts[2], Integer.parseInt(parts[1]));
        return end < 0 ? cell : cell.in(key.substring(end + 1));
    }
}
