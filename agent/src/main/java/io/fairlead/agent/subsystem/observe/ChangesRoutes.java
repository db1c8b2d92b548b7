package io.fairlead.agent.subsystem.observe;

import io.fairlead.agent.history.ChangesReport;
import io.fairlead.agent.history.History;
import io.fairlead.agent.history.Round;
import io.fairlead.agent.history.RoundFilter;
import io.fairlead.agent.server.Feed;
import io.fairlead.agent.server.Json;
import io.fairlead.agent.server.RefusedException;
import io.fairlead.agent.server.Reply;
import io.fairlead.agent.server.Request;
import io.fairlead.agent.server.Route;
import java.util.Map;

/** What the last rounds did, and what those to come do. */
final class ChangesRoutes {

  private final String node;
  private final History history;

  ChangesRoutes(String node, History history) {
    this.node = node;
    this.history = history;
  }

  Map<String, Route> routes() {
    return Map.of(
        "/changes", new Route.Immediate(this::answer),
        "/changes/follow", new Route.Streamed(this::follow));
  }

  private Reply answer(Request request) {
    try {
      return Json.reply(
          new ChangesReport(
              node,
              history.rounds(filter(request)).stream().map(Round::report).toList(),
              history.forgotten()));
    } catch (RefusedException e) {
      return Reply.text(400, String.valueOf(e.getMessage()));
    }
  }

  /** Those that are kept first, if --since asks for them; a round may come twice, never not. */
  private AutoCloseable follow(Request request, Feed.LineSink sink) throws RefusedException {
    RoundFilter filter = filter(request);
    AutoCloseable following =
        history.follow(round -> {
          if (filter.test(round)) {
            sink.line(Json.text(round.report()));
          }
        });
    if (request.parameter("since") != null) {
      history.rounds(filter).forEach(round -> sink.line(Json.text(round.report())));
    }
    return following;
  }

  private static RoundFilter filter(Request request) throws RefusedException {
    try {
      return RoundFilter.of(
          request.parameter("since"),
          request.parameter("object"),
          request.parameter("subsystem"),
          Round.steadyNow());
    } catch (IllegalArgumentException e) {
      throw new RefusedException(String.valueOf(e.getMessage()));
    }
  }
}
