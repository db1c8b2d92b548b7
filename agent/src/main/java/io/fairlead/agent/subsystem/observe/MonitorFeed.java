package io.fairlead.agent.subsystem.observe;

import io.fairlead.agent.config.NearestMatch;
import io.fairlead.agent.history.Round;
import io.fairlead.agent.history.RoundReport;
import io.fairlead.agent.server.Feed;
import io.fairlead.agent.server.Json;
import io.fairlead.agent.server.MonitorReport;
import io.fairlead.agent.server.RefusedException;
import io.fairlead.agent.server.Request;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's events about what is fairlead's, and what it is called. Sockets are opened for each
 * client's time, and shared where several listen.
 */
final class MonitorFeed implements Feed {

  private static final String NFTABLES = "nftables";
  private static final String ROUTES = "routes";
  private static final String LINKS = "links";
  private static final String IPVS = "ipvs";
  private static final List<String> SOURCES = List.of(NFTABLES, ROUTES, LINKS, IPVS);

  private final Observed observed;

  MonitorFeed(Observed observed) {
    this.observed = observed;
  }

  @Override
  public AutoCloseable open(Request request, LineSink sink) throws RefusedException {
    String only = request.parameter("only");
    Set<String> wanted = wanted(only);
    NameBook book = observed.names();
    ElementNames names = new ElementNames(book);
    Consumer<Function<ElementNames, List<MonitorReport>>> teller =
        lines -> {
          var _ =
              observed
                  .loop()
                  .ask(view -> {
                    book.refresh(view);
                    lines.apply(names).forEach(line -> sink.line(Json.text(line)));
                    return true;
                  });
        };
    Deque<AutoCloseable> opened = new ArrayDeque<>();
    try {
      if (wanted.contains(NFTABLES)) {
        opened.push(TableEvents.open(teller));
      }
      if (wanted.contains(ROUTES) || wanted.contains(LINKS)) {
        opened.push(NetworkEvents.open(wanted.contains(ROUTES), wanted.contains(LINKS), teller));
      }
    } catch (IOException e) {
      closeAll(opened);
      throw new RefusedException("The kernel's events cannot be followed: " + e.getMessage());
    }
    if (wanted.contains(IPVS)) {
      opened.push(observed.loop().history().follow(round -> ipvs(round, names, sink)));
    }
    if (only != null && wanted.contains(IPVS)) {
      sink.line(
          Json.text(
              MonitorReport.note(
                  Instant.now().toString(),
                  IPVS,
                  "the kernel announces no changes of IPVS: only the agent's own are told")));
    }
    return () -> closeAll(opened);
  }

  private static void closeAll(Deque<AutoCloseable> opened) {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("closing what only listens cannot fail", e);
      }
    }
  }

  private static Set<String> wanted(@Nullable String only) throws RefusedException {
    if (only == null) {
      return Set.copyOf(SOURCES);
    }
    Set<String> wanted = new TreeSet<>();
    for (String word : only.split(",", -1)) {
      if (!SOURCES.contains(word)) {
        String nearest = NearestMatch.of(word, SOURCES);
        throw new RefusedException(
            "--only cannot be \""
                + word
                + "\". It is one or more of "
                + String.join(", ", SOURCES)
                + (nearest == null ? "" : ". Did you mean " + nearest + "?"));
      }
      wanted.add(word);
    }
    return wanted;
  }

  /** On the reconciling thread. */
  private static void ipvs(Round round, ElementNames names, LineSink sink) {
    RoundReport report = round.report();
    for (RoundReport.Step step : report.steps()) {
      for (String operation : step.operations()) {
        if (operation.contains("virtual server") || operation.contains("real server")) {
          int space = operation.indexOf(' ');
          sink.line(
              Json.text(
                  new MonitorReport(
                      report.time(),
                      IPVS,
                      operation.substring(0, space),
                      operation.substring(space + 1),
                      names.virtualServer(operation),
                      MonitorReport.FAIRLEAD)));
        }
      }
    }
  }
}
