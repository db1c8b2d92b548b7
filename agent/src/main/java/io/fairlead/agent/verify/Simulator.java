package io.fairlead.agent.verify;

import io.fairlead.agent.AdminRoutes;
import io.fairlead.agent.history.Effect;
import io.fairlead.agent.kube.ManifestException;
import io.fairlead.agent.kube.ManifestObject;
import io.fairlead.agent.kube.ManifestReader;
import io.fairlead.agent.loop.ClusterView;
import io.fairlead.agent.loop.Hypothesis;
import io.fairlead.agent.loop.ReconcileLoop;
import io.fairlead.agent.loop.Subsystem;
import io.fairlead.agent.server.Json;
import io.fairlead.agent.server.RefusedException;
import io.fairlead.agent.server.Reply;
import io.fairlead.agent.server.Request;
import io.fairlead.agent.server.Route;
import io.fairlead.agent.server.SimulationReport;
import io.fairlead.agent.server.SimulationReport.Change;
import io.fairlead.agent.server.SimulationReport.Connection;
import io.fairlead.agent.server.SimulationReport.Part;
import io.fairlead.agent.server.SimulationReport.SimulatedObject;
import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.evidence.Difference;
import io.fairlead.dataplane.model.ObjectChange;
import io.fairlead.dataplane.model.ObjectKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Answers what objects would change in the kernel, and changes nothing. It runs on the reconciling
 * thread, and costs a start over a right kernel: everything is rendered anew and read.
 */
public final class Simulator implements AdminRoutes {

  private final ReconcileLoop loop;
  private final Comparisons comparisons;
  private final Map<String, Simulated> subsystems = new LinkedHashMap<>();

  /** Of those of the loop's subsystems that can be simulated. */
  public Simulator(ReconcileLoop loop, List<Subsystem> all) {
    this.loop = loop;
    this.comparisons = new Comparisons(loop);
    for (Subsystem subsystem : all) {
      if (subsystem instanceof Simulated simulated) {
        subsystems.put(subsystem.name(), simulated);
      }
    }
  }

  @Override
  public Map<String, Route> adminRoutes() {
    return Map.of("/simulate", new Route.Posted(this::simulate));
  }

  private CompletionStage<Reply> simulate(Request request) {
    try {
      comparisons.requireApplied();
      String name = Objects.requireNonNullElse(request.parameter("name"), "the manifests");
      List<ManifestObject> objects =
          new ManifestReader().read(name, request.body().getBytes(StandardCharsets.UTF_8));
      if (objects.isEmpty()) {
        throw new RefusedException(
            name
                + " has no object that fairlead handles. Name Services, EndpointSlices,"
                + " NetworkPolicies, Namespaces, Pods or Nodes");
      }
      boolean delete = request.has("delete");
      return loop.ask(view -> simulate(view, objects, delete)).thenApply(Json::reply);
    } catch (ManifestException e) {
      return CompletableFuture.failedFuture(new RefusedException(String.valueOf(e.getMessage())));
    } catch (RefusedException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** On the reconciling thread. */
  private SimulationReport simulate(
      ClusterView view, List<ManifestObject> objects, boolean delete) {
    Hypothesis hypothesis = new Hypothesis(view);
    List<SimulatedObject> simulated = new ArrayList<>();
    for (ManifestObject object : objects) {
      simulated.add(put(object, delete, hypothesis));
    }
    List<Part> parts = new ArrayList<>();
    List<Connection> connections = new ArrayList<>();
    List<String> conflicts = new ArrayList<>();
    subsystems.forEach((name, subsystem) -> {
      try {
        Comparison now = subsystem.verify(view);
        Simulation then = subsystem.simulate(hypothesis.view());
        // What is wrong already is not what these objects would change.
        Comparison change = then.comparison().without(now.differences());
        parts.add(
            new Part(
                name,
                change.differences().stream().map(Simulator::change).toList(),
                then.connectionProblem()));
        connections.addAll(then.cut());
        conflicts.addAll(then.conflicts());
      } catch (IOException | RuntimeException e) {
        parts.add(new Part(name, List.of(), Verifier.sentence(name, e)));
      }
    });
    return new SimulationReport(simulated, parts, connections, conflicts);
  }

  private static SimulatedObject put(ManifestObject object, boolean delete, Hypothesis hypothesis) {
    ObjectChange change = delete ? ManifestReader.gone(object.id()) : object.change();
    boolean usable = delete || object.problems().isEmpty();
    String effect = change == null || !usable ? "left out" : text(hypothesis.apply(change));
    ObjectKey key = object.id().key();
    return new SimulatedObject(
        object.id().kind(),
        key.toString(),
        object.place(),
        effect,
        delete ? List.of() : object.problems());
  }

  private static String text(Effect effect) {
    return switch (effect) {
      case NONE -> "unchanged";
      case ADDED -> "added";
      case CHANGED -> "changed";
      case DELETED -> "removed";
    };
  }

  private static Change change(Difference difference) {
    String kind =
        switch (difference.kind()) {
          case MISSING -> "add";
          case EXTRA -> "remove";
          case DIFFERENT -> "change";
        };
    return new Change(kind, difference.place(), difference.found(), difference.wanted());
  }
}
