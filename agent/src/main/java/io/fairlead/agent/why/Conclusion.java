package io.fairlead.agent.why;

import io.fairlead.agent.why.WhyReport.Verdict;
import java.util.List;

/** The verdict in one sentence. Pure. */
record Conclusion(Verdict verdict, String sentence) {

  static Conclusion of(Packet packet, String asked, List<Step> steps, List<Way> ways) {
    String who = packet.source() + " (" + packet.sourceAddress() + ")";
    String target =
        asked
            + (asked.contains(packet.destination().toString()) ? "" : " (" + packet.target() + ")");
    for (Step step : steps) {
      if (step.isEnd()) {
        return stops(who, target, step);
      }
    }
    List<Way> ended = ways.stream().filter(way -> way.end() != null).toList();
    if (ended.size() == ways.size()) {
      Step end = ended.getFirst().end();
      return end == null ? reaches(who, target, steps, ways) : stops(who, target, end);
    }
    if (!ended.isEmpty()) {
      Step end = ended.getFirst().end();
      return new Conclusion(
          Verdict.PARTLY,
          who
              + " reaches only "
              + (ways.size() - ended.size())
              + " of "
              + ways.size()
              + " endpoints of "
              + target
              + ": "
              + (end == null ? "" : end.sentence()));
    }
    return reaches(who, target, steps, ways);
  }

  private static Conclusion stops(String who, String target, Step end) {
    return new Conclusion(Verdict.STOPS, who + " does not reach " + target + ": " + end.sentence());
  }

  private static Conclusion reaches(String who, String target, List<Step> steps, List<Way> ways) {
    for (Step step : steps) {
      if (step.outcome() == Step.Outcome.DOUBTFUL) {
        return doubtful(who, target, step);
      }
    }
    for (Way way : ways) {
      Step doubt = way.doubt();
      if (doubt != null) {
        return doubtful(who, target, doubt);
      }
    }
    boolean isService = steps.stream().anyMatch(step -> step.stage() == Stage.ENDPOINTS);
    return new Conclusion(
        Verdict.REACHES,
        who
            + " reaches "
            + target
            + (isService
                ? ways.size() == 1
                    ? ", by its only endpoint"
                    : ", by any of " + ways.size() + " endpoints"
                : ""));
  }

  private static Conclusion doubtful(String who, String target, Step step) {
    return new Conclusion(
        Verdict.DOUBTFUL, who + " may not reach " + target + ": " + step.sentence());
  }
}
