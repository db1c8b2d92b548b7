package io.fairlead.agent.subsystem.observe;

import io.fairlead.agent.server.Feed;
import io.fairlead.agent.server.FlowReport;
import io.fairlead.agent.server.Json;
import io.fairlead.agent.server.RefusedException;
import io.fairlead.agent.server.Request;
import io.fairlead.agent.subsystem.policy.flow.DeniedFlow;
import io.fairlead.agent.subsystem.policy.flow.FlowWatch;
import io.fairlead.dataplane.netlink.conntrack.ConntrackMonitor;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Flows as they come: denied ones and, for who asks for all, a sample of the others. */
final class FlowFeed implements Feed {

  static final int DEFAULT_RATE = 50;
  static final int HIGHEST_RATE = 1000;

  private final Observed observed;

  FlowFeed(Observed observed) {
    this.observed = observed;
  }

  @Override
  public AutoCloseable open(Request request, LineSink sink) throws RefusedException {
    PodFilter pods = PodFilter.of(request.parameter("pod"));
    int rate = rate(request.parameter("rate"));
    boolean all = request.has("all");
    FlowWatch denied = observed.denied();
    if (denied == null && !all) {
      throw new RefusedException(
          "Policies are off here (network-policies is false), so nothing is denied. Ask for --all");
    }
    AutoCloseable sample = all ? sample(pods, rate, sink) : () -> {};
    AutoCloseable refusals =
        denied == null
            ? () -> {}
            : denied.follow(flow -> {
              FlowReport report = report(flow);
              if (pods.isMeant(report)) {
                sink.line(Json.text(report));
              }
            });
    return () -> {
      refusals.close();
      sample.close();
    };
  }

  private AutoCloseable sample(PodFilter pods, int rate, LineSink sink) throws RefusedException {
    Optional<String> obstacle = ConntrackMonitor.obstacle();
    if (obstacle.isPresent()) {
      throw new RefusedException("Allowed flows cannot be told: " + obstacle.get());
    }
    try {
      return ConnectionSample.open(observed, pods, rate, sink);
    } catch (IOException e) {
      throw new RefusedException("Allowed flows cannot be told: " + e.getMessage());
    }
  }

  private static int rate(@Nullable String word) throws RefusedException {
    if (word == null) {
      return DEFAULT_RATE;
    }
    int rate = word.matches("[0-9]{1,6}") ? Integer.parseInt(word) : 0;
    if (rate < 1 || rate > HIGHEST_RATE) {
      throw new RefusedException(
          "--rate cannot be \"" + word + "\". It is 1 to " + HIGHEST_RATE + " flows per second");
    }
    return rate;
  }

  private static FlowReport report(DeniedFlow flow) {
    return new FlowReport(
        flow.time(),
        FlowReport.DENIED,
        flow.direction(),
        end(flow.source()),
        end(flow.destination()),
        "",
        "",
        "",
        flow.protocol(),
        flow.policies(),
        flow.reason());
  }

  private static FlowReport.End end(DeniedFlow.End end) {
    return new FlowReport.End(end.address(), end.port(), end.pod());
  }
}
