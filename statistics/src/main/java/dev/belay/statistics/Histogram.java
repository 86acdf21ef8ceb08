// SPDX-License-Identifier: Apache-2.0
package dev.belay.statistics;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How many units had which value, in {@link LogBins}: what {@link MeanProcess} bets on, what {@link QuantileLimit} takes its
 * quantiles from, and what a cap is read off. Immutable; merging is addition, in any order, to the same counts.
 *
 * <p>Kept sparse: a metric spread over three decades has some 350 bins. As bytes about two for each bin.
 */
public final class Histogram {
    /** Nothing seen yet. */
    public static final Histogram EMPTY = new Histogram(new int[0], new long[0]);

    private static final int VARINT_BITS = 7;
    private static final int VARINT_MASK = 0x7f;
    private static final int LONGEST_VARINT = 10;

    /** Ascending. */
    private final int[] bins;
    /** Above 0. */
    private final long[] counts;

    private final long units;

    private Histogram(int[] bins, long[] counts) {
        this.bins = bins;
        this.counts = counts;
        long sum = 0;
        for (long count : counts) {
            sum = Math.addExact(sum, count);
        }
        units = sum;
    }

    /**
     * Returns the histogram with these counts, for instance read from a store.
     *
     * @param counts number of units by bin; bins and counts not negative
     * @throws IllegalArgumentException if a bin or a count is negative
     */
    public static Histogram of(Map<Integer, Long> counts) {
        SortedMap<Integer, Long> sorted = new TreeMap<>(counts);
        int size = (int) sorted.values().stream().filter(count -> count != 0).count();
        int[] bins = new int[size];
        long[] each = new long[size];
        int next = 0;
        for (Map.Entry<Integer, Long> entry : sorted.entrySet()) {
            Ranges.notNegative("bin", (long) entry.getKey());
            Ranges.notNegative("count of bin " + entry.getKey(), (long) entry.getValue());
            if (entry.getValue() != 0) {
                bins[next] = entry.getKey();
                each[next++] = entry.getValue();
            }
        }
        return new Histogram(bins, each);
    }

    /**
     * Returns the histogram of these values, one unit each.
     *
     * @throws IllegalArgumentException if a value is NaN or infinite
     */
    public static Histogram ofValues(double... values) {
        SortedMap<Integer, Long> counts = new TreeMap<>();
        for (double value : values) {
            counts.merge(LogBins.of(value), 1L, Long::sum);
        }
        return of(counts);
    }

    /** Returns the units of all together, in any order the same. */
    public static Histogram sum(Collection<Histogram> parts) {
        return parts.stream().reduce(EMPTY, Histogram::plus);
    }

    /** Returns this with one more unit. */
    public Histogram with(double value) {
        return plus(new Histogram(new int[] {LogBins.of(value)}, new long[] {1}));
    }

    /** Returns the units of both. */
    public Histogram plus(Histogram more) {
        return combine(more, 1);
    }

    /**
     * Returns this without units that were in it, for instance such as left the comparison.
     *
     * @throws IllegalArgumentException if they were not in it
     */
    public Histogram minus(Histogram less) {
        return combine(less, -1);
    }

    private Histogram combine(Histogram other, int sign) {
        int[] merged = new int[bins.length + other.bins.length];
        long[] sums = new long[merged.length];
        int mine = 0;
        int its = 0;
        int size = 0;
        while (mine < bins.length || its < other.bins.length) {
            int bin = Math.min(at(bins, mine), at(other.bins, its));
            long count = 0;
            if (at(bins, mine) == bin) {
                count = counts[mine++];
            }
            if (at(other.bins, its) == bin) {
                count += sign * other.counts[its++];
            }
            Ranges.notNegative("count of bin " + bin, count);
            if (count > 0) {
                merged[size] = bin;
                sums[size++] = count;
            }
        }
        return new Histogram(Arrays.copyOf(merged, size), Arrays.copyOf(sums, size));
    }

    private static int at(int[] numbers, int index) {
        return index < numbers.length ? numbers[index] : Integer.MAX_VALUE;
    }

    /** Returns how many units there are. */
    public long units() {
        return units;
    }

    /** Returns the number of units by bin, bins without any left out: what a store keeps. */
    public SortedMap<Integer, Long> counts() {
        SortedMap<Integer, Long> all = new TreeMap<>();
        for (int i = 0; i < bins.length; i++) {
            all.put(bins[i], counts[i]);
        }
        return all;
    }

    /**
     * Returns the value that a share of the units does not exceed, to 1 %.
     *
     * @param share in [0, 1]
     * @throws IllegalArgumentException if the share is out of its range
     * @throws IllegalStateException if there is no unit
     */
    public double quantile(double share) {
        return LogBins.value(quantileBin(share));
    }

    int quantileBin(double share) {
        Ranges.unit("share", share);
        if (units == 0) {
            throw new IllegalStateException("a histogram without units has no quantile");
        }
        double wanted = Math.max(1, Math.ceil(share * units));
        long sum = 0;
        for (int i = 0; i < bins.length; i++) {
            sum += counts[i];
            if (sum >= wanted) {
                return bins[i];
            }
        }
        return bins[bins.length - 1];
    }

    /** Returns how many units are in higher bins than this one. */
    long above(int bin) {
        long sum = 0;
        for (int i = bins.length - 1; i >= 0 && bins[i] > bin; i--) {
            sum += counts[i];
        }
        return sum;
    }

    /**
     * Returns number, sum and sum of squares of the values, each at most the cap: a function of the counts alone.
     *
     * @param cap greatest value counted, above 0; infinity for none
     */
    public Moments moments(double cap) {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < bins.length; i++) {
            double value = Math.min(LogBins.value(bins[i]), cap);
            sum += counts[i] * value;
            squares += counts[i] * value * value;
        }
        return new Moments(units, sum, squares);
    }

    int size() {
        return bins.length;
    }

    int bin(int index) {
        return bins[index];
    }

    long count(int index) {
        return counts[index];
    }

    /** Returns the counts as bytes, about two for each bin that has units; {@link #fromBytes} reads them. */
    public byte[] toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(2 * LONGEST_VARINT * (bins.length + 1));
        putVarint(bytes, bins.length);
        int before = 0;
        for (int i = 0; i < bins.length; i++) {
            putVarint(bytes, bins[i] - before);
            putVarint(bytes, counts[i]);
            before = bins[i];
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    /**
     * Returns the histogram that was written.
     *
     * @throws IllegalArgumentException if these are not the bytes of a histogram
     */
    public static Histogram fromBytes(byte[] written) {
        ByteBuffer bytes = ByteBuffer.wrap(written);
        try {
            int size = Math.toIntExact(varint(bytes));
            if (size < 0 || size > written.length) {
                throw new IllegalArgumentException("number of bins must fit the bytes, was " + size);
            }
            int[] bins = new int[size];
            long[] counts = new long[size];
            int before = 0;
            for (int i = 0; i < size; i++) {
                bins[i] = Math.addExact(before, Math.toIntExact(varint(bytes)));
                counts[i] = varint(bytes);
                if (counts[i] <= 0 || bins[i] < before || (i > 0 && bins[i] == before)) {
                    throw new IllegalArgumentException("bins must ascend and have units, were bin " + bins[i]
                            + " after " + before + " with " + counts[i]);
                }
                before = bins[i];
            }
            return new Histogram(bins, counts);
        } catch (BufferUnderflowException | ArithmeticException e) {
            throw new IllegalArgumentException("bytes must be those of a histogram, were " + written.length, e);
        }
    }

    private static void putVarint(ByteBuffer bytes, long number) {
        long rest = number;
        while ((rest & ~VARINT_MASK) != 0) {
            bytes.put((byte) (rest & VARINT_MASK | VARINT_MASK + 1));
            rest >>>= VARINT_BITS;
        }
        bytes.put((byte) rest);
    }

    private static long varint(ByteBuffer bytes) {
        long number = 0;
        for (int shift = 0; shift < Long.SIZE; shift += VARINT_BITS) {
            byte next = bytes.get();
            number |= (long) (next & VARINT_MASK) << shift;
            if (next >= 0) {
                return number;
            }
        }
        throw new IllegalArgumentException("numbers must have at most ten bytes");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Histogram that && Arrays.equals(bins, that.bins) && Arrays.equals(counts, that.counts);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(bins) + Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        return "Histogram" + counts();
    }
}
