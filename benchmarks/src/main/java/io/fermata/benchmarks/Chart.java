package io.fermata.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A plot of figures as horizontal bars on a logarithmic scale, each with its spread, as an SVG
 * file.
 */
final class Chart {
  private static final int ROW = 26;
  private static final int LEFT = 250;
  private static final int WIDTH = 420;
  private static final int TOP = 56;

  private final String title;
  private final String unit;
  private final Map<String, Figure> rows = new LinkedHashMap<>();

  Chart(String title, String unit) {
    this.title = title;
    this.unit = unit;
  }

  /** Adds a bar, if the figure was measured. */
  Chart add(String label, Figure figure) {
    if (figure != null) {
      rows.put(label, figure);
    }
    return this;
  }

  /** Writes the file, unless there is nothing to show. */
  void write(Path file) throws IOException {
    if (rows.isEmpty()) {
      return;
    }
    double least = rows.values().stream().mapToDouble(Figure::min).min().orElseThrow();
    double most = rows.values().stream().mapToDouble(Figure::max).max().orElseThrow();
    int low = (int) Math.floor(Math.log10(least));
    int high = Math.max(low + 1, (int) Math.ceil(Math.log10(most)));
    int bottom = TOP + rows.size() * ROW;
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                + " font-family=\"sans-serif\" font-size=\"13\">%n"
                + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n"
                + "<text x=\"12\" y=\"24\" font-size=\"16\" font-weight=\"bold\">%s</text>%n"
                + "<text x=\"12\" y=\"42\" fill=\"#555\">%s, logarithmic; the line is the spread</text>%n",
            LEFT + WIDTH + 110,
            bottom + 36,
            title,
            unit));
    for (int power = low; power <= high; power++) {
      double x = LEFT + WIDTH * (double) (power - low) / (high - low);
      svg.append(
          String.format(
              Locale.ROOT,
              "<line x1=\"%1$.1f\" y1=\"%2$d\" x2=\"%1$.1f\" y2=\"%3$d\" stroke=\"#ddd\"/>%n"
                  + "<text x=\"%1$.1f\" y=\"%4$d\" text-anchor=\"middle\" fill=\"#555\">%5$s</text>%n",
              x,
              TOP - 4,
              bottom,
              bottom + 18,
              power < 0 ? "0." + "0".repeat(-power - 1) + "1" : "1" + "0".repeat(power)));
    }
    int y = TOP;
    for (Map.Entry<String, Figure> row : rows.entrySet()) {
      Figure figure = row.getValue();
      double end = x(figure.median(), low, high);
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n"
                  + "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"16\" fill=\"%s\"/>%n"
                  + "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"black\"/>%n"
                  + "<text x=\"%.1f\" y=\"%d\">%.2f</text>%n",
              LEFT - 8,
              y + 13,
              row.getKey(),
              LEFT,
              y,
              Math.max(1, end - LEFT),
              row.getKey().startsWith("Fermata") ? "#2a7f62" : "#9aa7b4",
              x(figure.min(), low, high),
              y + 8,
              x(figure.max(), low, high),
              y + 8,
              x(figure.max(), low, high) + 6,
              y + 13,
              figure.median()));
      y += ROW;
    }
    svg.append("</svg>\n");
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, svg.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static double x(double value, int low, int high) {
    return LEFT + WIDTH * (Math.log10(value) - low) / (high - low);
  }
}
