// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.watcher;

import java.util.List;

import org.apache.kafka.common.Metric;
import org.apache.kafka.streams.KafkaStreams;

/** How many records a running topology has read and written, by its own metrics. */
final class Progress {
    /*
     * Looking through all metrics costs time of a core that the topology needs: the few that matter are looked up
     * twice a second, because tasks come one by one, and are read more often.
     */
    private static final String CONSUMED = "records-consumed-total";
    private static final String PRODUCED = "records-produced-total";
    private static final long LOOK_NANOS = 500_000_000;

    private final KafkaStreams streams;
    private final List<String> sources;
    private final String repartitioned;
    private List<Metric> in = List.of();
    private List<Metric> written = List.of();
    private List<Metric> read = List.of();
    private long lookedAt;

    Progress(KafkaStreams streams, List<String> sources, String repartitioned) {
        this.streams = streams;
        this.sources = List.copyOf(sources);
        this.repartitioned = repartitioned;
    }

    /** Returns the records read of the sources. */
    double taken() {
        look();
        return sum(in);
    }

    /** Returns whether all that was written to the topic between the halves has been read. */
    boolean isPassedOn() {
        look();
        return sum(read) >= sum(written);
    }

    @Override
    public String toString() {
        return sum(in) + " read, " + sum(written) + " passed on, " + sum(read) + " taken over";
    }

    double all() {
        look();
        return sum(in) + sum(read);
    }

    private void look() {
        if (lookedAt != 0 && System.nanoTime() - lookedAt < LOOK_NANOS) {
            return;
        }
        lookedAt = System.nanoTime();
        in = sources.stream().flatMap(topic -> find(CONSUMED, topic).stream()).toList();
        written = find(PRODUCED, repartitioned);
        read = find(CONSUMED, repartitioned);
    }

    private List<Metric> find(String name, String topic) {
        return streams.metrics().values().stream()
                .<Metric>map(metric -> metric)
                .filter(metric -> metric.metricName().name().equals(name)
                        && metric.metricName().tags().containsValue(topic))
                .toList();
    }

    private static double sum(List<Metric> metrics) {
        return metrics.stream()
                .mapToDouble(metric -> metric.metricValue() instanceof Double value ? value : 0)
                .sum();
    }
}
