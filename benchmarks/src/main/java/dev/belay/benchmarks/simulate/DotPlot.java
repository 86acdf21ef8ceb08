// SPDX-License-Identifier: Apache-2.0
package dev.belay.benchmarks.simulate;

import java.util.List;
import java.util.Locale;

/**
 * Dots in rows over a logarithmic axis, as SVG.
 *
 * @param title what is shown
 * @param least left end of the axis; less is drawn there
 * @param most right end of the axis; more is drawn there
 * @param rows one for each rule
 */
record DotPlot(String title, double least, double most, List<Row> rows) {
    private static final int LEFT = 300;
    private static final int WIDTH = 620;
    private static final int TOP = 50;
    private static final int ROW = 24;
    private static final int BASE = 10;

    /**
     * A dot.
     *
     * @param value where it is
     * @param label what it is
     */
    record Dot(double value, String label) {}

    /**
     * A row.
     *
     * @param label what it is
     * @param dots its dots
     * @param mark where a bar stands
     */
    record Row(String label, List<Dot> dots, double mark) {}

    String svg() {
        int height = TOP + ROW * (rows.size() + 1);
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                        + " font-family=\"sans-serif\" font-size=\"12\">%n",
                LEFT + WIDTH + ROW,
                height,
                LEFT + WIDTH + ROW,
                height));
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        text(svg, ROW, ROW, "start", title);
        for (double tick = least; tick <= most * (1 + 1e-9); tick *= BASE) {
            line(svg, x(tick), TOP - ROW / 2.0, x(tick), height - ROW, "#dddddd", 1);
            text(svg, x(tick), height - ROW / 3.0, "middle", tick(tick));
        }
        for (int i = 0; i < rows.size(); i++) {
            row(svg, rows.get(i), TOP + ROW * (i + 0.5));
        }
        return svg.append("</svg>\n").toString();
    }

    private void row(StringBuilder svg, Row row, double y) {
        text(svg, LEFT - ROW / 2.0, y + ROW / 6.0, "end", row.label());
        line(svg, x(row.mark()), y - ROW / 3.0, x(row.mark()), y + ROW / 3.0, "#c0392b", 2);
        for (Dot dot : row.dots()) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"#2c6fbb\" fill-opacity=\"0.6\"><title>%s:"
                            + " %.3g</title></circle>%n",
                    x(dot.value()),
                    y,
                    escaped(dot.label()),
                    dot.value()));
        }
    }

    private double x(double value) {
        double clamped = Math.max(least, Math.min(most, value));
        return LEFT + WIDTH * Math.log(clamped / least) / Math.log(most / least);
    }

    private static String tick(double value) {
        return value < 1 ? String.format(Locale.ROOT, "%.2g", value) : String.format(Locale.ROOT, "%.0f", value);
    }

    private static void line(
            StringBuilder svg, double x1, double y1, double x2, double y2, String colour, int thickness) {
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%d\"/>%n",
                x1,
                y1,
                x2,
                y2,
                colour,
                thickness));
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"#222222\">%s</text>%n",
                x,
                y,
                anchor,
                escaped(text)));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
