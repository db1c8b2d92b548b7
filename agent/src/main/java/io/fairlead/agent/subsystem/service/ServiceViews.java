package io.fairlead.agent.subsystem.service;

import io.fairlead.agent.config.ProxyMode;
import io.fairlead.agent.loop.ReconcileLoop;
import io.fairlead.agent.metrics.ServiceTraffic;
import io.fairlead.agent.server.EndpointsReport;
import io.fairlead.agent.server.Request;
import io.fairlead.agent.server.Route;
import io.fairlead.agent.server.Selection;
import io.fairlead.agent.server.ServicesReport;
import io.fairlead.agent.server.WatchedReport;
import io.fairlead.agent.source.ClusterSource;
import io.fairlead.agent.source.SkippedObject;
import io.fairlead.dataplane.service.AddressClaims;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers /services and /endpoints. What takes long is done away from the reconciling thread. */
final class ServiceViews {

  private final ReconcileLoop loop;
  private final AddressClaims claims;
  private final Supplier<ServiceInputs> inputs;
  private final Supplier<ProxyMode> serving;
  private final ServiceTraffic traffic;
  private final ClusterSource source;

  /**
   * @param claims looked at on the reconciling thread
   * @param inputs asked on the reconciling thread
   * @param serving the mode whose rules serve Services; asked by any thread
   * @param traffic read by any thread
   */
  ServiceViews(
      ReconcileLoop loop,
      AddressClaims claims,
      Supplier<ServiceInputs> inputs,
      Supplier<ProxyMode> serving,
      ServiceTraffic traffic,
      ClusterSource source) {
    this.loop = loop;
    this.claims = claims;
    this.inputs = inputs;
    this.serving = serving;
    this.traffic = traffic;
    this.source = source;
  }

  Map<String, Route> routes() {
    Map<String, Route> routes = new HashMap<>();
    routes.putAll(WatchedReport.routes("/services", this::services, () -> loop.status().rounds()));
    routes.putAll(
        WatchedReport.routes("/endpoints", this::endpoints, () -> loop.status().rounds()));
    return routes;
  }

  private CompletionStage<ServiceSnapshot> snapshot(Selection selection) {
    return loop.ask(view -> ServiceSnapshot.take(view, claims, inputs.get().node(), selection));
  }

  /** With the kernel's counters if the parameter {@code counters} is "true". */
  private CompletionStage<ServicesReport> services(Request request) {
    Selection selection = Selection.of(request);
    return snapshot(selection)
        .thenApplyAsync(snapshot ->
            ServiceReports.services(
                snapshot,
                serving.get().spelling(),
                request.has("counters") ? counters() : null,
                source.skipped().stream()
                    .filter(object -> isSelected(object, selection))
                    .toList()));
  }

  private static boolean isSelected(SkippedObject object, Selection selection) {
    String name = object.name();
    int slash = name.indexOf('/');
    return object.kind().equals("Service")
        && selection.includes(slash < 0 ? "" : name.substring(0, slash), name.substring(slash + 1));
  }

  private @Nullable List<ServiceTraffic.Counters> counters() {
    ProxyMode mode = serving.get();
    if (mode != ProxyMode.NFTABLES && mode != ProxyMode.IPVS) {
      return null;
    }
    List<ServiceTraffic.Counters> counters = new ArrayList<>();
    try {
      traffic.read(counters::add);
    } catch (IOException e) {
      throw new UncheckedIOException("The counters of Services cannot be read", e);
    }
    return counters;
  }

  private CompletionStage<EndpointsReport> endpoints(Request request) {
    return snapshot(Selection.of(request)).thenApplyAsync(ServiceReports::endpoints);
  }
}
