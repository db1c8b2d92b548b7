package io.fairlead.agent.verify;

import io.fairlead.agent.AdminRoutes;
import io.fairlead.agent.loop.ReconcileLoop;
import io.fairlead.agent.loop.Subsystem;
import io.fairlead.agent.server.Json;
import io.fairlead.agent.server.RefusedException;
import io.fairlead.agent.server.Reply;
import io.fairlead.agent.server.Request;
import io.fairlead.agent.server.Route;
import io.fairlead.agent.server.VerifyReport;
import io.fairlead.agent.server.VerifyReport.Part;
import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.evidence.ForeignHook;
import io.fairlead.dataplane.evidence.ForeignHooks;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers whether the kernel is as it should be. It costs what an audit costs, and as much again
 * where something differs.
 */
public final class Verifier implements AdminRoutes {

  private static final Logger LOG = LoggerFactory.getLogger(Verifier.class);

  private final ReconcileLoop loop;
  private final Comparisons comparisons;
  private final HookReader hookReader;
  private final Map<String, Verifiable> subsystems = new LinkedHashMap<>();

  /** Of those of the loop's subsystems that can be verified. */
  public Verifier(ReconcileLoop loop, List<Subsystem> all) {
    this(loop, all, Verifier::readHooks);
  }

  /** Reads the chains of others; on the reconciling thread. */
  interface HookReader {
    List<ForeignHook> read() throws IOException;
  }

  Verifier(ReconcileLoop loop, List<Subsystem> all, HookReader hookReader) {
    this.loop = loop;
    this.hookReader = hookReader;
    this.comparisons = new Comparisons(loop);
    for (Subsystem subsystem : all) {
      if (subsystem instanceof Verifiable verifiable) {
        subsystems.put(subsystem.name(), verifiable);
      }
    }
  }

  @Override
  public Map<String, Route> adminRoutes() {
    // A path of its own for what changes something: GET of one is never mistaken for the other.
    return Map.of(
        "/verify", new Route.Eventual(this::verify),
        "/verify/repair", new Route.Posted(this::repair));
  }

  private CompletionStage<Reply> verify(Request request) {
    return answer(request, names -> report(names).thenApply(Json::reply));
  }

  private CompletionStage<Reply> repair(Request request) {
    return answer(
        request,
        names ->
            report(names)
                .thenCompose(before ->
                    audit()
                        .thenCompose(_ -> report(names))
                        .thenApply(after -> Json.reply(new VerifyReport.Repaired(before, after)))));
  }

  private interface Answer {
    CompletionStage<Reply> to(List<String> names);
  }

  private CompletionStage<Reply> answer(Request request, Answer answer) {
    try {
      comparisons.requireApplied();
      return answer.to(names(request.parameter("only")));
    } catch (RefusedException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private List<String> names(@Nullable String only) throws RefusedException {
    if (only == null || only.isBlank()) {
      return List.copyOf(subsystems.keySet());
    }
    List<String> asked = Arrays.stream(only.split(",", -1)).map(String::strip).toList();
    for (String name : asked) {
      if (!subsystems.containsKey(name)) {
        throw new RefusedException(
            "There is no subsystem \""
                + name
                + "\" to verify. There are "
                + String.join(", ", subsystems.keySet()));
      }
    }
    return subsystems.keySet().stream().filter(asked::contains).toList();
  }

  private CompletableFuture<Void> audit() {
    return loop.ask(
            _ -> {
              loop.requestAudit();
              return true;
            })
        .thenCompose(_ -> comparisons.settled());
  }

  private CompletableFuture<VerifyReport> report(List<String> names) {
    CompletableFuture<List<Part>> parts = CompletableFuture.completedFuture(List.of());
    for (String name : names) {
      parts = parts.thenCompose(before -> part(name).thenApply(part -> plus(before, part)));
    }
    return parts.thenCompose(all -> hooks().thenApply(hooks -> new VerifyReport(all, hooks)));
  }

  private static List<Part> plus(List<Part> before, Part part) {
    List<Part> all = new ArrayList<>(before);
    all.add(part);
    return all;
  }

  private CompletableFuture<Part> part(String name) {
    Verifiable subsystem = subsystems.get(name);
    if (subsystem == null) {
      return CompletableFuture.completedFuture(new Part(name, Map.of(), List.of(), ""));
    }
    return comparisons
        .compare(subsystem)
        .handle((comparison, failure) ->
            failure == null
                ? new Part(name, comparison.right(), comparison.differences(), "")
                : new Part(name, Comparison.NOTHING.right(), List.of(), sentence(name, failure)));
  }

  static String sentence(String name, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof RuntimeException) {
      LOG.error("Comparing {} failed unexpectedly; please report it", name, cause);
      return "comparing failed unexpectedly: " + cause;
    }
    return String.valueOf(cause.getMessage());
  }

  /** What others have is no reason not to tell of ours. */
  private CompletableFuture<List<ForeignHook>> hooks() {
    return loop.ask(_ -> {
      try {
        return hookReader.read();
      } catch (IOException e) {
        LOG.warn("Tables of others cannot be read: {}", e.getMessage());
        return List.of();
      }
    });
  }

  private static List<ForeignHook> readHooks() throws IOException {
    try (NfTablesSocket kernel = NfTablesSocket.open()) {
      return ForeignHooks.of(kernel);
    }
  }
}
