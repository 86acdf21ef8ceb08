// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.simulate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.belay.benchmarks.simulate.Cell.Purpose;

/** Draws what a simulation found. */
final class Plots {
    private static final double PERCENT = 100;
    private static final double COMPLETE = 0.995;

    private final Results results;

    Plots(Results results) {
        this.results = results;
    }

    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("detection-false-rollbacks.svg"), falseRollbacks());
        Files.writeString(folder.resolve("detection-harmed.svg"), harmed());
    }

    private String falseRollbacks() {
        List<DotPlot.Row> rows = new ArrayList<>();
        for (Contestant contestant : Results.participants(Purpose.FALSE_ROLLBACK)) {
            rows.add(new DotPlot.Row(
                    contestant.title(),
                    Cells.falseRollbacks().stream()
                            .map(cell -> new DotPlot.Dot(
                                    PERCENT * results.tally(cell, contestant).share(), cell.name()))
                            .toList(),
                    PERCENT * contestant.level()));
        }
        return new DotPlot(
                        "False rollbacks where nothing changes, percent of the rollouts; a dot for each cell, a bar at"
                                + " the level the rule claims",
                        0.1,
                        100,
                        rows)
                .svg();
    }

    private String harmed() {
        List<DotPlot.Row> rows = new ArrayList<>();
        for (Contestant contestant : Results.participants(Purpose.HARM)) {
            List<DotPlot.Dot> dots = Cells.harms().stream()
                    .filter(cell -> results.tally(cell, contestant).share() >= COMPLETE)
                    .map(cell -> new DotPlot.Dot(results.overBound(cell, contestant), cell.name()))
                    .toList();
            rows.add(new DotPlot.Row(contestant.title(), dots, 1));
        }
        return new DotPlot(
                        "Mean treated users until the rollback, as a multiple of the least that any test of the level"
                                + " needs; a dot for each cell in which the rule always fired",
                        0.01,
                        100,
                        rows)
                .svg();
    }
}
