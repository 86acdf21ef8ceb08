// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A table in Markdown. */
public final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    /** @param headings one for each column */
    public Table(String... headings) {
        rows.add(List.of(headings));
        rows.add(Collections.nCopies(headings.length, "---"));
    }

    /** @throws IllegalArgumentException if there are more or fewer cells than columns */
    public Table row(String... cells) {
        if (cells.length != rows.get(0).size()) {
            throw new IllegalArgumentException(
                    "cells must be as many as columns, " + rows.get(0).size() + ", was " + cells.length);
        }
        rows.add(List.of(cells));
        return this;
    }

    public String text() {
        StringBuilder text = new StringBuilder();
        rows.forEach(row -> text.append("| ").append(String.join(" | ", row)).append(" |\n"));
        return text.toString();
    }
}
