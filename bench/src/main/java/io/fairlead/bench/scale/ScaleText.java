package io.fairlead.bench.scale;

import java.util.List;
import java.util.Locale;

/** The model as Markdown. */
final class ScaleText {

  private static final double[] RATES = {0.1, 1, 10};
  private static final int[] SLICES = {2, 10, 100};

  private ScaleText() {}

  static String of(ScaleModel model) {
    StringBuilder text = new StringBuilder();
    ModelCluster cluster = model.cluster();
    text.append(
        String.format(
            Locale.ROOT,
            "%d nodes, %d Services of %s endpoints, %d pods, %s changes per second of"
                + " EndpointSlices with %d endpoints.%n%n",
            cluster.nodes(),
            cluster.services(),
            number(cluster.endpoints()),
            cluster.pods(),
            number(cluster.changesPerSecond()),
            cluster.changedSlice()));
    inputs(model.inputs(), text);
    table("The API servers", model.servers(), text);
    table("Each node, with fairlead", model.node(), text);
    if (!model.rivals().isEmpty()) {
      table("Each node, with kube-proxy's rules", model.rivals(), text);
    }
    sensitivity(model, text);
    return text.toString();
  }

  private static void inputs(Inputs inputs, StringBuilder text) {
    text.append("| Input | | From |\n|---|---|---|\n");
    text.append("| watch event of a Service, B | ")
        .append(inputs.bytes().service())
        .append(" | the API server double, now |\n");
    text.append("| watch event of an EndpointSlice by endpoints, B | ")
        .append(inputs.bytes().text())
        .append(" | the API server double, now |\n");
    for (Input input : inputs.all()) {
      text.append("| ").append(input.what()).append(" | ");
      text.append(input.isMissing() ? "?" : number(input.orNaN()) + " " + input.unit());
      text.append(" | ").append(input.from()).append(" |\n");
    }
    text.append('\n');
  }

  private static void table(String title, List<Estimate> estimates, StringBuilder text) {
    text.append("| ").append(title).append(" | | How |\n|---|---|---|\n");
    for (Estimate estimate : estimates) {
      text.append("| ").append(estimate.what()).append(" | ");
      text.append(number(estimate.value())).append(' ').append(estimate.unit());
      text.append(" | ").append(estimate.how()).append(" |\n");
    }
    text.append('\n');
  }

  private static void sensitivity(ScaleModel model, StringBuilder text) {
    text.append("| Changes per second | endpoints in the slice | sent by all servers, Gbit/s |");
    text.append(" received by a node, Mbit/s | processor for changes, % of a core |\n");
    text.append("|---|---|---|---|---|\n");
    for (double factor : RATES) {
      for (int size : SLICES) {
        ModelCluster cluster =
            model
                .cluster()
                .withChanges(model.cluster().changesPerSecond() * factor)
                .withChangedSlice(size);
        ScaleModel other = new ScaleModel(cluster, model.inputs());
        text.append("| ").append(number(cluster.changesPerSecond()));
        text.append(" | ").append(size);
        text.append(" | ").append(number(other.sent(other.slicesReceived())));
        text.append(" | ").append(number(other.slicesReceived() * 8 / 1e6));
        text.append(" | ").append(number(other.processorOfChanges())).append(" |\n");
      }
    }
  }

  /** Three digits that count; "?" for what cannot be known. */
  static String number(double value) {
    if (Double.isNaN(value)) {
      return "?";
    }
    if (Double.isInfinite(value)) {
      return "without end";
    }
    double size = Math.abs(value);
    String format =
        size >= 100 || value == Math.rint(value) ? "%.0f" : size >= 10 ? "%.1f" : "%.3g";
    return String.format(Locale.ROOT, format, value);
  }
}
