package io.fairlead.agent.why;

import io.fairlead.agent.loop.ClusterView;
import io.fairlead.agent.loop.ReconcileLoop;
import io.fairlead.agent.server.Json;
import io.fairlead.agent.server.RefusedException;
import io.fairlead.agent.server.Reply;
import io.fairlead.agent.server.Request;
import io.fairlead.agent.server.Route;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code GET /why?source=…&destination=…&namespace=…} of the admin socket: the way on the
 * reconciling thread, and the connections that exist on another one, since looking for them goes
 * through all that the kernel tracks.
 */
public final class WhyRoutes {

  /** Connections told at most. */
  private static final int MOST_CONNECTIONS = 20;

  /** Gathers what is known, on the reconciling thread. */
  interface Facts {
    NodeFacts gather(ClusterView view, KernelFacts kernel) throws IOException;
  }

  private final ReconcileLoop loop;
  private final Facts facts;
  private final PartsOfKernel parts;

  WhyRoutes(ReconcileLoop loop, Facts facts, PartsOfKernel parts) {
    this.loop = loop;
    this.facts = facts;
    this.parts = parts;
  }

  /** What answers which path. */
  public Map<String, Route> routes() {
    return Map.of("/why", new Route.Eventual(this::answer));
  }

  private CompletionStage<Reply> answer(Request request) {
    return loop.ask(view -> walk(view, request))
        .thenApplyAsync(report -> Json.reply(withConnections(report)));
  }

  private WhyReport walk(ClusterView view, Request request) throws RefusedException, IOException {
    String source = wanted(request, "source");
    String destination = wanted(request, "destination");
    String namespace = given(request.parameter("namespace"), "default");
    Asked sender = Asked.parse(source, namespace);
    AskedDestination target = AskedDestination.parse(destination, namespace);
    try (SocketKernelFacts kernel = SocketKernelFacts.open(parts)) {
      return new Walk(facts.gather(view, kernel)).answer(sender, target, destination);
    }
  }

  private static String wanted(Request request, String name) throws RefusedException {
    String value = request.parameter(name);
    if (value == null || value.isEmpty()) {
      throw new RefusedException("The parameter " + name + " is missing");
    }
    return value;
  }

  private static String given(@Nullable String value, String otherwise) {
    return value == null || value.isEmpty() ? otherwise : value;
  }

  private static WhyReport withConnections(WhyReport report) {
    try {
      List<String> found = Connections.between(report, MOST_CONNECTIONS);
      return report.withConnections(found);
    } catch (IOException e) {
      return report.withConnections(List.of("connections cannot be told: " + e.getMessage()));
    }
  }
}
