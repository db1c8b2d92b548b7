package io.fairlead.agent.subsystem;

import io.fairlead.agent.loop.ReconcileLoop;
import io.fairlead.agent.server.NodesReport;
import io.fairlead.agent.server.Request;
import io.fairlead.agent.server.RoutesReport;
import io.fairlead.agent.server.Selection;
import io.fairlead.agent.server.WatchedReport;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.netlink.route.RouteKernel;
import io.fairlead.overlay.Overlay;
import io.fairlead.overlay.OverlayStatus;
import io.fairlead.overlay.OverlayWish;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Answers /nodes and /routes. The kernel is read away from the reconciling thread. */
final class OverlayViews implements AutoCloseable {

  private final String nodeName;
  private final ReconcileLoop loop;
  private final Overlay overlay;
  private final RouteKernel reading;

  /**
   * @param overlay looked at on the reconciling thread
   * @param reading of the same network namespace; owned by this object
   */
  OverlayViews(String nodeName, ReconcileLoop loop, Overlay overlay, RouteKernel reading) {
    this.nodeName = nodeName;
    this.loop = loop;
    this.overlay = overlay;
    this.reading = reading;
  }

  Map<String, io.fairlead.agent.server.Route> routes() {
    Map<String, io.fairlead.agent.server.Route> routes = new HashMap<>();
    routes.putAll(WatchedReport.routes("/nodes", this::nodes, () -> loop.status().rounds()));
    // What others do to the kernel is in no round.
    routes.putAll(WatchedReport.routes("/routes", this::entries, System::nanoTime));
    return routes;
  }

  /** What only the reconciling thread may look at. */
  private record Moment(List<NodeRecord> nodes, OverlayWish wish, OverlayStatus status) {}

  private CompletionStage<NodesReport> nodes(Request request) {
    Selection selection = Selection.of(request);
    return loop.ask(view ->
            new Moment(
                view.nodes().stream().filter(node -> selection.includes(node.name())).toList(),
                overlay.wish(),
                overlay.status()))
        .thenApplyAsync(moment ->
            OverlayReports.nodes(nodeName, moment.nodes(), moment.wish(), moment.status()));
  }

  private CompletionStage<RoutesReport> entries(Request request) {
    Selection selection = Selection.of(request);
    return loop.ask(_ -> overlay.wish())
        .thenApplyAsync(wish ->
            new RoutesReport(
                nodeName,
                compare(wish).stream()
                    .filter(one -> selection.includes(one.node()))
                    .map(OverlayReports::entry)
                    .toList()));
  }

  private List<OverlayWish.Comparison> compare(OverlayWish wish) {
    synchronized (reading) {
      try {
        return wish.compare(reading);
      } catch (IOException e) {
        throw new UncheckedIOException("The kernel's routes cannot be read", e);
      }
    }
  }

  @Override
  public void close() {
    synchronized (reading) {
      reading.close();
    }
  }
}
